"""Books: the chapters in the order of the spine as one text, the metadata of the package file."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote

from corpus.dates import find_date
from corpus.errors import SourceError
from corpus.loaders.extract import Extract
from corpus.loaders.limits import Limits
from corpus.loaders.markup import tree_text
from corpus.loaders.unpack import open_zip, read_member
from corpus.loaders.xml import DC, parse_xml, words_at

if TYPE_CHECKING:
    from lxml.etree import _Element

_CONTAINER = "META-INF/container.xml"
_NAMES = "{urn:oasis:names:tc:opendocument:xmlns:container}"
_ROOTFILE = f"{_NAMES}rootfiles/{_NAMES}rootfile"
_OPF = "{http://www.idpf.org/2007/opf}"
_PAGES = frozenset({"application/xhtml+xml", "text/html"})


def parse_epub(data: bytes, limits: Limits) -> Extract:
    """Text, title, author, publisher, language and dates of the book in `data`; raises SourceError."""
    with open_zip(data, limits) as archive:
        rootfile = parse_xml(read_member(archive, _CONTAINER, limits.text_bytes), _CONTAINER).find(_ROOTFILE)
        path = rootfile.get("full-path") if rootfile is not None else None
        if not path:
            raise SourceError(f"names no package file in {_CONTAINER}; save the book again")
        package = parse_xml(read_member(archive, path, limits.text_bytes), path)
        chapters = [_chapter(archive, name, limits) for name in _spine(package, posixpath.dirname(path), archive)]
    text = "\n\n".join(chapter for chapter in chapters if chapter)
    stated = f"{_OPF}metadata/{DC}"
    modified = package.find(f"{_OPF}metadata/{_OPF}meta[@property='dcterms:modified']")
    return Extract(
        text,
        title=words_at(package, f"{stated}title"),
        author=words_at(package, f"{stated}creator"),
        publisher=words_at(package, f"{stated}publisher"),
        language=words_at(package, f"{stated}language"),
        published=find_date((words_at(package, f"{stated}date") or "")[:10]),
        updated=find_date((modified.text or "")[:10]) if modified is not None else None,
    )


def _spine(package: _Element, folder: str, archive: zipfile.ZipFile) -> Iterator[str]:
    """The names of the chapters in the order of reading; the list of contents is none."""
    items = {}
    for item in package.iterfind(f"{_OPF}manifest/{_OPF}item"):
        if item.get("media-type") in _PAGES and "nav" not in (item.get("properties") or "").split():
            items[item.get("id")] = unquote(item.get("href") or "")
    there = set(archive.namelist())
    taken = set()
    for reference in package.iterfind(f"{_OPF}spine/{_OPF}itemref"):
        name = posixpath.normpath(posixpath.join(folder, items.get(reference.get("idref"), "")))
        if name in there and name not in taken:
            taken.add(name)
            yield name


def _chapter(archive: zipfile.ZipFile, name: str, limits: Limits) -> str:
    from lxml import etree, html

    page = read_member(archive, name, limits.text_bytes)
    if b"<!ENTITY" in page[:65536]:
        raise SourceError(f"defines entities of its own in {name}, as files do that blow up when they are read")
    if not page.strip():
        return ""
    try:
        # Chapters are XHTML, but often not quite: the parser for HTML takes both.
        tree = html.document_fromstring(page, parser=html.HTMLParser(encoding="utf-8", no_network=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ""
    body = tree.find("body")
    return tree_text(body if body is not None else tree)
