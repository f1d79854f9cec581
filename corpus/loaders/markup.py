"""A tree of HTML without a frame to take off (a chapter of a book) as lines; everything that is shown is kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from corpus.loaders.markdown import BULLET
from corpus.loaders.table import table_text

if TYPE_CHECKING:
    from lxml.etree import _Element

_SILENT = frozenset({"script", "style", "head", "template", "noscript", "svg", "math", "iframe", "object"})
_BLOCKS = frozenset(
    {"p", "div", "section", "article", "main", "header", "footer", "aside", "nav", "figure", "figcaption", "blockquote"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "dt", "dd", "li", "table", "pre", "hr", "body", "html"}
    | {"address", "details", "summary", "form", "fieldset", "center"}
)


def tree_text(element: _Element) -> str:
    """The text of `element`, its blocks separated by blank lines."""
    return "\n\n".join(block for block in _blocks(element) if block)


def _blocks(element: _Element) -> Iterator[str]:
    loose = [element.text or ""]
    for child in element:
        tag = _tag(child)
        if tag in _BLOCKS:
            yield _prose("".join(loose))
            loose = []
            yield from _block(child, tag)
        elif tag not in _SILENT:
            if any(_tag(inner) in _BLOCKS for inner in child.iterdescendants()):
                yield _prose("".join(loose))
                loose = []
                yield from _blocks(child)
            else:
                loose.append(_inline(child))
        loose.append(child.tail or "")
    yield _prose("".join(loose))


def _block(element: _Element, tag: str) -> Iterator[str]:
    """The text of one block: a list and a table are one block of several lines."""
    if tag in ("ul", "ol"):
        yield "\n".join(_items(element, tag))
    elif tag == "table":
        rows = [list(_cells(row)) for row in element.iter("tr")]
        heads = [head for words, head in rows[0] if words] if rows else []
        yield table_text([[words for words, _ in row] for row in rows], header=True if heads and all(heads) else None)
    elif tag == "pre":
        yield "".join(str(part) for part in element.itertext()).strip("\n")
    else:
        yield from _blocks(element)


def _items(element: _Element, tag: str) -> Iterator[str]:
    number = 0
    for item in element:
        if _tag(item) != "li":
            continue
        number += 1
        marker = f"{number}. " if tag == "ol" else BULLET
        inner = [child for child in item if _tag(child) in ("ul", "ol")]
        own = (item.text or "") + "".join(
            ("" if child in inner else _inline(child) + " ") + (child.tail or "") for child in item
        )
        if words := " ".join(own.split()):
            yield marker + words
        for nested in inner:
            yield from _items(nested, _tag(nested))


def _cells(row: _Element) -> Iterator[tuple[str, bool]]:
    """The words of each cell of a row, and whether it is a header; one that spans columns stands in each."""
    for cell in row:
        tag = _tag(cell)
        if tag in ("td", "th"):
            spanned = cell.get("colspan", "1")
            times = min(int(spanned), 20) if spanned.isascii() and spanned.isdigit() and len(spanned) < 4 else 1
            words = " ".join(_inline(cell).split())
            yield from [(words, tag == "th")] * max(1, times)


def _inline(element: _Element) -> str:
    """The words below an element; a line break is a line end."""
    if _tag(element) == "br":
        return "\n"
    parts = [element.text or ""]
    for child in element:
        if _tag(child) not in _SILENT:
            gap = " " if _tag(child) in _BLOCKS else ""
            parts.append(gap + _inline(child) + gap)
        parts.append(child.tail or "")
    return "".join(parts) if isinstance(element.tag, str) else ""


def _tag(element: _Element) -> str:
    """The element's name without its namespace; comments and the like have none and are silent."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else "script"


def _prose(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)
