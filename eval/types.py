"""The values of evaluation: a question with its gold, a set of them, and a figure with its interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from corpus.types import Document


class Stage(StrEnum):
    """What a run measures."""

    RETRIEVAL = "retrieval"
    READER = "reader"
    END_TO_END = "end-to-end"


class SquadRules(StrEnum):
    """Which official script scores the answers; they differ only where an answer normalises to nothing."""

    V1 = "1.1"
    V2 = "2.0"


@dataclass(frozen=True, slots=True)
class Question:
    """A question and what is known of its answer.

    `answerable` is None in a set that judges documents only. `documents` names the articles that hold the
    answer (a source, the end of one, or a URL) and `grades` says how relevant each is.
    """

    id: str
    text: str
    answers: tuple[str, ...] = ()
    answerable: bool | None = None
    documents: tuple[str, ...] = ()
    grades: tuple[int, ...] = ()
    kind: str = ""
    form: str = ""
    group: str = ""
    """The set that the question was taken from, where a file mixes several."""
    context: str = ""
    """Source of the document that the reader stage reads; empty where none is given."""
    distractor: str = ""
    """The article that comes nearest to answering, for a question without answer."""
    wrong_answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dataset:
    """Questions, and the documents that come with them (none where the user's own index is asked)."""

    name: str
    questions: tuple[Question, ...]
    documents: tuple[Document, ...]
    sha256: str
    """Of the files it was read from: a run is resumed only with the very same set."""
    rules: SquadRules = SquadRules.V2
    documents_exhaustive: bool = False
    """Whether an answer cited from an article outside `Question.documents` is wrong for that reason alone."""

    @property
    def judges_answers(self) -> bool:
        """Whether at least one question says what its answer is, or that there is none."""
        return any(question.answerable is not None for question in self.questions)

    @property
    def judges_documents(self) -> bool:
        """Whether at least one question names the documents that answer it."""
        return any(question.documents for question in self.questions)


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value with its 95 % bootstrap interval, over `n` questions; `excluded` ones had no gold for it."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    excluded: int


Figures = Mapping[str, Figure]
"""Figures by name, in the order in which a report shows them."""
