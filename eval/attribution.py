"""Which part failed: every wrong question in exactly one class of error, in the order in which an answer is made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class ErrorClass(StrEnum):
    """The first thing that went wrong."""

    NOT_IN_INDEX = "not in the index"
    """No indexed article that the question names holds a gold answer word for word."""
    NOT_RETRIEVED = "not retrieved"
    """No passage with the gold answer is among those that the search returned."""
    BELOW_READ_DEPTH = "retrieved but ranked below the read depth"
    WRONG_SPAN = "read but the wrong span"
    WRONG_PASSAGE = "right span but wrong passage chosen"
    """The right words were found, but another passage's were preferred, or they are cited from another article."""
    RIGHT_BUT_ABSTAINED = "right but abstained"
    ANSWERED_UNANSWERABLE = "answered though unanswerable"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one question after the run; the fields past `best_right` matter to answerable ones only."""

    answerable: bool
    abstained: bool
    best_right: bool
    """The best candidate's words are right (given as answer, or kept back by an abstention)."""
    article_right: bool
    """The article cited for it is one that the set names (True where the set names none)."""
    indexed: bool
    """An indexed document that should answer holds a gold answer."""
    retrieved: bool
    """A passage that holds the gold answer is in the ranking."""
    read: bool
    """... and is among the passages that were read."""
    right_elsewhere: bool
    """Another candidate, in another passage than the best one, has the right words."""


def error_class(facts: Facts) -> ErrorClass | None:
    """The one class of a wrong question; None when the question was answered, or abstained on, rightly."""
    if not facts.answerable:
        return None if facts.abstained else ErrorClass.ANSWERED_UNANSWERABLE
    if facts.best_right:
        return _class_of_right_words(facts)
    if not facts.indexed:
        return ErrorClass.NOT_IN_INDEX
    if not facts.retrieved:
        return ErrorClass.NOT_RETRIEVED
    if not facts.read:
        return ErrorClass.BELOW_READ_DEPTH
    return ErrorClass.WRONG_PASSAGE if facts.right_elsewhere else ErrorClass.WRONG_SPAN


def _class_of_right_words(facts: Facts) -> ErrorClass | None:
    if not facts.article_right:
        return ErrorClass.WRONG_PASSAGE
    return ErrorClass.RIGHT_BUT_ABSTAINED if facts.abstained else None


def count_classes(classes: Iterable[ErrorClass]) -> dict[ErrorClass, int]:
    """How many wrong questions each class holds, every class named, in the order of `ErrorClass`."""
    counted = Counter(classes)
    return {error: counted[error] for error in ErrorClass}
