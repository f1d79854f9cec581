"""Checking a set against its articles: every gold answer verbatim there, no listed wrong answer in a near miss."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus import discover
from corpus.errors import SourceError, UsageError
from corpus.loaders.load import load_all
from corpus.types import Document
from eval.datasets import load_dataset
from eval.gold import GoldDocuments
from eval.report.marking import occurrences
from eval.stages.reader import SetDocuments
from eval.types import Dataset, Question


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with one question."""

    id: str
    what: str

    def __str__(self) -> str:
        return f"{self.id}: {self.what}"


def lint(dataset: str, folder: Path) -> tuple[Dataset, list[Finding]]:
    """Read the set and the articles below `folder`; findings in the order of the set, none when all is well."""
    loaded = load_dataset(dataset)
    return loaded, list(lint_questions(loaded.questions, articles(folder)))


def articles(folder: Path) -> list[Document]:
    """The articles below `folder`; those that cannot be read are left out and then missed by name."""
    documents: list[Document] = []
    for path in discover([folder]).files:
        try:
            documents.extend(load_all(path).documents)
        except SourceError:
            continue
    if not documents:
        raise UsageError(f"{folder} holds no article that can be read; name the folder of the set's articles")
    return documents


def lint_questions(questions: Sequence[Question], documents: Sequence[Document]) -> Iterator[Finding]:
    """Everything that does not hold."""
    gold = GoldDocuments(SetDocuments(documents))
    for question in questions:
        yield from _lint_answers(question, gold)
        yield from _lint_distractor(question, gold)


def _lint_answers(question: Question, gold: GoldDocuments) -> Iterator[Finding]:
    """Every gold answer must stand to the letter in the first article, and one of them in each further article."""
    for place, name in enumerate(question.documents):
        article = gold.named(name)
        if article is None:
            yield Finding(question.id, f"the article {name!r} is not among the documents")
            continue
        if len(gold.ids(name)) > 1:
            yield Finding(question.id, f"{name!r} names {len(gold.ids(name))} articles; write more of the path")
        absent = [answer for answer in question.answers if answer not in article.text]
        if place == 0:
            for answer in absent:
                yield Finding(question.id, f"the answer {answer!r} is not verbatim in {name}")
        elif len(absent) == len(question.answers):
            yield Finding(question.id, f"none of the answers is verbatim in the further article {name}")


def _lint_distractor(question: Question, gold: GoldDocuments) -> Iterator[Finding]:
    """The article of a near miss must be there, and hold none of the listed wrong answers: else it does answer."""
    if not question.distractor:
        return
    article = gold.named(question.distractor)
    if article is None:
        yield Finding(question.id, f"the distractor {question.distractor!r} is not among the documents")
        return
    for answer in question.wrong_answers:
        # To the letter, not by the rules of scoring: there "3.3" and "33" are one.
        if occurrences(article.text.casefold(), [answer.casefold()]):
            yield Finding(question.id, f"the wrong answer {answer!r} stands in the distractor {question.distractor}")
