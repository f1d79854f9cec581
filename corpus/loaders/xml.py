"""XML parts of office files and books: parsed without entities, without the network, and never deeper than is sane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.errors import SourceError

if TYPE_CHECKING:
    from lxml.etree import _Element

DC = "{http://purl.org/dc/elements/1.1/}"


def parse_xml(data: bytes, name: str) -> _Element:
    """The root of the XML in `data`, which is the part `name` of a file; raises SourceError."""
    from lxml import etree

    if b"<!ENTITY" in data[:65536]:
        raise SourceError(f"defines entities of its own in {name}, as files do that blow up when they are read")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise SourceError(f"has a damaged part {name} ({' '.join(str(error).split())}); save it again") from None
    if root is None:
        raise SourceError(f"has an empty part {name}; save it again")
    return root


def words_at(root: _Element, path: str) -> str | None:
    """The words of the first element at `path`, on one line; None where there are none."""
    found = root.find(path)
    words = " ".join("".join(str(part) for part in found.itertext()).split()) if found is not None else ""
    return words or None
