import json
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from corpus.types import Document, Passage, Span
from eval.corpus_index import index_documents
from eval.types import Question
from index.encoder import open_encoder
from index.opening import open_index
from index.types import ScoredPassage
from qa.calibration import Calibration, competing_shares
from qa.evidence import gather
from qa.model_folder import BUNDLED, MANIFEST
from qa.reader import OnnxReader
from qa.types import Evidence, Reading, SpanCandidate
from training.bundle import bundle
from training.calibrate import Case, best_share, calibrate, fit_curve, fit_weights, part_of, threshold_for, upper_bounds
from training.calibration_cache import Readings, Searches
from training.calibration_data import Ask, exchanged, in_another_year, share_of


def test_clopper_pearson_by_hand() -> None:
    bounds = upper_bounds(np.array([0.0, 10.0, 1.0]), np.array([10.0, 10.0, 2.0]), 0.05)
    # No error in n trials: the bound solves (1 - p) ** n = alpha. One error in two: 1 - p ** 2 = alpha.
    assert bounds == pytest.approx([1 - 0.05 ** (1 / 10), 1.0, np.sqrt(0.95)])


def test_a_threshold_keeps_its_target_on_fresh_questions() -> None:
    noise = np.random.default_rng(3)
    kept, trials = 0, 60
    for _ in range(trials):
        confidence = noise.uniform(size=800)
        right = (noise.uniform(size=800) < confidence).astype(float)
        needed = threshold_for(0.25, confidence, right)
        # Of answers with confidence uniform in [t, 1] the true error is (1 - t) / 2.
        kept += needed is None or (1 - needed) / 2 <= 0.25
    assert kept >= 0.9 * trials


def test_the_threshold_is_found_where_errors_allow_it() -> None:
    confidence = np.linspace(1, 0, 1000)
    right = (confidence > 0.5).astype(float)
    needed = threshold_for(0.1, confidence, right)
    assert needed is not None
    assert 0.4 < needed < 0.5
    assert threshold_for(0.1, confidence, np.zeros(1000)) is None


def test_equal_confidences_stand_or_fall_together() -> None:
    confidence = np.array([0.9] * 50 + [0.4] * 50)
    assert threshold_for(0.3, confidence, np.array([1.0] * 50 + [0.0] * 50)) == 0.9
    assert threshold_for(0.3, confidence, np.array([1.0] * 25 + [0.0] * 75)) is None
    assert threshold_for(0.3, confidence, np.ones(100)) == 0.4


def evidence(text: str, score: float) -> Evidence:
    document = Document.create(source=text, text=text, title="")
    passage = Passage.of(document, Span(0, len(text)))
    return Evidence(SpanCandidate(Span(0, len(text)), score), ScoredPassage(passage, 0.5))


def made_case(number: int, noise: np.random.Generator) -> Case:
    """Three candidates; which one is right, or that none is, is drawn by the model that is to be found again."""
    margins = noise.normal(size=3)
    shares = competing_shares(2.0 * margins - 0.5)
    drawn = noise.choice(4, p=[*shares, 1 - shares.sum()])
    right = tuple(bool(drawn == place) for place in range(3))
    texts = ("Ada", "Bob", "Cleo")
    ask = Ask(
        Question(f"q{number}", f"question {number}", ("gold",), answerable=True),
        True,
        tuple(evidence(text, float(margin)) for text, margin in zip(texts, margins, strict=True)),
        right,
    )
    return Case("made", ask, margins[:, None], np.array(right, dtype=float), tuple(text.lower() for text in texts))


def test_the_weights_that_made_the_data_are_found_again() -> None:
    noise = np.random.default_rng(1)
    weights = fit_weights([made_case(number, noise) for number in range(1500)])
    assert weights == pytest.approx([2.0, -0.5], abs=0.25)


def test_the_curve_that_made_the_data_is_found_again() -> None:
    noise = np.random.default_rng(2)
    shares = noise.uniform(0.01, 0.99, size=5000)
    odds = 0.7 * np.log(shares / (1 - shares)) - 0.4
    right = (noise.uniform(size=5000) < 1 / (1 + np.exp(-odds))).astype(float)
    assert fit_curve(shares, right) == pytest.approx((0.7, -0.4), abs=0.1)


def test_the_fit_is_what_the_product_reads_and_its_confidence_means_what_it_says() -> None:
    noise = np.random.default_rng(4)
    cases = [made_case(number, noise) for number in range(1200)]
    values = calibrate(cases, ["margin"], "fake", 0.5)
    calibration = Calibration.from_json(json.loads(json.dumps(values)), "a test")
    assert sum(values["parts"].values()) == 1200
    assert values["report"]["all"]["ECE"] < 0.08
    assert values["report"]["all"]["wrong of those answered"] <= 0.5
    assert calibration.threshold() < 1


def test_the_best_share_adds_up_equal_wordings() -> None:
    ask = Ask(Question("q", "q", ("Ada",), answerable=True), True, (), ())
    case = Case("made", ask, np.array([[1.0], [1.0], [1.2]]), np.array([1.0, 1.0, 0.0]), ("ada", "ada", "bob"))
    share, right = best_share(case, np.array([1.0, 0.0]))
    total = 2 * np.e + np.exp(1.2) + 1
    assert share == pytest.approx(2 * np.e / total)
    assert right
    assert best_share(Case("made", ask, np.zeros((0, 1)), np.zeros(0), ()), np.zeros(2)) == (0.0, False)


def test_parts_hang_on_the_words_of_the_question_alone() -> None:
    noise = np.random.default_rng(5)
    one, other = made_case(7, noise), made_case(7, noise)
    assert part_of(one) == part_of(other)
    shares = [share_of(f"question {number}", "part") for number in range(2000)]
    assert 0.45 < sum(share < 0.5 for share in shares) / 2000 < 0.55


class CountingReader:
    """Says the same of every passage and counts how many it read."""

    fingerprint = "counting"
    read_count = 0

    def read(self, question: str, passages: list[Passage]) -> list[Reading]:
        self.read_count += len(passages)
        return [Reading(passage, (SpanCandidate(Span(0, 3), 1.5),), 0.25) for passage in passages]


def test_readings_are_made_once_and_survive_a_line_cut_short(tmp_path: Path) -> None:
    path = tmp_path / "readings.jsonl"
    passages = [evidence("Ada\u2028x", 0.0).scored.passage, evidence("Bob", 0.0).scored.passage]
    reader = CountingReader()
    first = Readings(reader, path).of("who?\u2028", passages)
    path.write_text(path.read_text(encoding="utf-8")[:-20], encoding="utf-8")
    second = Readings(reader, path).of("who?\u2028", passages)
    assert first == second
    assert reader.read_count == 3
    assert Readings(reader, path).of("who?\u2028", passages) == first
    assert reader.read_count == 3
    assert len(gather([ScoredPassage(passage, 0.5) for passage in passages], first)) == 2


def test_an_export_is_bundled_with_its_hashes(tmp_path: Path) -> None:
    export, manifest = tmp_path / "export", json.loads((BUNDLED / MANIFEST).read_text(encoding="utf-8"))
    export.mkdir()
    names = {"model_int8.onnx": "reader_int8.onnx", "tokenizer.json": "tokenizer.json", "config.json": "config.json"}
    for name, here in names.items():
        (export / name).write_bytes((BUNDLED / here).read_bytes())
    made = {
        "files": {name: {"sha256": manifest["sha256"][here], "bytes": 1} for name, here in names.items()},
        "max_length": 320,
        "overlap": 96,
        "max_question": 64,
    }
    (export / MANIFEST).write_text(json.dumps(made), encoding="utf-8")
    folder = bundle(export, "citespan-reader-0", tmp_path / "models")
    assert folder.name == "citespan-reader-0"
    assert folder.windows.context == 0


def test_a_question_of_one_year_is_moved_to_another() -> None:
    moved = in_another_year("Who won the cup in 2014?")
    assert moved is not None
    assert moved.startswith("Who won the cup in 20")
    assert 2005 <= int(moved[-5:-1]) <= 2011
    assert in_another_year("Who won the cup in 2014?") == moved


@pytest.mark.parametrize(
    "question", ["Who won?", "Was it 2014 or 2015?", "Who won in May 2014?", "Who won in the 1990s?"]
)
def test_other_questions_have_no_year_to_move(question: str) -> None:
    assert in_another_year(question) is None


def test_a_question_of_something_else_is_asked_only_where_nothing_found_speaks_of_it(tmp_path: Path) -> None:
    encoder = open_encoder()
    texts = ("The zone in Xiamen counts 14,000 firms.", "The port of Ulm counts 31 berths.")
    documents = [Document.create(source=f"{at}.txt", text=text, title="A zone") for at, text in enumerate(texts)]
    index_documents(documents, tmp_path / "index", encoder)
    reader = OnnxReader.load()
    question = Question("1", "How many firms does the zone in Xiamen count?", ("14,000",))
    with closing(open_index(tmp_path / "index", encoder)) as engine, closing(reader):
        cached = Searches(engine, encoder, tmp_path / "searches"), Readings(reader, tmp_path / "readings")
        ask = exchanged(question, "How many firms does the zone in Hefei count?", engine, *cached)
        assert ask is not None
        assert ask.text == "How many firms does the zone in Hefei count?"
        assert ask.candidates
        assert not ask.answerable
        assert not any(ask.right)
        assert exchanged(question, "How many firms does the zone in Ulm count?", engine, *cached) is None
