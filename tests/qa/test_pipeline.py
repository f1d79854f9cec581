from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import pytest

from corpus.errors import IndexUnavailableError, ModelError, UsageError
from corpus.types import Document, Passage, Span
from index.types import ScoredPassage
from qa.calibration import Calibration
from qa.exhibits import exhibits_of
from qa.pipeline import LONGEST_QUESTION, Pipeline, PipelineSettings
from qa.serialise import answer_to_json
from qa.types import Reading, SpanCandidate
from qa.uncalibrated import Uncalibrated
from qa.verification import verify_answer

ZONE = Document.create(
    source="zone.txt", text="The zone was created in 1991. Over 14,000 firms work there.", title="Zone"
)
CITY = Document.create(source="city.txt", text="Founded 1991, the zone is near the sea.", title="City")


def calibration(reader: str = "fake", default: float = 0.3) -> Calibration:
    """Strength is the reader's score alone; the curve leaves a share as it is."""
    values = {
        "reader": reader,
        "features": ["margin"],
        "means": [0.0],
        "scales": [1.0],
        "weights": [1.0],
        "bias": 0.0,
        "curve": {"slope": 1.0, "intercept": 0.0},
        "thresholds": [[0.1, 0.9], [0.3, 0.6], [1.0, 0.0]],
        "default_target_error": default,
    }
    return Calibration.from_json(values, "a test")


@dataclass
class Shelf:
    """A retriever over whole documents, in the order given."""

    documents: list[Document]
    asked: list[tuple[str, int]] = field(default_factory=list)
    closed: bool = False

    def search(self, question: str, limit: int) -> list[ScoredPassage]:
        self.asked.append((question, limit))
        found = [Passage.of(document, Span(0, len(document.text))) for document in self.documents[:limit]]
        return [ScoredPassage(passage, 1.0 - 0.1 * rank) for rank, passage in enumerate(found)]

    def document(self, document_id: str) -> Document:
        return {document.id: document for document in self.documents}[document_id]

    def count(self) -> int:
        return len(self.documents)

    def close(self) -> None:
        self.closed = True


@dataclass
class FakeReader:
    """Says of each passage that holds them the words it was told, with their scores."""

    scores: dict[str, float]
    fingerprint: str = "fake"

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        return [Reading(passage, self._found(passage)) for passage in passages]

    def _found(self, passage: Passage) -> tuple[SpanCandidate, ...]:
        found = []
        for words, score in sorted(self.scores.items(), key=lambda pair: -pair[1]):
            at = passage.text.find(words)
            if at >= 0:
                found.append(SpanCandidate(Span(at, at + len(words)).shift(passage.span.start), score))
        return tuple(found)


def pipeline(scores: dict[str, float], *documents: Document, settings: PipelineSettings | None = None) -> Pipeline:
    return Pipeline(Shelf(list(documents)), FakeReader(scores), calibration(), settings)


def test_the_best_answer_is_cited_verbatim_and_verifies() -> None:
    shelf = Shelf([ZONE, CITY])
    answer = Pipeline(shelf, FakeReader({"1991": 2.0, "14,000 firms": 0.5}), calibration()).ask(" When? ")
    assert (answer.question, answer.text, answer.reason, answer.abstained) == ("When?", "1991", None, False)
    assert [citation.quote for citation in answer.citations] == ["1991", "1991"]
    assert {citation.document_id for citation in answer.citations} == {ZONE.id, CITY.id}
    assert [other.answer for other in answer.alternatives] == ["14,000 firms"]
    assert verify_answer(answer_to_json(answer, 1), shelf) == []
    assert [one.passage.document_id for one in answer.nearest] == [ZONE.id, CITY.id]


def test_equal_answers_add_up_and_each_place_is_scored_by_itself() -> None:
    answer = pipeline({"1991": 2.0}, ZONE, CITY).ask("When?")
    alone = pipeline({"1991": 2.0}, ZONE).ask("When?")
    assert answer.confidence > alone.confidence
    assert [citation.score for citation in answer.citations] == pytest.approx([alone.confidence] * 2)


def test_the_same_words_with_another_meaning_are_not_cited() -> None:
    class Doubtful(FakeReader):
        """Sees the year in both articles, but takes that of the second for something else."""

        def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
            first, second = super().read(question, passages)
            weak = tuple(replace(candidate, score=-3.0) for candidate in second.candidates)
            return [first, replace(second, candidates=weak)]

    answer = Pipeline(Shelf([ZONE, CITY]), Doubtful({"1991": 2.0}), calibration()).ask("When?")
    assert [citation.document_id for citation in answer.citations] == [ZONE.id]


def test_all_confidences_and_no_answer_sum_to_one_at_most() -> None:
    answer = pipeline({"1991": 2.0, "14,000 firms": 1.9, "zone": 1.8}, ZONE).ask("When?", target_error=1.0)
    assert answer.confidence + sum(other.confidence for other in answer.alternatives) < 1


def test_a_weak_best_candidate_is_kept_back_and_shown_as_alternative() -> None:
    answer = pipeline({"1991": -1.0, "14,000 firms": -2.0}, ZONE).ask("When?")
    assert (answer.text, answer.abstained, answer.citations) == (None, True, ())
    assert [other.answer for other in answer.alternatives] == ["1991", "14,000 firms"]
    assert answer.confidence == answer.alternatives[0].confidence
    assert (
        answer.reason
        == f"No passage read gives an answer with enough confidence ({answer.confidence:.2f}, needed 0.60)."
    )


def test_a_near_miss_does_not_read_as_a_hit() -> None:
    reason = pipeline({"1991": 0.405}, ZONE).ask("When?").reason
    assert reason == "No passage read gives an answer with enough confidence (0.5999, needed 0.6000)."


def test_the_target_error_moves_the_threshold() -> None:
    asked = pipeline({"1991": 0.9}, ZONE)
    assert asked.ask("When?").text == "1991"
    assert asked.ask("When?", target_error=0.1).text is None
    strict = pipeline({"1991": 0.9}, ZONE, settings=PipelineSettings(target_error=0.2))
    assert strict.ask("When?").abstained
    assert strict.ask("When?", target_error=0.3).text == "1991"


def test_a_target_that_cannot_be_promised_asks_for_as_much_confidence_and_says_so() -> None:
    asked = pipeline({"1991": 2.5}, ZONE)
    assert 0.9 < asked.ask("When?", target_error=0.1).confidence < 0.95
    assert asked.ask("When?", target_error=0.1).text == "1991"
    assert asked.ask("When?", target_error=0.05).text is None
    assert asked.caveat(0.05) == (
        "a target error of 0.05 cannot be promised: the calibration proves 0.1 at best; "
        "only answers with a confidence of at least 0.95 are given"
    )
    assert asked.caveat(0.1) is None


@pytest.mark.parametrize("target", [0, -1, 1.5, float("nan")])
def test_a_target_that_is_no_share_is_refused(target: float) -> None:
    with pytest.raises(UsageError, match="target error"):
        pipeline({"1991": 0.9}, ZONE).ask("When?", target_error=target)


@pytest.mark.parametrize("question", ["", "  \n\t", "\u3000"])
def test_an_empty_question_is_refused(question: str) -> None:
    with pytest.raises(UsageError, match="empty"):
        pipeline({}, ZONE).ask(question)


def test_a_long_question_is_refused_and_its_length_named() -> None:
    asked = pipeline({"1991": 2.0}, ZONE)
    assert asked.ask("w" * LONGEST_QUESTION).text == "1991"
    with pytest.raises(UsageError, match="10,000 characters, at most 2,000"):
        asked.ask("w" * 10_000)


@pytest.mark.parametrize(
    ("question", "documents", "reason"),
    [
        ("?!… 😀", (ZONE,), "The question holds no word to look for."),
        ("When?", (), "The index holds no passage to read."),
        ("When?", (Document.create(source="s", text="...", title=""),), "No passage read holds a word."),
    ],
)
def test_nothing_to_judge_is_an_honest_abstention(question: str, documents: tuple[Document, ...], reason: str) -> None:
    answer = pipeline({"1991": 2.0}, *documents).ask(question)
    assert (answer.text, answer.confidence, answer.alternatives, answer.reason) == (None, 0.0, (), reason)


def test_top_k_is_how_many_are_read() -> None:
    shelf = Shelf([ZONE, CITY])
    asked = Pipeline(shelf, FakeReader({}), calibration(), PipelineSettings(top_k=7))
    asked.ask("When?")
    asked.ask("When?", top_k=1)
    assert [limit for _, limit in shelf.asked] == [7, 1]
    with pytest.raises(UsageError, match="top_k"):
        asked.ask("When?", top_k=0)


def test_citations_and_alternatives_are_capped() -> None:
    copies = [Document.create(source=f"{number}.txt", text=ZONE.text, title="Z") for number in range(6)]
    scores = {"1991": 3.0, "14,000": 0.0, "zone": 0.1, "created": 0.2}
    answer = pipeline(scores, *copies, settings=PipelineSettings(citations=2, alternatives=1)).ask(
        "When?", target_error=1
    )
    assert (len(answer.citations), len(answer.alternatives)) == (2, 1)


def test_only_places_with_the_very_words_are_cited() -> None:
    shouting = Document.create(source="b.txt", text="It was CREATED then.", title="B")
    answer = pipeline({"created": 2.0, "CREATED": 1.5}, ZONE, shouting).ask("What?")
    assert [citation.quote for citation in answer.citations] == ["created"]
    assert answer.alternatives == ()


def test_the_same_words_seen_from_two_passages_are_one_place() -> None:
    class Overlapping(Shelf):
        def search(self, question: str, limit: int) -> list[ScoredPassage]:
            return [ScoredPassage(Passage.of(ZONE, span), 0.5) for span in (Span(0, 40), Span(10, len(ZONE.text)))]

    answer = Pipeline(Overlapping([ZONE]), FakeReader({"1991": 2.0}), calibration()).ask("When?")
    assert len(answer.citations) == 1


def test_an_article_replaced_between_search_and_citing_is_searched_again() -> None:
    class Growing(Shelf):
        def search(self, question: str, limit: int) -> list[ScoredPassage]:
            found = super().search(question, limit)
            if len(self.asked) == 1:
                self.documents = [Document.create(source="zone.txt", text="Since then: 1991 firms.", title="Zone")]
            return found

    shelf = Growing([ZONE])
    answer = Pipeline(shelf, FakeReader({"1991": 2.0}), calibration()).ask("When?")
    assert answer.citations[0].span == Span(12, 16)
    assert len(shelf.asked) == 2


def test_an_article_that_never_holds_still_is_an_error() -> None:
    class Vanishing(Shelf):
        def document(self, document_id: str) -> Document:
            raise KeyError(document_id)

    with pytest.raises(IndexUnavailableError, match="ask again"):
        Pipeline(Vanishing([ZONE]), FakeReader({"1991": 2.0}), calibration()).ask("When?")


def test_ask_many_keeps_the_order() -> None:
    answers = list(pipeline({"1991": 2.0}, ZONE).ask_many(["One?", "Two?"]))
    assert [answer.question for answer in answers] == ["One?", "Two?"]


def test_many_threads_get_the_same_answers() -> None:
    asked = pipeline({"1991": 2.0, "14,000 firms": 0.5}, ZONE, CITY)
    expected = answer_to_json(asked.ask("When?"), 1) | {"timings_ms": None}
    with ThreadPoolExecutor(4) as pool:
        rows = [answer_to_json(answer, 1) | {"timings_ms": None} for answer in pool.map(asked.ask, ["When?"] * 20)]
    assert rows == [expected] * 20


def test_a_calibration_for_another_reader_is_refused() -> None:
    with pytest.raises(ModelError, match="refit"):
        Pipeline(Shelf([ZONE]), FakeReader({}), calibration(reader="another"))


def test_without_a_calibration_the_reader_s_own_word_decides() -> None:
    asked = Pipeline(Shelf([ZONE, CITY]), FakeReader({"1991": 0.2, "14,000 firms": -0.5}), Uncalibrated("fake"))
    answer = asked.ask("When?")
    assert (answer.text, answer.calibrated) == ("1991", False)
    assert len(answer.citations) == 2
    silent = Pipeline(Shelf([ZONE]), FakeReader({"1991": -0.2}), Uncalibrated("fake")).ask("When?")
    assert silent.abstained
    assert [other.answer for other in silent.alternatives] == ["1991"]
    assert exhibits_of(answer, asked.document)[0].confidence is None
    with pytest.raises(UsageError, match="cannot be kept"):
        asked.ask("When?", target_error=0.1)


def test_leaving_the_block_closes_the_index() -> None:
    shelf = Shelf([ZONE])
    with Pipeline(shelf, FakeReader({}), calibration()):
        assert not shelf.closed
    assert shelf.closed


def test_settings_that_read_or_cite_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        PipelineSettings(top_k=0)
