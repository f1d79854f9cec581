"""What a build keeps of each article so that the folder can be looked at as a whole without reading it again."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from corpus.repetition import REPETITION_VERSION, Edge, Page, Role, cores, digest, edges
from corpus.story import STORY_VERSION, Story, story_of
from corpus.types import Document, Span

RULES = f"repetition-v{REPETITION_VERSION}/story-v{STORY_VERSION}"
"""Traits made by other rules are made again."""

_EDGE = struct.Struct("<IIQB")
_EDGES = np.dtype([("start", "<u4"), ("end", "<u4"), ("line", "<u8"), ("marks", "u1")])
"""The same, for reading many at once."""
_COLUMNS = 8
_SPAN = struct.Struct("<II")
_HASH = struct.Struct("<Q")
_HEAD, _FOOT, _TITULAR = 4, 8, 16
_ROLE = 3


class TraitsDamagedError(Exception):
    """The traits of a document, whose source it names, are missing or not what was kept."""


@dataclass(frozen=True, slots=True)
class Traits:
    """The traits of one article, which follow from its text, its labels and `repeated` alone."""

    site: int
    """Hash of its publisher, else of its site, else of its folder."""
    edges: tuple[Edge, ...]
    cores: frozenset[int]
    story: Story
    repeated: tuple[Span, ...]
    """The lines that it was cut without, because they stand in many articles."""

    @property
    def lines(self) -> frozenset[int]:
        """The lines of it that would be furniture if they repeated."""
        return frozenset(edge.line for edge in self.edges if edge.role is Role.LINE)

    @property
    def page(self) -> Page:
        """What counting needs of it."""
        return Page(self.site, self.lines, self.cores)


def traits_of(document: Document, repeated: Sequence[Span] = ()) -> Traits:
    """The traits of `document`, cut without the lines at `repeated`."""
    return Traits(
        site=_site(document),
        edges=edges(document.text),
        cores=cores(document.text),
        story=story_of(document.text, document.title, repeated),
        repeated=tuple(repeated),
    )


def _site(document: Document) -> int:
    """Whose page it is, as far as is known."""
    host = ""
    try:
        host = urlsplit(document.url).hostname or "" if document.url else ""
    except ValueError:  # an address that is none, as a page may give
        host = ""
    name = document.publisher or host or PurePosixPath(document.source).parent.as_posix()
    return digest(name)


def pack(traits: Traits) -> tuple[bytes, ...]:
    """As a row keeps them: repeated, site, edges, cores, story's key, story's words, story's sketch, seal."""
    columns = (
        b"".join(_SPAN.pack(span.start, span.end) for span in traits.repeated),
        _HASH.pack(traits.site),
        b"".join(_packed(edge) for edge in traits.edges),
        b"".join(_HASH.pack(core) for core in sorted(traits.cores)),
        traits.story.key,
        _HASH.pack(traits.story.words),
        b"".join(_HASH.pack(shingle) for shingle in traits.story.sketch),
    )
    return (*columns, seal(columns))


def unpack(columns: Sequence[bytes]) -> Traits | None:
    """The traits of a row, None where it is not what was kept."""
    if not is_whole(columns):
        return None
    repeated, _, ends, _, key, words, sketch, _ = columns
    return Traits(
        site=site_of(columns),
        edges=tuple(_edge(*numbers) for numbers in _EDGE.iter_unpack(ends)),
        cores=cores_of(columns),
        story=Story(key, _HASH.unpack(words)[0], tuple(shingle for (shingle,) in _HASH.iter_unpack(sketch))),
        repeated=tuple(Span(start, end) for start, end in _SPAN.iter_unpack(repeated)),
    )


def site_of(columns: Sequence[bytes]) -> int:
    """The site of a row, without unpacking the rest."""
    site: int = _HASH.unpack(columns[1])[0]
    return site


def cores_of(columns: Sequence[bytes]) -> frozenset[int]:
    """The cores of a row, without unpacking the rest."""
    return frozenset(core for (core,) in _HASH.iter_unpack(columns[3]))


def story_of_row(columns: Sequence[bytes]) -> bytes:
    """The key of the story of a row, without unpacking the rest."""
    return columns[4]


def lines_of(columns: Sequence[bytes]) -> NDArray[np.uint64]:
    """The lines of a row that would be furniture if they repeated (`Traits.lines`), without unpacking the rest."""
    found = np.frombuffer(columns[2], dtype=_EDGES) if columns[2] else np.empty(0, dtype=_EDGES)
    lines: NDArray[np.uint64] = found["line"][found["marks"] & _ROLE == Role.LINE]
    return lines


def is_whole(columns: Sequence[bytes]) -> bool:
    """Whether a row is what was kept; what SQLite gives as anything but bytes is damaged."""
    return (
        len(columns) == _COLUMNS
        and all(isinstance(column, bytes) for column in columns)
        and seal(columns[:-1]) == columns[-1]
    )


def seal(columns: Sequence[bytes]) -> bytes:
    """8 bytes against accidents: of each column's length and its bytes."""
    digested = hashlib.blake2b(digest_size=8)
    for column in columns:
        digested.update(_HASH.pack(len(column)))
        digested.update(column)
    return digested.digest()


def _packed(edge: Edge) -> bytes:
    marks = edge.role | _HEAD * edge.head | _FOOT * edge.foot | _TITULAR * edge.titular
    return _EDGE.pack(edge.span.start, edge.span.end, edge.line, marks)


def _edge(start: int, end: int, line: int, marks: int) -> Edge:
    role = Role(marks & _ROLE)
    return Edge(Span(start, end), line, role, bool(marks & _HEAD), bool(marks & _FOOT), bool(marks & _TITULAR))
