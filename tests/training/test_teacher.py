"""A teacher reads the small reader's windows, and what it says is kept and learnt from."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer, models

from training import checkpoint, soft_labels, soften, window_set
from training.__main__ import main
from training.config import Layout
from training.model import INPUTS, Soft, Weighing, span_loss, start_model, taught_loss
from training.teacher import own_numbers, start_teacher
from training.window_set import WindowSet


@pytest.fixture(scope="module")
def pretrained(start: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random two-layer MPNet whose word pieces are those of `start`, four places further and in another order."""
    from transformers import MPNetConfig, MPNetModel

    folder = tmp_path_factory.mktemp("mpnet")
    words = Tokenizer.from_file(str(start / "tokenizer.json")).get_vocab()
    vocabulary = ["<s>", "<pad>", "</s>", "<unk>", *sorted(words, key=lambda word: -words[word]), "<mask>"]
    pieces = models.WordPiece({word: at for at, word in enumerate(vocabulary)}, unk_token="[UNK]")
    Tokenizer(pieces).save(str(folder / "tokenizer.json"))
    config = MPNetConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=48,
        max_position_embeddings=514,
    )
    torch.manual_seed(0)
    MPNetModel(config, add_pooling_layer=False).save_pretrained(folder)
    return folder


@pytest.fixture
def layout(prepared: Path, tmp_path: Path) -> Layout:
    return Layout(Path(shutil.copytree(prepared, tmp_path / "run")))


def train(layout: Layout, start: Path, *more: str) -> list[str]:
    fixed = ["--run", str(layout.root), "--start", str(start), "--threads", "1", "--precision", "fp32"]
    return ["train", "--phase", "decay", *fixed, "--batch-size", "8", "--shared-weight", "0", *more]


def teach(layout: Layout, start: Path, pretrained: Path, steps: int) -> Path:
    """Train a teacher; its checkpoint."""
    frozen = ["--teacher", str(pretrained), "--frozen-layers", "1", "--name", "teacher"]
    assert main(train(layout, start, *frozen, "--steps", str(steps), "--peak-lr", "0.003")) == 0
    return layout.checkpoints("teacher") / checkpoint.FINAL


def untrained(layout: Layout, start: Path) -> Path:
    """The checkpoint of a reader of no steps."""
    nothing = {"identity": "begin", "base_step": 0, "step": 0, "average": None, "optimiser": None, "random": None}
    path = layout.root / "checkpoints" / "begin.pt"
    checkpoint.save(path, {**nothing, "config": {}, "model": start_model(start, seed=4).state_dict()})
    return path


def soften_all(layout: Layout, start: Path, pretrained: Path, source: Path, *more: str) -> int:
    where = ["--run", str(layout.root), "--start", str(start), "--phase", "decay"]
    return main(["soften", *where, "--checkpoint", str(source), "--teacher", str(pretrained), *more])


def test_every_token_has_its_own_number_in_the_teacher(start: Path, pretrained: Path) -> None:
    small, large = (Tokenizer.from_file(str(folder / "tokenizer.json")) for folder in (start, pretrained))
    numbers = own_numbers(small, large)
    framing = {"[CLS]": "<s>", "[SEP]": "</s>", "[PAD]": "<pad>", "[MASK]": "<mask>"}
    for token, number in small.get_vocab().items():
        assert large.id_to_token(int(numbers[number])) == framing.get(token, token)
    with pytest.raises(ValueError, match=r"lacks 1 of the reader's tokens, zebra first"):
        own_numbers(Tokenizer(models.WordPiece({"zebra": 0, "[UNK]": 1}, unk_token="[UNK]")), large)


def test_the_body_computes_what_transformers_computes(layout: Layout, start: Path, pretrained: Path) -> None:
    from transformers import MPNetModel

    model = start_teacher(pretrained, start / "tokenizer.json", seed=0).eval()
    theirs = MPNetModel.from_pretrained(pretrained, add_pooling_layer=False).eval()
    windows = window_set.load(layout.features("decay") / "pass-0.npz")
    lengths = windows.lengths
    batch = windows.batch(np.array([lengths.argmin(), lengths.argmax()]), pad=0)
    assert not batch["attention_mask"].all(), "padding must be there to be tried"
    with torch.inference_mode():
        start_logits, _, relevance = model(*(batch[name] for name in INPUTS))
        ids = model.numbers[batch["input_ids"]]
        hidden = theirs(input_ids=ids, attention_mask=batch["attention_mask"]).last_hidden_state
        expected, relevant = model.spans(hidden)[..., 0], model.relevance(hidden[:, 0]).squeeze(-1)
    seen = batch["attention_mask"].bool()
    assert torch.allclose(start_logits[seen], expected[seen], atol=1e-5)
    assert torch.allclose(relevance, relevant, atol=1e-5)


def test_frozen_layers_stay_and_the_others_learn(layout: Layout, start: Path, pretrained: Path) -> None:
    source = teach(layout, start, pretrained, steps=5)
    before = start_teacher(pretrained, start / "tokenizer.json", seed=13).state_dict()
    after = checkpoint.load(source)["model"]
    moved = {name for name, weight in before.items() if name in after and not torch.equal(weight, after[name])}
    assert moved
    assert all(name.startswith(("body.encoder.layer.1.", "spans.", "relevance.")) for name in moved)
    assert {"body.encoder.layer.1.attention.attn.q.weight", "spans.weight"} <= moved


def test_soft_labels_are_the_mean_log_probabilities_and_are_read_once(
    layout: Layout, start: Path, pretrained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, begin = teach(layout, start, pretrained, steps=2), untrained(layout, start)
    together = ["--reader", str(begin), "--reader-share", "0.25"]
    monkeypatch.setattr(soften, "SHARD", 16)
    assert soften_all(layout, start, pretrained, source, *together) == 0
    path = layout.features("decay") / "pass-0.npz"
    windows = window_set.load(path, soft=True)
    state = checkpoint.load(source)
    teacher, reader = start_teacher(pretrained, start / "tokenizer.json", seed=0), start_model(start, seed=4)
    teacher.load_state_dict(state["model"] | state["average"])
    for number in (0, len(windows) - 1):
        batch = windows.batch(np.array([number]), pad=0)
        allowed = batch["allowed"][0]
        with torch.inference_mode():
            one, other = (model.eval()(*(batch[name] for name in INPUTS)) for model in (teacher, reader))
        for place, name in enumerate(("soft_start", "soft_end")):
            left, right = (torch.log_softmax(outputs[place][0][allowed], dim=0) for outputs in (one, other))
            assert torch.allclose(batch[name][0][allowed], 0.75 * left + 0.25 * right, atol=5e-3)
        assert torch.allclose(batch["soft_relevance"], 0.75 * one[2] + 0.25 * other[2], atol=2e-3)
    monkeypatch.delattr(soften, "_read")  # a shard that stands is not read again
    soft_labels.beside(path).unlink()
    assert soften_all(layout, start, pretrained, source, *together) == 0
    assert windows.soft is not None
    assert np.array_equal(soft_labels.load(soft_labels.beside(path)).spans, windows.soft.spans)


def said(path: Path, spans: np.ndarray) -> float:
    """How far the log probabilities of a window's places are from their mean, over all windows."""
    windows = window_set.load(path)
    numbers = np.arange(len(windows))
    allowed = [windows.batch(numbers[at : at + 1], pad=0)["allowed"][0].sum().item() for at in numbers]
    parts = np.split(spans, np.cumsum(allowed)[:-1])
    return float(np.mean(np.concatenate([np.abs(part - part.mean(axis=0)) for part in parts])))


@pytest.mark.filterwarnings("ignore")  # of torch and the exporter
def test_in_int8_the_teacher_says_nearly_the_same(layout: Layout, start: Path, pretrained: Path) -> None:
    source = teach(layout, start, pretrained, steps=10)
    path = layout.features("decay") / "pass-0.npz"
    found = []
    for more in ([], ["--int8"]):
        assert soften_all(layout, start, pretrained, source, *more) == 0
        found.append(soft_labels.load(soft_labels.beside(path)).spans.astype(float))
    full, small = (values[found[0][:, 0] != 0] for values in found)
    assert not np.array_equal(full, small)
    # What the places of windows as long as each other differ by is what the teacher says; the rest is their number.
    assert np.abs(full - small).mean() < 0.2 * said(path, full)


def test_other_weights_are_asked_anew_even_in_a_checkpoint_of_the_same_run(
    layout: Layout, start: Path, pretrained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = teach(layout, start, pretrained, steps=1)
    assert soften_all(layout, start, pretrained, source) == 0
    second = soft_labels.beside(layout.features("decay") / "pass-1.npz")
    before, spoken = second.read_bytes(), soft_labels.load(second)
    state = checkpoint.load(source)
    state["average"]["spans.weight"] *= -1
    checkpoint.save(source, state)
    assert soften_all(layout, start, pretrained, source) == 0
    now = soft_labels.load(second)
    assert now.judges != spoken.judges
    assert not np.array_equal(now.spans, spoken.spans)
    second.write_bytes(before)  # as a run that was stopped between the passes leaves it
    student = ["--from", str(untrained(layout, start)), "--steps", "1", "--soft-weight", "0.5", "--name", "student"]
    capsys.readouterr()
    assert main(train(layout, start, *student)) == 1
    assert "different teachers" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--teacher", "PRETRAINED", "--frozen-layers", "3"], "3 layers cannot be frozen of 2"),
        (["--teacher", "PRETRAINED", "--frozen-layers", "-1"], "-1 layers cannot be frozen of 2"),
        (["--teacher", "PRETRAINED", "--dropout", "0.1"], "without dropout"),
        (["--teacher", "PRETRAINED", "--from", "READER"], "the checkpoint is not of a TeacherReader"),
        (["--frozen-layers", "1", "--from", "READER"], "only a teacher has frozen layers"),
        (["--part-size", "0", "--from", "READER"], "at least one window"),
        ([], "--from CHECKPOINT (or --teacher FOLDER)"),
    ],
)
def test_a_call_that_means_nothing_is_told_in_one_line(
    layout: Layout, start: Path, pretrained: Path, capsys: pytest.CaptureFixture[str], more: list[str], said: str
) -> None:
    paths = {"PRETRAINED": str(pretrained), "READER": str(untrained(layout, start))}
    assert main(train(layout, start, "--steps", "1", *(paths.get(word, word) for word in more))) == 1
    lines = [line for line in capsys.readouterr().err.splitlines() if line.startswith("python -m training")]
    assert len(lines) == 1
    assert said in lines[0]


@pytest.mark.parametrize("more", [["--reader", "CHECKPOINT"], ["--reader-share", "1.5"]])
def test_soften_refuses_what_cannot_judge(
    layout: Layout, start: Path, pretrained: Path, capsys: pytest.CaptureFixture[str], more: list[str]
) -> None:
    source = teach(layout, start, pretrained, steps=1)
    words = [str(source) if word == "CHECKPOINT" else word for word in more]
    assert soften_all(layout, start, pretrained, source, *words) == 1
    err = capsys.readouterr().err
    assert "not of a SpanReader" in err or "must be from 0 to 1, not 1.5" in err


@pytest.mark.parametrize(("weight", "temperature"), [(-0.1, 2.0), (1.1, 2.0), (0.5, 0.9), (0.5, float("inf"))])
def test_shares_and_temperatures_out_of_range(weight: float, temperature: float) -> None:
    with pytest.raises(ValueError, match="soft labels: share"):
        Soft(weight, temperature)


def test_labels_of_other_windows_and_missing_ones_are_told(
    layout: Layout, start: Path, pretrained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    origin = teach(layout, start, pretrained, steps=1)
    student = ["--from", str(origin), "--steps", "1", "--soft-weight", "0.5"]
    assert main(train(layout, start, *student)) == 1
    assert "soft-0.npz is missing; run `python -m training soften` first" in capsys.readouterr().err
    assert soften_all(layout, start, pretrained, origin) == 0
    path = layout.features("decay") / "pass-0.npz"
    windows = window_set.load(path)
    WindowSet(windows.ids, windows.offsets, np.flip(windows.targets, axis=0)).save(path)
    assert main(train(layout, start, *student)) == 1
    assert "is of other windows" in capsys.readouterr().err


def test_taught_loss_by_hand() -> None:
    """Softened by 2, the teacher has e:1 for two places and the reader 1:1; the third place is barred for both."""
    lowest = torch.finfo(torch.float32).min
    teacher = torch.tensor([[2.0, 0.0, lowest]])
    share = np.e / (np.e + 1)
    flat = torch.tensor([[5.0, 5.0, lowest]])
    assert float(taught_loss(flat, teacher, 2.0)) == pytest.approx(4 * np.log(2), rel=1e-5)
    entropy = -(share * np.log(share) + (1 - share) * np.log(1 - share))
    assert float(taught_loss(teacher, teacher, 2.0)) == pytest.approx(4 * entropy, rel=1e-5)


def test_soft_labels_weigh_as_asked(layout: Layout, start: Path, pretrained: Path) -> None:
    assert soften_all(layout, start, pretrained, teach(layout, start, pretrained, steps=1)) == 0
    windows = window_set.load(layout.features("decay") / "pass-0.npz", soft=True)
    batch = windows.batch(np.arange(6), pad=0)
    with torch.inference_mode():
        outputs = start_model(start, seed=1).eval()(*(batch[name] for name in INPUTS))

    def loss(soft: Soft | None) -> float:
        return float(span_loss(outputs, batch, Weighing.of([batch], 0.2, 0.0, soft)))

    hard, taught = loss(None), loss(Soft(1.0, 2.0))
    assert loss(Soft(0.0, 2.0)) == pytest.approx(hard, rel=1e-5)
    assert loss(Soft(0.3, 2.0)) == pytest.approx(0.7 * hard + 0.3 * taught, rel=1e-5)
    assert taught != pytest.approx(hard, rel=1e-2)


def test_a_reader_learns_what_the_teacher_says(layout: Layout, start: Path, pretrained: Path) -> None:
    """With soft labels alone, the reader comes nearer to the teacher than it began."""
    origin, model = untrained(layout, start), start_model(start, seed=4)
    source = teach(layout, start, pretrained, steps=1)
    state = checkpoint.load(source)
    for name in ("spans.weight", "spans.bias", "relevance.weight"):
        state["average"][name] *= 40  # so that it is sure of something, right or wrong
    checkpoint.save(source, state)
    assert soften_all(layout, start, pretrained, source) == 0
    student = ["--from", str(origin), "--steps", "40", "--soft-weight", "1", "--peak-lr", "0.003", "--name", "student"]
    assert main(train(layout, start, *student)) == 0
    windows = window_set.load(layout.features("decay") / "pass-0.npz", soft=True)
    batch = windows.batch(np.arange(len(windows)), pad=0)
    weighing = replace(Weighing.of([batch], 0.2, 0.0), soft=Soft(1.0, 1.0))

    def distance() -> float:
        with torch.inference_mode():
            return float(span_loss(model.eval()(*(batch[name] for name in INPUTS)), batch, weighing))

    before = distance()
    model.load_state_dict(checkpoint.load(layout.checkpoints("student") / checkpoint.FINAL)["model"])
    assert distance() < 0.9 * before
