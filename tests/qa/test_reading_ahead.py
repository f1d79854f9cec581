"""Reading ahead: what is begun, what is given up, and that the readings are those of reading when asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, fields
from threading import Event

import pytest

from corpus.errors import ModelError
from corpus.types import Document, Passage, Span
from index.runtime import Stop
from index.types import ScoredPassage
from qa.abilities import ALL
from qa.enough import Change, Known, Logistic, Stopping
from qa.in_flight import QUESTIONS
from qa.reader import OnnxReader
from qa.reading import Desk, Found, read_enough
from qa.reading_ahead import Ahead, OneByOne, ReadsAhead, underway
from qa.types import Reading
from qa.uncalibrated import Uncalibrated

TEXTS = ["The harbour opened in 1904.", "It has 31 berths.", "Rosa Lund built the tower. " * 40, "The school is old."]
DOCUMENTS = [Document.create(source=f"{at}.txt", text=text, title="") for at, text in enumerate(TEXTS)]
PASSAGES = [Passage.of(document, Span(0, len(document.text))) for document in DOCUMENTS]


class Slow:
    """Reads a passage once it is let to, and knows which it began and which were broken off."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.broken: list[str] = []
        self.may = {passage.id: Event() for passage in PASSAGES}

    def read(self, passage: Passage, stop: Stop) -> Reading:
        self.begun.append(passage.text)
        while not self.may[passage.id].wait(0.005):
            if stop.run_options.terminate:
                self.broken.append(passage.text)
                raise RuntimeError("broken off")
        return Reading(passage, ())

    def let(self, *places: int) -> None:
        for at in places:
            self.may[PASSAGES[at].id].set()


@pytest.fixture
def slow() -> Iterator[tuple[Slow, Ahead]]:
    reader = Slow()
    with ThreadPoolExecutor(2) as pool:
        yield reader, Ahead(reader.read, PASSAGES, pool, lambda: 2)
        reader.let(*range(len(PASSAGES)))


def test_what_may_come_next_is_begun_and_is_there_when_it_is_asked_for(slow: tuple[Slow, Ahead]) -> None:
    reader, ahead = slow
    reader.let(0, 1)
    assert [reading.passage for reading in ahead.take([0], then=[1, 2, 3])] == PASSAGES[:1]
    reader.let(2)
    assert [reading.passage for reading in ahead.take([1, 2])] == PASSAGES[1:3]
    assert sorted(reader.begun) == sorted(TEXTS[:3])  # two threads, so two ahead, each once
    assert not reader.broken


def test_what_is_not_asked_for_is_broken_off() -> None:
    reader = Slow()
    with ThreadPoolExecutor(2) as pool:
        ahead = Ahead(reader.read, PASSAGES, pool, lambda: 2)
        reader.let(0, 3)
        ahead.take([0], then=[1, 2])
        assert ahead.take([3])[0].passage == PASSAGES[3]  # nobody lets 1 and 2 come to their end
        ahead.close()
    # The pool has come to its end, so all that was begun has: nothing still waits to be let.
    assert {TEXTS[0], TEXTS[3]} <= set(reader.begun)
    assert sorted(reader.broken) == sorted(set(reader.begun) - {TEXTS[0], TEXTS[3]})


def test_what_goes_wrong_in_reading_is_raised_where_it_is_asked_for() -> None:
    def fails(passage: Passage, stop: Stop) -> Reading:
        if passage is PASSAGES[1]:
            raise ModelError("out of memory")
        return Reading(passage, ())

    with ThreadPoolExecutor(2) as pool:
        ahead = Ahead(fails, PASSAGES, pool, lambda: 2)
        assert ahead.take([0], then=[1])[0].passage == PASSAGES[0]
        with pytest.raises(ModelError, match="out of memory"):
            ahead.take([1])
        ahead.close()


@dataclass(frozen=True, slots=True)
class OnlyWhenAsked:
    """A reader that cannot read ahead."""

    inner: OnnxReader

    @property
    def fingerprint(self) -> str:
        return self.inner.fingerprint

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        return self.inner.read(question, passages)


@pytest.mark.parametrize("chance", [-10.0, 10.0])
def test_an_answer_is_the_same_whether_or_not_the_reader_reads_ahead(chance: float) -> None:
    """With a rule that stops after the first two passages, and with one that never does."""
    change = Change(*2 * (Logistic((0.0,) * len(fields(Known)), chance),), risk=0.5)
    rule = Stopping("any", "any", change, change, ((2, 0.0), (4, 0.0)))
    documents = {passage.document_id: DOCUMENTS[at] for at, passage in enumerate(PASSAGES)}
    found = Found("Who built the tower?", [ScoredPassage(one, 0.5) for one in PASSAGES], documents)
    with closing(OnnxReader.load(threads=2)) as reader:
        judge = Uncalibrated(reader.fingerprint)
        ahead, plain = (read_enough(Desk(one, judge, ALL), found, rule) for one in (reader, OnlyWhenAsked(reader)))
        assert isinstance(reader, ReadsAhead)
        assert not isinstance(OnlyWhenAsked(reader), ReadsAhead)
    assert ahead == plain
    assert ahead


def test_what_was_given_up_can_still_be_asked_for(slow: tuple[Slow, Ahead]) -> None:
    reader, ahead = slow
    reader.let(0, 3)
    ahead.take([0], then=[1])
    ahead.take([3])
    reader.let(1)
    assert ahead.take([1])[0].passage == PASSAGES[1]


def test_the_reader_reads_ahead_what_it_reads_when_asked() -> None:
    with closing(OnnxReader.load(threads=2)) as reader:
        asked = reader.read("Who built the tower?", PASSAGES)
        with underway(reader, "Who built the tower?", PASSAGES) as reading:
            assert isinstance(reading, Ahead)
            assert reading.take([0, 1], then=[2, 3]) == asked[:2]
            assert reading.take([2, 3]) == asked[2:]
        with underway(reader, "Who built the tower?", PASSAGES) as reading:
            reading.take([0], then=[2])  # and the long one is broken off
        assert reader.read("Who built the tower?", PASSAGES) == asked


def test_one_core_reads_nothing_ahead() -> None:
    with closing(OnnxReader.load(threads=1)) as reader, underway(reader, "Who?", PASSAGES) as reading:
        assert isinstance(reading, Ahead)
        assert reading.spare() == 0


def test_among_several_questions_nothing_is_read_ahead() -> None:
    with closing(OnnxReader.load(threads=2)) as reader, QUESTIONS.one(), QUESTIONS.one():
        assert isinstance(reader.begin("Who?", PASSAGES), OneByOne)
        with underway(reader, "Who?", PASSAGES) as reading:
            assert reading.take([1], then=[0]) == reader.read("Who?", PASSAGES[1:2])


def test_a_question_that_is_no_longer_alone_stops_reading_ahead() -> None:
    with closing(OnnxReader.load(threads=2)) as reader, QUESTIONS.one():
        with underway(reader, "Who?", PASSAGES) as reading, QUESTIONS.one():
            assert isinstance(reading, Ahead)
            assert reading.spare() == 0
        with underway(reader, "Who?", PASSAGES) as reading:
            assert isinstance(reading, Ahead)
            assert reading.spare() == 2


def test_a_model_that_is_broken_off_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    with closing(OnnxReader.load(threads=2)) as reader:
        for _ in range(5):
            with underway(reader, "Who built the tower?", [PASSAGES[1], PASSAGES[2]]) as reading:
                reading.take([0], then=[1])
    said = capfd.readouterr()
    assert (said.out, said.err) == ("", "")
