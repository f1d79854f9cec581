import json
import shutil
from collections.abc import Callable
from pathlib import Path
from threading import get_ident

import pytest

from corpus.errors import ModelError
from corpus.types import Document, Passage, Span
from qa.in_flight import QUESTIONS
from qa.model_folder import BUNDLED, ModelFolder
from qa.reader import OnnxReader

HARBOUR = "The harbour opened in 1904. It has 31 berths, and Ana Ruiz has run it since 2017."
LONG = "Nothing of note happened in that year, the chronicle says. " * 40


def passage(text: str, context: str = "") -> Passage:
    document = Document.create(source="a.txt", text=text, title="A")
    return Passage.of(document, Span(0, len(text)), context)


@pytest.fixture(scope="module")
def reader() -> OnnxReader:
    return OnnxReader.load()


def best(reader: OnnxReader, question: str, text: str) -> str:
    return reader.read(question, [passage(text)])[0].candidates[0].span.of(text)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("When did the harbour open?", "1904"),
        ("How many berths does it have?", "31"),
        ("Who runs the harbour?", "Ana Ruiz"),
    ],
)
def test_it_reads(reader: OnnxReader, question: str, expected: str) -> None:
    assert best(reader, question, HARBOUR) == expected


def test_an_answer_deep_in_a_long_passage_is_found(reader: OnnxReader) -> None:
    assert best(reader, "When did the harbour open?", LONG + HARBOUR + LONG) == "1904"


def test_a_reading_does_not_depend_on_the_other_passages(reader: OnnxReader) -> None:
    texts = [HARBOUR, LONG + HARBOUR, "1904", "Tea is grown in Assam.", ""]
    together = reader.read("When did the harbour open?", [passage(text) for text in texts])
    alone = [reader.read("When did the harbour open?", [passage(text)])[0] for text in texts]
    assert together == alone


def test_the_number_of_threads_changes_nothing(reader: OnnxReader) -> None:
    passages = [passage(HARBOUR), passage(LONG)]
    single = OnnxReader.load(threads=1)
    assert single.read("Who runs it?", passages) == reader.read("Who runs it?", passages)
    assert single.fingerprint == reader.fingerprint


def test_beside_another_question_it_reads_the_same_on_its_own_thread(reader: OnnxReader, monkeypatch) -> None:
    passages = [passage(HARBOUR), passage(LONG)]
    run, threads = OnnxReader._run, []
    monkeypatch.setattr(OnnxReader, "_run", lambda self, window: threads.append(get_ident()) or run(self, window))
    alone = reader.read("Who runs it?", passages)
    assert get_ident() not in threads
    threads.clear()
    with QUESTIONS.one(), QUESTIONS.one():
        assert reader.read("Who runs it?", passages) == alone
    assert set(threads) == {get_ident()}


def test_how_many_candidates_a_passage_gives_is_set(reader: OnnxReader) -> None:
    few = OnnxReader.load(candidates=2).read("Who runs it?", [passage(HARBOUR)])[0].candidates
    many = reader.read("Who runs it?", [passage(HARBOUR)])[0].candidates
    assert few == many[:2]
    assert len(many) == 5


def test_no_passages_no_readings(reader: OnnxReader) -> None:
    assert reader.read("Who?", []) == []


@pytest.mark.parametrize("question", ["", "?" * 5000, "who \ud800 is", "\x00", "谁在经营港口？"])
def test_any_question_is_read(reader: OnnxReader, question: str) -> None:
    assert reader.read(question, [passage(HARBOUR)])[0].candidates


@pytest.fixture
def copied(tmp_path: Path) -> Callable[..., Path]:
    """A copy of the bundled folder with changes to its manifest."""

    def copy(**changes: object) -> Path:
        directory = tmp_path / "model"
        shutil.copytree(BUNDLED, directory)
        manifest = json.loads((directory / "manifest.json").read_text(encoding="utf-8")) | changes
        (directory / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        return directory

    return copy


def test_context_is_read_but_never_quoted(reader: OnnxReader, copied: Callable[..., Path]) -> None:
    without = OnnxReader.load(copied(windows={"length": 320, "overlap": 96, "question": 64, "context": 0}))
    text, heading = "It opened in 1904.", "The harbour of Port Ellery"
    plain, shown = (one.read("Which harbour is it?", [passage(text, heading)])[0] for one in (without, reader))
    assert all(candidate.span.end <= len(text) for candidate in shown.candidates)
    assert shown.candidates != plain.candidates
    assert without.fingerprint != reader.fingerprint
    assert without.read("When?", [passage(text)])[0] == reader.read("When?", [passage(text)])[0]


def test_a_damaged_model_is_refused_before_it_is_loaded(copied: Callable[..., Path]) -> None:
    directory = copied()
    with (directory / "reader_int8.onnx").open("r+b") as model:
        model.seek(1000)
        model.write(b"\xff")
    with pytest.raises(ModelError, match=r"reader_int8\.onnx has SHA-256"):
        OnnxReader.load(directory)


def test_a_missing_model_is_named(copied: Callable[..., Path]) -> None:
    directory = copied()
    (directory / "tokenizer.json").unlink()
    with pytest.raises(ModelError, match=r"cannot read the model file .*tokenizer\.json"):
        OnnxReader.load(directory)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "expected a JSON object"),
        ("[]", "holds list"),
        ("{}", "incomplete"),
        ('{"name": "x", "sha256": []}', "incomplete"),
    ],
)
def test_a_broken_manifest_is_told(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match=message):
        ModelFolder.open(tmp_path)


def test_no_manifest_at_all_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"manifest\.json"):
        ModelFolder.open(tmp_path)


def test_a_file_that_is_no_model_is_told_even_with_the_right_hash(copied: Callable[..., Path]) -> None:
    import hashlib

    directory = copied()
    (directory / "reader_int8.onnx").write_bytes(b"not a model")
    manifest = json.loads((directory / "manifest.json").read_text(encoding="utf-8"))
    manifest["sha256"]["reader_int8.onnx"] = hashlib.sha256(b"not a model").hexdigest()
    (directory / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(ModelError, match="cannot open"):
        OnnxReader.load(directory)


def test_every_file_of_the_bundled_reader_is_hashed() -> None:
    manifest = json.loads((BUNDLED / "manifest.json").read_text(encoding="utf-8"))
    unhashed = {"manifest.json", "README.md", "calibration.json", "stopping.json"}
    assert {path.name for path in BUNDLED.iterdir() if path.is_file()} - unhashed == set(manifest["sha256"])
