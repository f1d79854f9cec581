from __future__ import annotations

import json
import random
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from training.__main__ import parser
from training.augmentation import disturb, mistype
from training.batches import BatchStream, groups, plan
from training.config import Layout
from training.crops import crop
from training.records import read_rows
from training.steps import check_labels, feature_config, make_data, make_features
from training.titles import names, title
from training.window_set import WindowSet, load, pack
from training.windows import Head, WindowMaker, sentence_starts, token_span


@pytest.fixture(scope="module")
def maker(start: Path) -> WindowMaker:
    return WindowMaker(start / "tokenizer.json")


@given(
    length=st.integers(1, 900),
    question=st.integers(1, 64),
    context=st.integers(0, 16),
    max_length=st.integers(180, 384),
)
def test_windows_cover_the_passage_and_overlap(
    start: Path, length: int, question: int, context: int, max_length: int
) -> None:
    maker = WindowMaker(start / "tokenizer.json")
    passage = list(range(1000, 1000 + length))
    windows = maker.windows(Head([7] * question, [8] * context), passage, max_length, 96)
    seen = [window.ids[window.passage_start : -1] for window in windows]
    assert {token for part in seen for token in part} == set(passage)
    assert all(len(window.ids) <= max_length for window in windows)
    for window, part in zip(windows, seen, strict=True):
        assert part[0] == 1000 + window.first
        assert len(part) == window.passage_length
        assert window.ids[window.passage_start - context - 1] == window.ids[-1]
    for left, right in pairwise(seen):
        assert len(set(left) & set(right)) == 96


@given(st.data())
def test_a_crop_keeps_the_answer(data: st.DataObject) -> None:
    length = data.draw(st.integers(1, 600))
    first = data.draw(st.integers(0, length - 1))
    last = data.draw(st.integers(first, min(length - 1, first + 60)))
    starts = sorted({0, *data.draw(st.sets(st.integers(0, length - 1)))})
    size = data.draw(st.integers(100, 160))
    low, high = crop(starts, length, (first, last), size, random.Random(data.draw(st.integers())))
    assert 0 <= low <= first <= last < high <= length
    assert high - low <= max(length if length <= size else 0, 2 * size)


def test_token_span_touches_the_answer(maker: WindowMaker) -> None:
    text = "The old mill was built by Anna in 1904."
    offsets = maker.encode(text).offsets
    start = text.index("Anna")
    assert token_span(offsets, start, start + 4) == (6, 6)
    assert token_span(offsets, len(text), len(text)) is None


def test_sentences_begin_after_full_stops(maker: WindowMaker) -> None:
    text = "Anna is old. Ben is new.\nDora"
    assert sentence_starts(text, maker.encode(text).offsets) == [0, 4, 8]


def test_every_label_decodes_to_its_gold(prepared: Path, start: Path) -> None:
    from training.features import PassBuilder

    rows = read_rows(Layout(prepared).rows)
    maker = WindowMaker(start / "tokenizer.json")
    contexts = maker.encode_all([row.context for row in rows])
    items = PassBuilder(rows, contexts, maker, feature_config("stable", 3)).build(0)
    counts = check_labels(items, rows, contexts)
    assert set(counts) == {"label exact"}
    assert counts["label exact"] == sum(item.start > 0 for item in items)
    assert {item.relevance for item in items if item.kind.endswith("negative")} <= {0}
    assert {item.relevance for item in items if item.kind == "unanswerable"} == {1}
    assert all(item.start == item.end == 0 for item in items if "negative" in item.kind)


def test_passes_differ_but_the_same_seed_repeats(prepared: Path, start: Path, tmp_path: Path) -> None:
    first = [load(prepared / "features" / "stable" / f"pass-{number}.npz").digest for number in range(2)]
    assert first[0] != first[1]
    again = Layout(tmp_path)
    again.rows.parent.mkdir(parents=True)
    again.rows.write_bytes(Layout(prepared).rows.read_bytes())
    make_features(again, feature_config("stable", 3), "stable", 2, start / "tokenizer.json")
    assert [load(again.features("stable") / f"pass-{number}.npz").digest for number in range(2)] == first


def test_a_batch_bars_question_and_padding(prepared: Path) -> None:
    windows = load(prepared / "features" / "stable" / "pass-0.npz")
    batch = windows.batch(np.arange(6), pad=0)
    for row in range(6):
        length, begin = int(windows.lengths[row]), int(windows.targets[row, 0])
        expected = [0, *range(begin, length - 1)]
        assert batch["allowed"][row].nonzero().flatten().tolist() == expected
        assert batch["attention_mask"][row].sum() == length
        assert batch["token_type_ids"][row].sum() == length - begin
        assert batch["allowed"][row, batch["start"][row]]


def test_every_window_is_seen_once_a_pass_and_in_a_new_order_each_time() -> None:
    lengths = np.random.default_rng(0).integers(10, 200, 333)
    seen = np.concatenate(plan(lengths, 8, np.random.default_rng(1)))
    assert sorted(seen.tolist()) == list(range(333))
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    targets = np.zeros((333, 6), dtype=np.int32)
    windows = WindowSet(np.zeros(int(offsets[-1]), dtype=np.int32), offsets, targets)
    stream = BatchStream([windows, windows], (8, 3), pad=0, seed=1)
    assert stream.steps == 84
    assert sum(len(part["start"]) for step in range(42) for part in stream.batch(step)) == 333
    shapes = [[part["input_ids"].shape for part in stream.batch(step)] for step in (5, 47, 89)]
    assert shapes == [[part["input_ids"].shape for part in stream.batch(step)] for step in (5, 47, 89)]
    assert len({str(shape) for shape in shapes}) > 1


def test_empty_passes_are_refused() -> None:
    with pytest.raises(ValueError, match="features"):
        BatchStream([pack([])], (8, 4), pad=0, seed=0)


def test_noise_is_light_and_seeded() -> None:
    question = "Where did the river flow?"
    changed = mistype(question, random.Random(1))
    assert changed != question
    assert abs(len(changed) - len(question)) <= 1
    assert mistype("Is it so?", random.Random(1)) == "Is it so?"
    assert disturb(question, 0.0, 1.0, random.Random(0)) == question[:-1]
    assert disturb(question, 0.0, 0.0, random.Random(0)) == question


@pytest.mark.parametrize("phase", ["stable", "decay"])
def test_titles_stand_before_the_passage_and_are_no_answer(prepared: Path, phase: str) -> None:
    windows = load(Layout(prepared).features(phase) / "pass-0.npz")  # type: ignore[arg-type]
    contexts = windows.targets[:, 5]
    assert (contexts.max() > 0) == (phase == "decay")
    batch = windows.batch(np.arange(len(windows)), pad=0)
    firsts = torch.from_numpy(windows.targets[:, 0].astype(np.int64))
    for place, (first, context) in enumerate(zip(firsts, contexts, strict=True)):
        assert not batch["allowed"][place, 1:first].any()
        types = batch["token_type_ids"][place]
        assert types[first - context] == 1 and types[first - context - 1] == 0
    answered = batch["start"] > 0
    assert (batch["start"][answered] >= firsts[answered]).all()


def test_groups_keep_the_windows_of_a_question_together() -> None:
    found = [list(group) for group in groups(np.array([3, 3, 5, 3, 7, 7, 7, 7, 7], dtype=np.int32))]
    assert found == [[0, 1], [2], [3], [4, 5, 6, 7], [8]]


def test_a_grouped_stream_reads_every_window_once(prepared: Path) -> None:
    windows = load(Layout(prepared).features("decay") / "pass-0.npz")
    stream = BatchStream([windows], (8, 4), pad=0, seed=1, grouped=True)
    seen: list[int] = []
    for step in range(stream.steps):
        for part in stream.batch(step):
            seen += [int(ids.sum()) for ids in part["input_ids"]]
    assert len(seen) == len(windows)
    expected = [int(windows.ids[windows.offsets[at] : windows.offsets[at + 1]].sum()) for at in range(len(windows))]
    assert sorted(seen) == sorted(expected)


def test_titles_are_the_names_that_a_text_speaks_of() -> None:
    text = "Marie Curie was born in Warsaw. It says that Marie Curie moved to Paris. The city of Paris was large."
    assert names(text) == ["Marie Curie", "Paris", "Warsaw"]
    assert title(text, 0.9) == "Marie Curie"
    assert title(text, 0.1) == "Marie Curie › Paris"
    assert title("nothing here. Or there.", 0.1) == ""


def test_shares_may_be_set_by_hand() -> None:
    shares = feature_config("decay", 3, shares={"qed_train": 0.25, "afriqa_en": 0}).shares
    assert (shares["qed_train"], shares["afriqa_en"], shares["tydiqa_en"]) == (0.25, 0, 1.0)
    for name, share in (("qed", 0.5), ("qed_train", 1.5)):
        with pytest.raises(ValueError, match=f"{name}={share} is not a training set"):
            feature_config("stable", 3, shares={name: share})


def test_the_command_line_takes_shares_of_sets() -> None:
    call = parser().parse_args(["features", "--phase", "decay", "--share", "qed_train=.5", "--share", "tydiqa_en=0"])
    assert dict(call.share) == {"qed_train": 0.5, "tydiqa_en": 0.0}
    with pytest.raises(SystemExit):
        parser().parse_args(["features", "--phase", "decay", "--share", "qed_train"])


def test_questions_of_qed_join_the_data(qa: Path, tmp_path: Path) -> None:
    text = "The bridge is Ben 's ."
    line = {"example_id": 5, "question_text": "whose is the bridge", "paragraph_text": text, "answer_spans": [[14, 17]]}
    (tmp_path / "nq-train-00-qed.jsonlines").write_text(json.dumps(line), encoding="utf-8")
    counts = make_data(Layout(tmp_path / "run"), qa, [], 3, qed=tmp_path)
    assert counts["qed_train: kept"] == 1
    (row,) = (row for row in read_rows(Layout(tmp_path / "run").rows) if row.dataset == "qed_train")
    assert row.context[row.start : row.end] == "Ben"
