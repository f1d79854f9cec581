"""Reading stops when enough is read: what is skipped, what is read all the same, and what a rule may decide."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

import pytest

from corpus.errors import ModelError
from corpus.types import Document, Passage, Span
from index.types import ScoredPassage
from qa.abilities import ALL
from qa.calibration import Calibration
from qa.enough import STOPPING, Change, Known, Logistic, Stopping, known, says
from qa.evidence import CandidateAnswer
from qa.model_folder import BUNDLED
from qa.open_reader import OpenedReader
from qa.reading import Desk, Found, judged, read_all, read_enough
from qa.types import Reading, SpanCandidate
from qa.uncalibrated import Uncalibrated

TEXTS = (
    "The harbour opened in 1904.",
    "It has 31 berths.",
    "The library opened in 1911.",
    "The tower burned down.",
    "Rosa said that the harbour opened in 1904.",
    "The school is old.",
)
DOCUMENTS = [Document.create(source=f"{at}.txt", text=text, title="") for at, text in enumerate(TEXTS)]
FACTS = len(fields(Known))


def change(first: float, later: float) -> Change:
    """Chances that hang on nothing but which wave it is."""
    return Change(Logistic((0.0,) * FACTS, first), Logistic((0.0,) * FACTS, later), 0.05)


SELDOM, OFTEN = change(-10.0, -10.0), change(10.0, 10.0)
ALWAYS = Stopping("fake", "hand", SELDOM, SELDOM, ((2, -0.5), (4, -0.1)))
NEVER = replace(ALWAYS, answer=OFTEN)


@dataclass
class Years:
    """Finds the first year of a passage and counts what it read."""

    seen: list[str] = field(default_factory=list)
    fingerprint: str = "fake"

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        self.seen.extend(passage.text for passage in passages)
        return [Reading(passage, self._year(passage)) for passage in passages]

    def _year(self, passage: Passage) -> tuple[SpanCandidate, ...]:
        at = passage.text.find("19")
        return (SpanCandidate(Span(at, at + 4), 2.0 if "1904" in passage.text else 1.0),) if at >= 0 else ()


def found(texts: int = len(TEXTS)) -> Found:
    scored = [
        ScoredPassage(Passage.of(document, Span(0, len(document.text))), 0.9 - 0.1 * at, dense=0.8 - 0.1 * at)
        for at, document in enumerate(DOCUMENTS[:texts])
    ]
    return Found("When did it open?", scored, {document.id: document for document in DOCUMENTS})


def desk() -> tuple[Desk, Years]:
    reader = Years()
    return Desk(reader, Uncalibrated("fake"), ALL), reader


def test_without_leave_to_stop_it_is_as_if_all_were_read_at_once() -> None:
    ours, reader = desk()
    assert read_enough(ours, found(), NEVER) == read_all(desk()[0], found())
    assert reader.seen == list(TEXTS)


def test_the_first_wave_is_enough_but_what_holds_the_answers_words_is_read() -> None:
    ours, reader = desk()
    answers = read_enough(ours, found(), ALWAYS)
    assert reader.seen == [TEXTS[0], TEXTS[1], TEXTS[4]]
    assert answers[0].text == "1904"
    assert {place.evidence.scored.passage.text for place in answers[0].places} == {TEXTS[0], TEXTS[4]}


def test_reading_goes_on_while_there_is_no_answer() -> None:
    ours, reader = desk()
    read_enough(ours, replace(found(), scored=[found().scored[at] for at in (1, 3, 5, 2, 0, 4)]), ALWAYS)
    assert reader.seen[:4] == [TEXTS[at] for at in (1, 3, 5, 2)]
    assert TEXTS[0] not in reader.seen


@pytest.mark.parametrize("texts", [0, 1, 2])
def test_one_wave_or_less_is_read_without_a_decision(texts: int) -> None:
    ours, reader = desk()
    assert read_enough(ours, found(texts), ALWAYS) == read_all(desk()[0], found(texts))
    assert len(reader.seen) == texts


def test_an_answer_that_stopped_early_is_as_sure_as_it_would_be_on_average() -> None:
    ours, _ = desk()
    plain = judged(ours, found(), dict(enumerate(ours.reader.read("", [one.passage for one in found().scored[:2]]))))
    best = ALWAYS.tempered(plain, 2)[0]
    before, after = plain[0].confidence, best.confidence
    assert math.log(after / (1 - after)) == pytest.approx(math.log(before / (1 - before)) - 0.5)
    assert best.places[0].score == pytest.approx(plain[0].places[0].score * after / before)


def test_tempering_leaves_the_best_answer_the_surest() -> None:
    ours, _ = desk()
    best, other = read_all(ours, found())
    close = CandidateAnswer(other.places, best.confidence - 0.001)
    assert ALWAYS.tempered([best, close], 2)[0].confidence == close.confidence


def test_what_is_known_compares_the_answers_passage_with_what_is_unread() -> None:
    ours, _ = desk()
    first_four = read_all(ours, found(4))
    facts = known("Rosa, who opened it?", first_four[0], found().scored, 4)
    assert facts.fused_gap == pytest.approx(-0.4)
    assert facts.dense_gap == pytest.approx(-0.4)
    assert facts.dense_rise == pytest.approx(-0.4)
    assert (facts.fused, facts.dense, facts.read) == (0.9, 0.8, math.log(4))
    # The first passage holds "opened", the fifth, unread, "Rosa" as well.
    assert (facts.held, facts.held_gap, facts.digits) == (0.5, 0.5, 1.0)
    assert not facts.is_first


def test_each_change_and_each_wave_has_its_own_chance() -> None:
    facts = known("When?", read_all(desk()[0], found())[0], found().scored, 2)
    assert facts.is_first
    assert ALWAYS.stops(facts)
    assert not NEVER.stops(facts)
    assert not replace(ALWAYS, view=OFTEN).stops(facts)
    later_only = replace(ALWAYS, view=change(10.0, -10.0))
    assert not later_only.stops(facts)
    assert later_only.stops(replace(facts, read=math.log(4)))


def test_nothing_stops_after_more_passages_than_the_fit_has_seen() -> None:
    facts = known("When?", read_all(desk()[0], found())[0], found().scored, 4)
    assert ALWAYS.stops(facts)
    assert not ALWAYS.stops(replace(facts, read=math.log(6)))
    assert not replace(ALWAYS, shifts=()).stops(facts)


def test_a_chance_is_the_logistic_function_of_what_is_known() -> None:
    facts = known("When?", read_all(desk()[0], found())[0], found().scored, 2)
    weights = tuple(1.0 if one.name == "fused" else 0.0 for one in fields(Known))
    assert Logistic(weights, -facts.fused)(facts) == pytest.approx(0.5)
    assert Logistic(weights, 1e9)(facts) == 1.0
    assert Logistic(weights, -1e9)(facts) < 1e-200


def test_an_answer_is_said_in_whole_words_whatever_their_case() -> None:
    scored = found().scored[4]
    assert says("rosa", scored)
    assert says("The Harbour", scored)
    assert not says("harb", scored)


def test_the_shipped_rule_is_used_with_the_reader_and_the_calibration_it_was_fitted_for(tmp_path: Path) -> None:
    judge = Calibration.load()
    (tmp_path / STOPPING).write_bytes((BUNDLED / STOPPING).read_bytes())
    values = json.loads((BUNDLED / STOPPING).read_text(encoding="utf-8"))
    opened = OpenedReader(Years(fingerprint=values["reader"]), tmp_path, has_relevance=False)
    fitted = replace(judge, fingerprint=values["calibration"])
    assert opened.stopping(fitted) == Stopping.load()
    assert opened.stopping(replace(fitted, fingerprint="another")) is None
    assert OpenedReader(Years(), tmp_path, has_relevance=False).stopping(fitted) is None


def test_a_folder_without_a_rule_has_none_and_a_damaged_one_is_an_error(tmp_path: Path) -> None:
    assert Stopping.load(tmp_path / STOPPING) is None
    (tmp_path / STOPPING).write_text(
        '{"reader": "fake", "weights": {"odds": -0.4}}', encoding="utf-8"
    )  # an earlier one
    assert Stopping.load(tmp_path / STOPPING) is None
    (tmp_path / STOPPING).write_text('{"reader": "fake"}', encoding="utf-8")
    with pytest.raises(ModelError, match=r"training\.stopping"):
        Stopping.load(tmp_path / STOPPING)
