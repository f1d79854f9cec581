"""Page furniture that only the folder gives away: the line that stands around many articles and belongs to none.

One text cannot tell "The Courier, evening edition" from a heading; forty texts that all begin with it can. The rule is
cautious three times over: a line must repeat in articles that have nothing else in common, it must stand outside of
everything that is the article's own, and what tells of a subject (a sentence, a figure) never counts, however often it
stands. It depends on the set of articles alone, not on the order in which they came.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from corpus.cleaning import blocks, is_title
from corpus.dates import find_date
from corpus.furniture import MAX_LINE
from corpus.types import Block, BlockKind, Span

REPETITION_VERSION = 1
"""Goes up whenever the same texts would give other lines."""

MIN_STORIES = 5
"""Articles with nothing else in common that a line must stand in."""
MIN_SHARE = 0.1
"""Share of a site's articles that it must stand in."""
_HEAD_BLOCKS = 8
_FOOT_BLOCKS = 12
_CORES = 3
_CORE_CHARACTERS = 80
_SENTENCE_WORDS = 5
_DATED = 60
"""Characters of a line that is a date and little else."""

_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’»)\]]{0,3}$")
_FIGURE = re.compile(r"\d")
_LIST_MARK = re.compile(r"[•‣◦▪●·*+–-]\s|\(?(?:\d{1,3}|[a-z])[.)]\s", re.IGNORECASE)
_SPEECH = re.compile(r"[“\"«„]|\bsa(?:id|ys)\b", re.IGNORECASE)
_CONTACT = re.compile(
    r"\S@\S|\+?\d[\d ()/-]{6,}|\b(?:address|tel|telephone|phone|fax|e-?mail)\b\s?[.:：]", re.IGNORECASE
)
_BYLINE = re.compile(
    r"(?:by|from|words|text)[\s:].{2,80}|.{2,60}[,|]\s?(?:correspondent|reporter|staff writer)", re.IGNORECASE
)
_OF_THE_PAGE = re.compile(
    r"\b(?:you|your|yours|(?-i:us)|our|we|newsletters?|subscri\w+|sign\sup|log\sin|click|cookies?|copyright|rights\sreserved|"
    r"reprinted|republished|terms\sof|privacy\spolicy|advertisements?|sponsored|inbox|this\s(?:article|story|page|site)|"
    r"(?:first|originally)\s(?:appeared|published)|published\sby|edit(?:ed|ing)\sby|reporting\sby|read\s(?:more|also|next|on)|"
    r"related\s(?:articles|stories)|newsroom)\b",
    re.IGNORECASE,
)
"""What a line says that speaks of the page or to its reader, and not of a subject."""


class Role(IntEnum):
    """What a block near the head or the foot is to the question where the article begins and ends."""

    TEXT = 0
    """The article's own: nothing behind it is looked at."""
    FURNITURE = 1
    """Furniture already, by its own words."""
    PASSED = 2
    """A byline or a date: stays, and does not end the search."""
    LINE = 3
    """Furniture if it repeats."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A block near the head or the foot; `line` is the hash of its words (64 bits)."""

    span: Span
    line: int
    role: Role
    head: bool
    foot: bool
    titular: bool
    """It would do as a title."""


@dataclass(frozen=True, slots=True)
class Page:
    """What counting needs of a text: whose page it is, its lines near the ends, and by what it is known."""

    site: int
    lines: frozenset[int]
    cores: frozenset[int]
    """Hashes of its longest paragraphs: two texts that share one are versions of one story, and count once."""


def digest(words: str) -> int:
    """64 bits of `words`, white space and case aside."""
    plain = " ".join(words.split()).casefold()
    return int.from_bytes(hashlib.blake2b(plain.encode("utf-8"), digest_size=8).digest(), "little")


def edges(text: str) -> tuple[Edge, ...]:
    """The blocks near the head and the foot of `text`, in order."""
    cut = blocks(text)
    found = []
    for number, block in enumerate(cut):
        head, foot = number < _HEAD_BLOCKS, number >= len(cut) - _FOOT_BLOCKS
        if head or foot:
            words = block.span.of(text)
            titular = is_title(words) and _SENTENCE_END.search(words) is None
            found.append(Edge(block.span, digest(words), _role(block, words), head, foot, titular))
    return tuple(found)


def cores(text: str) -> frozenset[int]:
    """Hashes of the longest paragraphs that are the article's own; of the whole text where it has none."""
    paragraphs = [block.span.of(text) for block in blocks(text) if block.kind is BlockKind.BODY]
    own = [words for words in paragraphs if len(words) > _CORE_CHARACTERS and tells(words)]
    own.sort(key=lambda words: (-len(words), words))
    return frozenset(digest(words) for words in own[:_CORES]) or frozenset({digest(text)})


def tells(line: str) -> bool:
    """Whether a line says something of a subject, so that it is never furniture for being repeated."""
    if len(line) > MAX_LINE or _LIST_MARK.match(line) or _SPEECH.search(line) or _CONTACT.search(line):
        return True
    if _OF_THE_PAGE.search(line):
        return False
    is_sentence = _SENTENCE_END.search(line) is not None and len(line.split()) >= _SENTENCE_WORDS
    return is_sentence or _FIGURE.search(line) is not None


def is_passed(line: str) -> bool:
    """Whether a line is a byline or a date: no furniture, and no part of what the article tells."""
    if len(line) > MAX_LINE or _SENTENCE_END.search(line):
        return False
    plain = " ".join(line.split())
    return _BYLINE.fullmatch(plain) is not None or (len(plain) <= _DATED and find_date(plain) is not None)


def is_contact(line: str) -> bool:
    """Whether a line is an address, a telephone number or the like."""
    return len(line) <= MAX_LINE and _CONTACT.search(line) is not None and _SENTENCE_END.search(line) is None


def _role(block: Block, words: str) -> Role:
    if block.kind is BlockKind.FURNITURE:
        return Role.FURNITURE
    if is_passed(words):
        return Role.PASSED
    return Role.TEXT if tells(words) else Role.LINE


def repeated_lines(pages: Iterable[Page], sizes: Mapping[int, int]) -> set[tuple[int, int]]:
    """The (site, line) pairs that are furniture; `sizes` tells how many articles each site has.

    `pages` are taken in the order given, which should not depend on when they came.
    """
    where: dict[tuple[int, int], list[frozenset[int]]] = defaultdict(list)
    for page in pages:
        for line in page.lines:
            where[page.site, line].append(page.cores)
    return {
        (site, line)
        for (site, line), found in where.items()
        if len(found) >= least_articles(sizes[site]) and are_apart(found)
    }


def least_articles(size: int) -> float:
    """In how many articles of a site that has `size` of them a line must stand at least."""
    return max(MIN_STORIES, MIN_SHARE * size)


def are_apart(found: Iterable[frozenset[int]]) -> bool:
    """Whether enough of the texts known by these cores have no core in common with one before.

    No more of them are taken than it needs to say so.
    """
    met: set[int] = set()
    count = 0
    for own in found:
        if met.isdisjoint(own):
            count += 1
            if count >= MIN_STORIES:
                return True
        met.update(own)
    return False


def repeated_spans(found: Sequence[Edge], repeated: Collection[int]) -> tuple[Span, ...]:
    """Where in a text the lines `repeated` are furniture: outside of everything that is its own, in order.

    None where nothing would be left of the text.
    """
    spans = {*_at_head([edge for edge in found if edge.head], repeated)}
    for edge in reversed([edge for edge in found if edge.foot]):
        if edge.role is Role.LINE and edge.line in repeated:
            spans.add(edge.span)
        elif edge.role not in (Role.FURNITURE, Role.PASSED):
            break
    left = [edge for edge in found if edge.role not in (Role.FURNITURE, Role.PASSED) and edge.span not in spans]
    return tuple(sorted(spans)) if left else ()


def _at_head(found: Sequence[Edge], repeated: Collection[int]) -> list[Span]:
    """What of the head is furniture; the first line that does not repeat is the title, and is passed."""
    content = [edge for edge in found if edge.role not in (Role.FURNITURE, Role.PASSED)]
    spans: list[Span] = []
    titled = False
    for number, edge in enumerate(content):
        if edge.role is Role.LINE and edge.line in repeated and (titled or _titled(content[number + 1 :], repeated)):
            spans.append(edge.span)
        elif titled or not edge.titular:
            break
        else:
            titled = True
    return spans


def _titled(following: Sequence[Edge], repeated: Collection[int]) -> bool:
    """Whether a title comes next: else a repeated first line is the title that the articles of a series share."""
    own = next((edge for edge in following if edge.role is not Role.LINE or edge.line not in repeated), None)
    return own is not None and own.titular
