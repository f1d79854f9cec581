"""From a rough span to one that a person would quote: whole words, whole numbers, no stray marks at the ends.

Pure functions over code points. A reader points at word-pieces; a quote that ends inside "14,000" or "Kubernetes" is
wrong even where its piece is right.
"""

from __future__ import annotations

import re
import unicodedata

from corpus.types import Span

_PAIRS = {
    "(": ")",
    "[": "]",
    "{": "}",
    "“": "”",
    "«": "»",
    "„": "“",
    "‘": "’",
    "「": "」",
    "『": "』",
    "（": "）",
    "《": "》",
}
_OPENERS = frozenset(_PAIRS)
_CLOSERS = frozenset(_PAIRS.values())
_LOOSE = frozenset(",;:!?…–—/|*•、，。；：！？")
_LOOSE_UNLESS_MEANT = frozenset(".-")
"""Trimmed too, but for the point of ".5", the sign of "-5" and the full stop of "Inc."."""
_GLUE = frozenset("\u00ad\u200c\u200d")
"""Soft hyphen and zero-width joiners: invisible, and inside a word where they have neighbours."""
_NUMBER_JOINTS = frozenset(".,:/'’")
_THIN_SPACES = frozenset("\u00a0\u2009\u202f")
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
"""Scripts written without spaces between words, Thai to Khmer, kana, ideographs: any boundary may be a word's."""
_MAGNITUDE_WORD = r"(?:hundred|thousand|million|billion|trillion|per ?cent)\b"
_MAGNITUDE = re.compile(rf"\s?[%‰]|[\s-]{_MAGNITUDE_WORD}", re.IGNORECASE)
_MAGNITUDE_ALONE = re.compile(rf"[%‰]|{_MAGNITUDE_WORD}", re.IGNORECASE)
_NUMBER_BEFORE = re.compile(r"\d[\s-]?$")
_INITIALS = re.compile(r"(?<![\w.])(?:\w\.)*\w$")
_SHORTENED = re.compile(
    r"(?<![\w.])(?:(?:\w\.)+|(?:Inc|Ltd|Co|Corp|Jr|Sr|Dr|St|Mr|Mrs|Ms|Prof|Gen|No|Bros|Mt|vs|etc)\.)$"
)
_LONGEST_WORD = 200
_WORD = re.compile(r"[^\W_]+")
_ARTICLES = frozenset({"a", "an", "the"})
_STEM = 6
"""Letters that two forms of a word share: a crude stemmer that needs no language."""


def tidy(text: str, start: int, end: int) -> Span | None:
    """The quotable span nearest to `start..end`, or None where no letter or digit is left."""
    start, end = _trim(text, start, end)
    if start >= end:
        return None
    start, end = _whole_number(text, *whole_words(text, start, end))
    start, end = _trim(text, start, _close(text, start, end))
    return Span(start, end) if has_word(text[start:end]) else None


def answer_key(text: str) -> str:
    """What two wordings of one answer share: lower-case words without marks, accents kept, articles dropped."""
    words = _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
    return " ".join(word for word in words if word not in _ARTICLES) or " ".join(words)


def stem(word: str) -> str:
    """What the forms of a word share."""
    return word.casefold()[:_STEM]


def has_word(text: str) -> bool:
    """Whether there is a letter or a digit of any script."""
    return text.isalnum() or any(map(str.isalnum, text))


def cuts_word(text: str, at: int) -> bool:
    """Whether the boundary between `text[at - 1]` and `text[at]` goes through a word, a number or a character."""
    if not 0 < at < len(text):
        return False
    left, right = text[at - 1], text[at]
    if left.isspace() or right.isspace():
        return (right in _THIN_SPACES and _is_joint(text, at)) or (left in _THIN_SPACES and _is_joint(text, at - 1))
    if unicodedata.category(right)[0] == "M":
        return not _blank(left)
    if _UNSPACED.match(left) or _UNSPACED.match(right):
        return False
    if _in_word(left) and _in_word(right):
        return True
    return _is_joint(text, at) or _is_joint(text, at - 1) or _is_currency(left, right)


def _in_word(char: str) -> bool:
    return char.isalnum() or char == "_" or unicodedata.category(char)[0] == "M"


def _is_currency(left: str, right: str) -> bool:
    """Whether the two are the sign and the figure of "$5", or the letters and the sign of "US$5"."""
    if unicodedata.category(left) == "Sc":
        return right.isdigit()
    return unicodedata.category(right) == "Sc" and left.isalpha()


def _is_joint(text: str, at: int) -> bool:
    """Whether `text[at]` holds a word together: the marks inside "14,000", "don't", "U.S", "COVID-19"."""
    if not 0 < at < len(text) - 1:
        return False
    left, char, right = text[at - 1], text[at], text[at + 1]
    if char in _GLUE:
        return all(_in_word(near) and not _UNSPACED.match(near) for near in (left, right))
    if left.isdigit() and right.isdigit():
        grouped = text[at + 1 : at + 4].isdigit() and not text[at + 4 : at + 5].isdigit()
        return char in _NUMBER_JOINTS or (char in _THIN_SPACES and grouped)
    return left.isalpha() and _joins_letters(text, at)


def _joins_letters(text: str, at: int) -> bool:
    """Whether the mark after a letter joins it to what follows; the apostrophe of a possessive does not."""
    char, right = text[at], text[at + 1]
    if char == "-":
        return right.isdigit()
    if char in "'’":
        return right.isalpha() and not (right in "sS" and not text[at + 2 : at + 3].isalnum())
    return char == "." and right.isalpha() and _INITIALS.search(text[max(0, at - 12) : at]) is not None


def whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Grow both ends until neither cuts a word; an end inside a run longer than any word stays where it is."""
    first, last = start, end
    while start - first < _LONGEST_WORD and cuts_word(text, first):
        first -= 1
    while last - end < _LONGEST_WORD and cuts_word(text, last):
        last += 1
    return (start if cuts_word(text, first) else first), (end if cuts_word(text, last) else last)


def _whole_number(text: str, start: int, end: int) -> tuple[int, int]:
    """Keep a number and its magnitude together: "19.6 billion", "20.4 percent", "10%"."""
    if text[end - 1].isdigit() and (after := _MAGNITUDE.match(text, end)):
        end = after.end()
    if _MAGNITUDE_ALONE.match(text, start) and (before := _NUMBER_BEFORE.search(text, max(0, start - 3), start)):
        start = whole_words(text, before.start(), end)[0]
    return start, end


def _close(text: str, start: int, end: int) -> int:
    """Take in the bracket that closes one opened inside, and the full stop that ends initials ("U.S.")."""
    following, inside = text[end : end + 1], text[start:end]
    for opener, closer in _PAIRS.items():
        if following == closer and inside.rfind(opener) > max(0, inside.rfind(closer)):
            return end + 1
    if following == "." and "." in inside[-3:] and _INITIALS.search(inside):
        return end + 1
    return end


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Drop white space, loose punctuation and unbalanced or all-embracing brackets and quotes at both ends."""
    while start < end:
        inside = text[start:end]
        if _loose_head(inside):
            start += 1
        elif _loose_tail(inside):
            end -= 1
        elif _embraced(inside):
            start, end = start + 1, end - 1
        else:
            break
    return start, end


def _loose_head(inside: str) -> bool:
    """Whether the first character says nothing: white space, a loose mark, an opening mark without its partner."""
    char = inside[0]
    if char in _LOOSE or (char in _LOOSE_UNLESS_MEANT and not inside[1:2].isdigit()):
        return True
    if char in _OPENERS:
        return _PAIRS[char] not in inside
    return _blank(char) or char in _CLOSERS or (char in "\"'" and inside.count(char) % 2 == 1)


def _loose_tail(inside: str) -> bool:
    """Whether the last character says nothing: white space, a loose mark, a closing mark without its partner."""
    char = inside[-1]
    if char in _LOOSE or (char in _LOOSE_UNLESS_MEANT and not _SHORTENED.search(inside)):
        return True
    if char in _CLOSERS:
        return not any(closer == char and opener in inside for opener, closer in _PAIRS.items())
    return _blank(char) or char in _OPENERS or (char == '"' and inside.count(char) % 2 == 1)


def _blank(char: str) -> bool:
    return char.isspace() or not char.isprintable()


def _embraced(inside: str) -> bool:
    """Whether one pair of marks holds all of it, and not two pairs its two ends."""
    opener, closer, middle = inside[0], inside[-1], inside[1:-1]
    if opener == '"':
        return len(inside) > 1 and closer == '"' and '"' not in middle
    return _PAIRS.get(opener) == closer and opener not in middle and closer not in middle
