"""Saved web pages: trafilatura finds the main text and the metadata, this module only writes its tree down as lines."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from corpus.dates import find_date
from corpus.errors import SourceError
from corpus.loaders.extract import Extract, headed
from corpus.loaders.markdown import BULLET
from corpus.loaders.table import table_text

if TYPE_CHECKING:
    from lxml.etree import _Element
    from lxml.html import HtmlElement

_PARTS_OF_A_PAGE = "//article|//main|//nav|//header|//footer|//aside|//*[@role='main' or @role='navigation']"
_MODIFIED = (
    "//meta[@property='article:modified_time' or @property='og:updated_time' or @itemprop='dateModified']/@content"
    "|//time[@itemprop='dateModified']/@datetime"
)
_BLOCKS = frozenset({"p", "head", "quote", "code", "list", "table", "div", "ab", "fw"})
_NO_TEXT = "is a web page without any main text; save the article itself, not its frame"


def parse_html(page: str) -> Extract:
    """Main text and metadata of `page` as it states them; raises SourceError when it holds no text."""
    tree = _tree(page)
    language, updated = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang"), _updated(tree)
    found = _extract(tree)
    text = "\n\n".join(block for block in _blocks(found.body) if block)
    if not text:
        raise SourceError(_NO_TEXT)
    title = _line(found.title or "")
    return Extract(
        text=headed(title, text),
        title=title or None,
        published=_published(found.date),
        publisher=_line(found.sitename or "") or None,
        url=_line(found.url or "") or None,
        author=_line(found.author or "").replace("; ", ", ") or None,
        updated=updated,
        language=language,
    )


def _updated(tree: HtmlElement) -> date | None:
    """When the page's own mark-up says it was last changed."""
    stated = tree.xpath(_MODIFIED)
    return find_date(str(stated[0])) if isinstance(stated, list) and stated else None


def _extract(tree: HtmlElement) -> Any:  # noqa: ANN401 - trafilatura ships no types
    """What trafilatura makes of a page: `.body` is an element tree, the metadata are strings or None."""
    import trafilatura  # a slow import that only web pages need
    from lxml.etree import LxmlError
    from trafilatura.settings import use_config

    for name in ("trafilatura", "htmldate"):
        # Without a handler their remarks on a bad page would go to standard error, which is the command line's.
        logging.getLogger(name).addHandler(logging.NullHandler())
    config = use_config()
    # A short notice is an article too: the library would throw its structure away below 250 characters.
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", "0")
    try:
        found = trafilatura.bare_extraction(
            tree,
            config=config,
            with_metadata=True,
            include_comments=False,
            include_formatting=True,
            # The date of publication as the page's own mark-up gives it, never one met in the running text.
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
    except (LxmlError, ValueError, RecursionError):
        found = None
    if found is None or found.body is None:
        raise SourceError(_NO_TEXT)
    return found


def _tree(page: str) -> HtmlElement:
    """`page` parsed; the body of a page without parts becomes one article, or the library would guess which part is.

    Raises SourceError where there is nothing to parse.
    """
    from trafilatura.utils import load_html

    # The library turns away fragments whose beginning does not say that they are HTML.
    tree = load_html(page if "<html" in page[:5000].lower() else f"<html><body>{page}</body></html>")
    if tree is None:
        raise SourceError(_NO_TEXT)
    body = tree.find(".//body")
    if body is not None and not tree.xpath(_PARTS_OF_A_PAGE):
        article = body.makeelement("article")
        article.text, body.text = body.text, None
        article.extend(list(body))
        body.append(article)
    return tree


def _published(found: str | None) -> date | None:
    """The date in what htmldate returns."""
    return find_date(found) if found else None


def _blocks(element: _Element) -> Iterator[str]:
    """The blocks of text below `element`, in order."""
    loose = [element.text or ""]
    for child in element:
        if child.tag in _BLOCKS:
            yield _prose("".join(loose))
            loose = [child.tail or ""]
            yield from _block(child)
        else:
            loose.append(_inline(child) + (child.tail or ""))
    yield _prose("".join(loose))


def _block(element: _Element) -> Iterator[str]:
    """The text of one block element: a list or a table is one block of several lines."""
    match element.tag:
        case "list":
            yield "\n".join(_items(element))
        case "table":
            yield _table(element)
        case "code":
            yield "".join(str(part) for part in element.itertext()).strip("\n")
        case _:
            yield from _blocks(element)


def _table(element: _Element) -> str:
    """A table as lines; it has headers where all cells of its first full row are marked as such."""
    rows = [
        [(_line(_inline(cell)), cell.get("role") == "head") for cell in row.iter("cell")] for row in element.iter("row")
    ]
    full = next((row for row in rows if sum(1 for words, _ in row if words) > 1), [])
    heads = [head for words, head in full if words]
    return table_text([[words for words, _ in row] for row in rows], header=True if heads and all(heads) else None)


def _items(element: _Element) -> Iterator[str]:
    """The items of a list and of the lists inside it, a line each."""
    numbered = element.get("rend") == "ol"
    for number, item in enumerate(element.iterchildren("item"), start=1):
        marker = f"{number}. " if numbered else BULLET
        inner = list(item.iter("list"))
        own = (item.text or "") + "".join(
            ("" if child.tag == "list" else _inline(child)) + (child.tail or "") for child in item
        )
        if words := _line(own):
            yield marker + words
        if inner:
            yield from _items(inner[0])


def _inline(element: _Element) -> str:
    """The words of an inline element; a line break is a line end."""
    if element.tag == "lb":
        return "\n"
    return (element.text or "") + "".join(_inline(child) + (child.tail or "") for child in element)


def _prose(text: str) -> str:
    """`text` with the white space of the page's source taken out; its line breaks stay."""
    lines = (_line(line) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def _line(text: str) -> str:
    """`text` on one line."""
    return " ".join(text.split())
