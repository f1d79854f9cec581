"""From one set of weights: an export in three precisions, a folder that holds them, and a Hugging Face model."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import onnx
import pytest

from corpus.errors import ModelError
from corpus.types import Document, Passage, Span
from qa.hf_reader import HfReader
from qa.model_folder import MANIFEST, ModelFolder
from qa.precision import PRECISIONS
from qa.reader import OnnxReader
from qa.types import Reading
from qa.windows import WindowSettings
from training.bundle import bundle
from training.evaluate import onnx_scorer

pytestmark = pytest.mark.filterwarnings("ignore")  # of torch, transformers and the exporter

QUESTIONS = ["Who built the mill?", "When was the old mill built?"]
WORDS = ["the", "old", "mill", "was", "built", "by", "Anna", "in", "1904", ".", "Ben", "river", "14,000", "red"]
TEXTS = [
    "The old mill was built by Anna in 1904. The river is long.",
    " ".join(random.Random(3).choices(WORDS, k=500)),
    "14,000 schools",
]


def passages() -> list[Passage]:
    documents = [Document.create(source=f"{at}.txt", text=text, title="The mill") for at, text in enumerate(TEXTS)]
    return [Passage.of(document, Span(0, len(document.text)), "The old mill") for document in documents]


@pytest.fixture(scope="module")
def exported(prepared: Path, start: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the export step writes of random weights that tell places apart."""
    import torch

    from training import checkpoint
    from training.__main__ import main
    from training.model import start_model

    folder = tmp_path_factory.mktemp("exported")
    model = start_model(start, seed=0)
    torch.manual_seed(5)
    for weight in model.parameters():
        torch.nn.init.normal_(weight, std=0.25)
    state = {"model": model.state_dict(), "average": None, "base_step": 0, "step": 7, "identity": "x"}
    checkpoint.save(folder / "final.pt", state)
    call = ["export", "--run", str(prepared), "--start", str(start), "--weights", "raw", "--out", str(folder / "out")]
    assert main([*call, "--checkpoint", str(folder / "final.pt")]) == 0
    return folder / "out"


@pytest.fixture(scope="module")
def several(exported: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("several")
    bundle(exported, "tiny", folder, PRECISIONS)
    return folder


def scores(readings: list[Reading]) -> list[float]:
    return [candidate.score for reading in readings for candidate in reading.candidates]


def test_every_precision_opens_by_its_name_and_is_told_apart(several: Path) -> None:
    readers = {precision: OnnxReader.load(several, precision=precision) for precision in PRECISIONS}
    assert len({reader.fingerprint for reader in readers.values()}) == len(PRECISIONS)
    assert OnnxReader.load(several).fingerprint == readers["int8"].fingerprint
    sizes = [(several / f"reader_{precision}.onnx").stat().st_size for precision in ("fp16", "fp32")]
    assert sizes[0] < sizes[1]
    said = {precision: reader.read(QUESTIONS[0], passages()) for precision, reader in readers.items()}
    full, half = said["fp32"], said["fp16"]
    for left, right in zip(half, full, strict=True):
        assert left.candidates[0].span == right.candidates[0].span
        assert left.candidates[0].score == pytest.approx(right.candidates[0].score, abs=0.1)
        assert left.relevance == pytest.approx(right.relevance, abs=0.1)
    assert scores(half) != scores(full)
    assert np.isfinite(scores(said["int8"])).all()


def test_an_export_says_nothing_of_the_machine_that_made_it(exported: Path) -> None:
    for path in exported.glob("*.onnx"):
        assert not any(node.metadata_props or node.doc_string for node in onnx.load(path).graph.node), path.name
        assert b"site-packages" not in path.read_bytes(), path.name


def test_one_damaged_precision_spoils_no_other(several: Path, tmp_path: Path) -> None:
    import shutil

    folder = Path(shutil.copytree(several, tmp_path / "model"))
    (folder / "reader_fp32.onnx").write_bytes(b"")
    (folder / "reader_fp16.onnx").unlink()
    assert ModelFolder.open(folder).model.name == "reader_int8.onnx"
    with pytest.raises(ModelError, match="SHA-256"):
        ModelFolder.open(folder, "fp32")
    with pytest.raises(ModelError, match="has no fp16 weights, only int8, fp32;"):
        ModelFolder.open(folder, "fp16")


def test_a_bundle_takes_what_it_is_told_to(exported: Path, tmp_path: Path) -> None:
    opened = bundle(exported, "tiny", tmp_path / "one")
    assert opened.model.name == "reader_int8.onnx"
    assert {path.name for path in (tmp_path / "one").iterdir()} == {
        *("reader_int8.onnx", "tokenizer.json", "config.json", MANIFEST),
    }
    first = bundle(exported, "tiny", tmp_path / "two", ["fp32", "int8"])
    assert first.model.name == "reader_fp32.onnx"
    made = json.loads((exported / MANIFEST).read_text(encoding="utf-8"))
    old = {key: value for key, value in made.items() if key != "precisions"}
    (exported / MANIFEST).write_text(json.dumps(old), encoding="utf-8")
    with pytest.raises(ValueError, match="has no fp16 weights, only int8"):
        bundle(exported, "tiny", tmp_path / "three", ["fp16"])
    assert bundle(exported, "tiny", tmp_path / "three").fingerprint == opened.fingerprint
    (exported / MANIFEST).write_text(json.dumps(made), encoding="utf-8")


def test_the_same_weights_read_alike_as_onnx_and_as_a_hugging_face_model(
    exported: Path, several: Path, start: Path, tmp_path: Path
) -> None:
    import torch
    from tokenizers import Tokenizer, processors
    from transformers import BertConfig, BertForQuestionAnswering, PreTrainedTokenizerFast

    from training import checkpoint

    weights = checkpoint.load(exported.parent / "final.pt")["model"]
    model = BertForQuestionAnswering(BertConfig.from_pretrained(start))
    renamed = {name.replace("spans.", "qa_outputs."): tensor for name, tensor in weights.items()}
    missing = model.load_state_dict(
        {name: tensor for name, tensor in renamed.items() if not name.startswith("relevance")}, strict=False
    )
    assert missing.missing_keys == missing.unexpected_keys == []
    torch.manual_seed(0)
    tokenizer = Tokenizer.from_file(str(start / "tokenizer.json"))
    special = [(name, tokenizer.token_to_id(name)) for name in ("[CLS]", "[SEP]")]
    tokenizer.post_processor = processors.TemplateProcessing("[CLS] $A [SEP]", "[CLS] $A [SEP] $B:1 [SEP]:1", special)
    names = {"cls_token": "[CLS]", "sep_token": "[SEP]", "pad_token": "[PAD]", "unk_token": "[UNK]"}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, **names).save_pretrained(tmp_path)
    model.save_pretrained(tmp_path)

    ours = OnnxReader.load(several, precision="fp32")
    made = json.loads((several / MANIFEST).read_text(encoding="utf-8"))
    foreign = HfReader.load(str(tmp_path), windows=WindowSettings(**made["windows"]))
    for question in QUESTIONS:
        left, right = ours.read(question, passages()), foreign.read(question, passages())
        spans = [[candidate.span for candidate in reading.candidates] for reading in left]
        assert spans == [[candidate.span for candidate in reading.candidates] for reading in right]
        assert all(spans)
        assert scores(left) == pytest.approx(scores(right), abs=2e-3)


def test_robustness_is_measured_from_the_command_line(
    exported: Path, start: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from training.__main__ import main
    from training.records import Example, write_examples

    data, out = tmp_path / "dev.jsonl.gz", tmp_path / "robustness.json"
    rows = [Example(str(at), "x", question, TEXTS[0], (("1904", 34),)) for at, question in enumerate(QUESTIONS)]
    write_examples(data, [*rows, Example("9", "x", "Who?", TEXTS[0], ())])
    call = ["robustness", "--model", str(exported / "model_int8.onnx"), "--data", str(data), "--out", str(out)]
    assert main([*call, "--start", str(start)]) == 0
    found = json.loads(out.read_text(encoding="utf-8"))
    assert found["conditions"]["as it is"]["questions"] == 2
    assert found["conditions"]["question word moved"]["questions"] == 1
    assert "| upper case | 2 |" in capsys.readouterr().out


def test_a_window_is_scored_alike_in_any_company(exported: Path) -> None:
    scorer = onnx_scorer(exported / "model_int8.onnx")
    ids = np.random.default_rng(0).integers(5, 30, (4, 60))
    mask = (np.arange(60) < np.array([[60], [20], [41], [7]])).astype(np.int64)
    inputs = {"input_ids": ids * mask, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    together = scorer(inputs)
    for row, length in enumerate(mask.sum(axis=1)):
        alone = scorer({name: values[row : row + 1, :length] for name, values in inputs.items()})
        for left, right in zip(alone[:2], together[:2], strict=True):
            assert (left[0] == right[row, :length]).all()
        assert alone[2] is not None
        assert together[2] is not None
        assert alone[2][0] == together[2][row]


@pytest.mark.parametrize("precision", ["fp32", "int8"])
def test_a_published_reader_becomes_the_start_of_a_run(
    exported: Path, start: Path, tmp_path: Path, precision: str
) -> None:
    from training import checkpoint
    from training.__main__ import main

    call = ["adopt", "--model", str(exported / f"model_{precision}.onnx"), "--run", str(tmp_path)]
    assert main([*call, "--start", str(start)]) == 0
    adopted = checkpoint.load(tmp_path / "checkpoints" / "adopted.pt")["model"]
    exact = checkpoint.load(exported.parent / "final.pt")["model"]
    for name, weight in exact.items():
        if name.startswith("bert.embeddings."):
            continue
        # Int8 in reduced range has steps of a 64th of a column's largest; smoothing adds to it, and so does rounding,
        # which moves single weights further to keep the products.
        moved = float((adopted[name] - weight).norm() / weight.norm().clamp(min=1e-6))
        assert moved <= (1e-5 if precision == "fp32" else 0.12), name


def test_a_graph_that_is_not_ours_is_not_taken_up(tmp_path: Path, start: Path) -> None:
    import onnx

    from training.warm_start import read_published

    node = onnx.helper.make_node("Identity", ["x"], ["y"])
    values = [onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [1]) for name in ("x", "y")]
    onnx.save(onnx.helper.make_model(onnx.helper.make_graph([node], "g", values[:1], values[1:])), str(tmp_path / "x"))
    with pytest.raises(ValueError, match=r"lacks .* not an export of ours"):
        read_published(tmp_path / "x", start)
