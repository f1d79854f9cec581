"""Questions in flight are counted, whatever becomes of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from corpus.types import Document, Passage, Span
from index.types import ScoredPassage
from qa.in_flight import QUESTIONS, InFlight
from qa.pipeline import Pipeline
from qa.types import Reading
from qa.uncalibrated import Uncalibrated

TEA = Document.create(source="tea.txt", text="Tea is grown in Assam.", title="Tea")


class OneShelf:
    """A retriever of one passage."""

    def search(self, question: str, limit: int) -> list[ScoredPassage]:
        return [ScoredPassage(Passage.of(TEA, Span(0, len(TEA.text))), 1.0)]

    def document(self, document_id: str) -> Document:
        return TEA

    def count(self) -> int:
        return 1

    def close(self) -> None:
        """Nothing is open."""


class Watching:
    """A reader that notes whether it reads for several questions, once as many as `barrier` wants do."""

    fingerprint = "watching"

    def __init__(self, barrier: Barrier) -> None:
        self.barrier, self.several = barrier, []

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        if "fail" in question:
            raise ValueError("as told")
        self.barrier.wait(timeout=60)
        self.several.append(QUESTIONS.several)
        self.barrier.wait(timeout=60)
        return [Reading(passage, ()) for passage in passages]


@pytest.fixture(autouse=True)
def none_left() -> Iterator[None]:
    yield
    assert QUESTIONS._count == 0


@pytest.mark.parametrize(("at_once", "several"), [(1, False), (2, True)])
def test_questions_are_counted_while_they_are_answered(at_once: int, several: bool) -> None:
    reader = Watching(Barrier(at_once))
    pipeline = Pipeline(OneShelf(), reader, Uncalibrated(reader.fingerprint))
    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(pipeline.ask, ["Where is tea grown?"] * at_once))
    assert reader.several == [several] * at_once


def test_a_question_that_fails_is_counted_out() -> None:
    reader = Watching(Barrier(1))
    with pytest.raises(ValueError, match="as told"):
        Pipeline(OneShelf(), reader, Uncalibrated(reader.fingerprint)).ask("Does it fail?")


def test_one_is_not_several() -> None:
    counted = InFlight()
    with counted.one():
        assert not counted.several
        with counted.one():
            assert counted.several
        assert not counted.several
