from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from training.attention import lean_attention
from training.config import Layout, TrainConfig
from training.decoding import best_span
from training.evaluate import auroc, measure
from training.model import Weighing, shared_loss, span_loss, start_model
from training.predict import Inputs, Prediction, Scores, predict
from training.records import Example
from training.schedule import learning_rate
from training.window_set import load
from training.windows import WindowMaker


def test_lean_attention_is_attention() -> None:
    query, key, value = torch.randn(3, 2, 4, 9, 8)
    mask = torch.zeros(2, 1, 1, 9).masked_fill(torch.arange(9) > 6, torch.finfo(torch.float32).min)
    found, _ = lean_attention(torch.nn.Identity(), query, key, value, mask, scaling=8**-0.5)
    expected = torch.nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
    assert torch.allclose(found, expected.transpose(1, 2), atol=1e-5)


def test_padding_changes_no_logit(start: Path) -> None:
    model = start_model(start, seed=0).eval()
    ids = torch.tensor([[2, 9, 10, 3, 11, 12, 3]])
    mask, types = torch.ones_like(ids), torch.tensor([[0, 0, 0, 0, 1, 1, 1]])
    padded = [torch.nn.functional.pad(tensor, (0, 5)) for tensor in (ids, mask, types)]
    with torch.inference_mode():
        short, long = model(ids, mask, types), model(*padded)
    assert torch.allclose(short[0], long[0][:, :7], atol=1e-5)
    assert torch.allclose(short[2], long[2], atol=1e-5)


def test_loss_of_the_parts_is_the_loss_of_the_batch(prepared: Path, start: Path) -> None:
    windows = load(Layout(prepared).features("stable") / "pass-0.npz")
    model = start_model(start, seed=0).eval()
    names = ("input_ids", "attention_mask", "token_type_ids")
    weighing = Weighing.of([windows.batch(np.arange(8), pad=0)], 0.2, 0.0)

    def loss(numbers: range) -> float:
        batch = windows.batch(np.array(numbers), pad=0)
        with torch.inference_mode():
            return float(span_loss(model(*(batch[name] for name in names)), batch, weighing))

    assert loss(range(8)) == pytest.approx(loss(range(3)) + loss(range(3, 8)), rel=1e-5)


def test_loss_by_hand() -> None:
    batch = {
        "allowed": torch.tensor([[True, False, True, False]]),
        "start": torch.tensor([2]),
        "end": torch.tensor([2]),
        "relevance": torch.tensor([1]),
    }
    flat = torch.tensor([[0.0, 99.0, 0.0, 99.0]])
    expected = np.log(2) + 0.2 * np.log(2)
    outputs = (flat, flat, torch.zeros(1))
    assert float(span_loss(outputs, batch, Weighing.of([batch], 0.2, 0.0))) == pytest.approx(expected, rel=1e-5)
    batch["relevance"] = torch.tensor([-1])
    assert float(span_loss(outputs, batch, Weighing.of([batch], 0.2, 0.0))) == pytest.approx(np.log(2), rel=1e-5)


def test_shared_loss_by_hand() -> None:
    """Leads over null: question 7 has 1 and 2 in its first window, 3 in its second; question 8 only 0."""
    lowest = torch.finfo(torch.float32).min
    logits = torch.tensor([[1.0, 2.0, 3.0], [4.0, 7.0, lowest], [5.0, 5.0, lowest]])
    rows = torch.tensor([7, 7, 8])
    total = np.log(np.exp(1) + np.exp(2) + np.exp(3))
    assert float(shared_loss(logits, torch.tensor([2, 0, 0]), rows)) == pytest.approx(total - 2, rel=1e-5)
    assert float(shared_loss(logits, torch.tensor([2, 1, 1]), rows)) == pytest.approx(2 * total - 5, rel=1e-5)
    logits.requires_grad_()
    shared_loss(logits, torch.tensor([2, 0, 0]), rows).backward()
    assert torch.isfinite(logits.grad).all() and logits.grad[1, 1] > 0 > logits.grad[0, 2]


def test_embeddings_are_frozen(start: Path) -> None:
    model = start_model(start, seed=0)
    trained = {name for name, weight in model.named_parameters() if weight.requires_grad}
    assert not any("embeddings" in name for name in trained)
    assert {"spans.weight", "relevance.weight"} <= trained


def test_schedule() -> None:
    stable, decay = TrainConfig(phase="stable"), TrainConfig(phase="decay", decay_steps=100, warmup=0)
    assert learning_rate(stable, 0) == pytest.approx(2e-4 / 300)
    assert learning_rate(stable, 299) == learning_rate(stable, 9999) == pytest.approx(2e-4)
    assert learning_rate(decay, 24) == pytest.approx(1e-4)
    assert learning_rate(decay, 99) == 0.0
    rising = replace(decay, warmup=50)
    assert learning_rate(rising, 24) == pytest.approx(0.5e-4)
    assert learning_rate(rising, 80) == learning_rate(decay, 80)


def test_best_span_is_joint_ordered_and_short() -> None:
    start, end = np.full(60, -5.0, dtype=np.float32), np.full(60, -5.0, dtype=np.float32)
    start[50], end[45] = 9.0, 8.0
    end[52] = 2.0
    found = best_span(start, end, 40, 59)
    assert (found.start, found.end) == (50, 52)
    start[:], end[:] = -5.0, -5.0
    start[5], end[34], end[35] = 9.0, 1.0, 8.0
    found = best_span(start, end, 4, 59)
    assert (found.start, found.end) == (5, 34)
    assert found.null == -10.0


def test_an_oracle_scorer_reads_every_answer(start: Path) -> None:
    maker = WindowMaker(start / "tokenizer.json")
    context = "The old mill was built by Anna in 1904. " * 40
    examples = [Example("1", "x", "Who?", context + "Dora found the long river.", (("the long river", 0),))]
    wanted = maker.encode("the long river").ids

    def score(inputs: Inputs) -> Scores:
        ids = inputs["input_ids"]
        start_logits, end_logits = np.zeros(ids.shape, dtype=np.float32), np.zeros(ids.shape, dtype=np.float32)
        for row, column in np.ndindex(ids.shape):
            if tuple(ids[row, column : column + 3]) == wanted:
                start_logits[row, column], end_logits[row, column + 2] = 9.0, 9.0
        return start_logits, end_logits, None

    (found,) = predict(examples, maker, score)
    assert found.text == "the long river"
    assert found.relevance is None
    figures = measure(examples, [found])
    assert figures["x"]["em"] == 100.0


def test_auroc_by_hand() -> None:
    assert auroc(np.array([True, True, False]), np.array([3.0, 1.0, 2.0])) == 0.5
    assert auroc(np.array([True, False]), np.array([1.0, 1.0])) == 0.5
    assert auroc(np.array([True, False]), np.array([2.0, 1.0])) == 1.0


def test_unanswerable_rows_count_for_auroc_only() -> None:
    rows = [Example("1", "x", "Who?", "Anna.", (("Anna", 0),)), Example("2", "x", "Who?", "Ben.", ())]
    figures = measure(rows, [Prediction("Anna", 3.0, 2.0, None), Prediction("Ben", 3.0, -1.0, None)])
    assert figures["x"]["answerable"] == 1
    assert figures["x"]["f1"] == 100.0
    assert figures["x"]["answerability_auroc"] == 1.0


@pytest.mark.filterwarnings("ignore")
def test_export_evaluate_and_card(prepared: Path, start: Path, tmp_path: Path) -> None:
    from training import checkpoint
    from training.__main__ import main
    from training.quantise import session
    from training.records import write_examples

    model = start_model(start, seed=0)
    state = {"model": model.state_dict(), "average": None, "base_step": 0, "step": 7, "identity": "x"}
    checkpoint.save(tmp_path / "final.pt", state)
    common = ["--run", str(prepared), "--start", str(start), "--checkpoint", str(tmp_path / "final.pt")]
    out = tmp_path / "model"
    assert main(["export", *common, "--weights", "average", "--out", str(out)]) == 1
    assert main(["export", *common, "--weights", "raw", "--out", str(out)]) == 0
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["outputs"] == ["start_logits", "end_logits", "relevance"]
    assert manifest["data"]
    ids = np.array([[2, 9, 10, 3, 11, 12, 3, 0]] * 3, dtype=np.int64)
    inputs = {"input_ids": ids, "attention_mask": (ids > 0).astype(np.int64), "token_type_ids": np.zeros_like(ids)}
    found = session(out / "model_fp32.onnx", 1).run(None, inputs)
    with torch.inference_mode():
        expected = model.eval()(*(torch.from_numpy(inputs[name]) for name in manifest["inputs"]))
    for left, right in zip(found, expected, strict=True):
        assert np.allclose(left, right.numpy(), atol=1e-4)
    dev = tmp_path / "dev.jsonl.gz"
    write_examples(dev, [Example("1", "x", "Who?", "Anna.", (("Anna", 0),)), Example("2", "x", "Who?", "Ben.", ())])
    figures = tmp_path / "figures.json"
    arguments = ["--model", str(out / "model_int8.onnx"), "--data", str(dev), "--out", str(figures)]
    assert main(["evaluate", *arguments, "--start", str(start)]) == 0
    assert main(["card", "--model", str(out), "--figures", str(figures), "--out", str(tmp_path / "card.md")]) == 0
    assert "model_int8.onnx" in (tmp_path / "card.md").read_text()


def test_a_library_that_is_not_installed_is_named_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import sys

    from training.__main__ import main

    monkeypatch.delitem(sys.modules, "training.export", raising=False)
    monkeypatch.setitem(sys.modules, "onnx", None)
    call = ["export", "--run", str(tmp_path), "--checkpoint", str(tmp_path / "c.pt"), "--out", str(tmp_path / "out")]
    assert main(call) == 1
    said = capsys.readouterr().err
    assert said.startswith("python -m training export: ")
    assert "onnx" in said
    assert said.endswith("run pip install -e '.[training]' first\n")
    assert said.count("\n") == 1
