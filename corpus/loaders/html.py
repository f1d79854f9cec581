"""Saved web pages: trafilatura finds the main text and the metadata, this module only writes its tree down as lines."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from corpus.dates import find_date
from corpus.errors import SourceError
from corpus.loaders.extract import Extract
from corpus.loaders.markdown import BULLET, CELL_GAP

if TYPE_CHECKING:
    from lxml.etree import _Element
    from lxml.html import HtmlElement

_PARTS_OF_A_PAGE = "//article|//main|//nav|//header|//footer|//aside|//*[@role='main' or @role='navigation']"
_BLOCKS = frozenset({"p", "head", "quote", "code", "list", "table", "div", "ab", "fw"})
_NO_TEXT = "is a web page without any main text; save the article itself, not its frame"


def parse_html(page: str) -> Extract:
    """Main text, title, date, site name and canonical address of `page`; raises SourceError when it holds no text."""
    found = _extract(page)
    text = "\n\n".join(block for block in _blocks(found.body) if block)
    if not text:
        raise SourceError(_NO_TEXT)
    title = _line(found.title or "")
    if title and f" {title} " not in f" {_line(text[: 4 * len(title) + 400])} ":
        text = f"{title}\n\n{text}"
    return Extract(
        text=text,
        title=title or None,
        published=_published(found.date),
        publisher=_line(found.sitename or "") or None,
        url=_line(found.url or "") or None,
    )


def _extract(page: str) -> Any:  # noqa: ANN401 - trafilatura ships no types
    """What trafilatura makes of `page`: `.body` is an element tree, the metadata are strings or None."""
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
            _tree(page),
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
            rows = ([_line(_inline(cell)) for cell in row.iter("cell")] for row in element.iter("row"))
            yield "\n".join(CELL_GAP.join(cells) for cells in rows if any(cells))
        case "code":
            yield "".join(str(part) for part in element.itertext()).strip("\n")
        case _:
            yield from _blocks(element)


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
