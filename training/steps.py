"""The steps before training: select rows, make windows."""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from training import selection
from training.config import DECAY_SHARES, STABLE_SHARES, FeatureConfig, Layout, Phase
from training.features import Labelled, PassBuilder
from training.negatives import add_hard_negatives
from training.qed_json import read_qed
from training.records import Example, Row, read_examples, read_rows, write_examples, write_rows
from training.squad import normalise
from training.squad_json import read_squad
from training.window_set import pack
from training.windows import Encoded, WindowMaker

DEV_SETS = ("squad1_du11k", "squadshifts_newwiki", "tydiqa_en", "afriqa_en")
DEV_EACH = 75


def write_json(path: Path, value: object) -> None:
    """A small file for people to read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def make_data(
    layout: Layout,
    qa: Path,
    held_out_questions: Sequence[Path],
    seed: int,
    squad: Path | None = None,
    qed: Path | None = None,
) -> dict[str, int]:
    """Select the training rows, find their hard negatives, and draw the development sample.

    `squad`, SQuAD 1.1's training file, and `qed`, a folder with QED's, have questions that join those of `qa`.
    """
    held_out = selection.read_held_out([qa / "core_dev.jsonl.gz", qa / "extra_dev.jsonl.gz"], held_out_questions)
    examples = [*read_examples(qa / "core_train.jsonl.gz"), *read_examples(qa / "extra_train.jsonl.gz")]
    if squad is not None:
        more, barred = read_squad(squad, held_out, (example.id for example in examples))
        examples += more
        print(f"{squad.name}: {len(more)} questions more; articles held out: {', '.join(barred)}", file=sys.stderr)
    if qed is not None:
        examples += read_qed(qed)
    rows, counts = selection.select(examples, held_out, frozenset(STABLE_SHARES) | frozenset(DECAY_SHARES), seed)
    write_rows(layout.rows, add_hard_negatives(rows))
    write_examples(layout.dev, dev_sample(read_examples(qa / "core_dev.jsonl.gz"), seed))
    write_json(layout.data_summary, dict(sorted(counts.items())))
    return dict(sorted(counts.items()))


def dev_sample(examples: Sequence[Example], seed: int) -> list[Example]:
    """A fixed sample of answerable questions, equal parts of four sets."""
    chosen: list[Example] = []
    for name in DEV_SETS:
        members = [example for example in examples if example.dataset == name and example.answers]
        chosen += random.Random(f"{seed} {name}").sample(members, min(DEV_EACH, len(members)))
    return chosen


def feature_config(
    phase: Phase, seed: int, hard_rate: float | None = None, shares: Mapping[str, float] | None = None
) -> FeatureConfig:
    """The decay phase sees clean sets only, windows as long as a reader may meet later, titles and more negatives.

    `shares` stand instead of the recipe's for the sets that they name; ValueError where one is no set or no share.
    """
    changed = dict(shares or {})
    for name, share in changed.items():
        if name not in STABLE_SHARES | DECAY_SHARES or not 0 <= share <= 1:
            raise ValueError(f"{name}={share} is not a training set and a share of its rows between 0 and 1")
    if phase == "stable":
        rate = 0.3 if hard_rate is None else hard_rate
        return FeatureConfig(shares=STABLE_SHARES | changed, hard_rate=rate, seed=seed)
    return FeatureConfig(
        shares=DECAY_SHARES | changed,
        max_length=320,
        crop_rate=0.05,
        title_rate=0.5,
        hard_rate=0.2 if hard_rate is None else hard_rate,
        swap_rate=0.1,
        seed=seed + 1000,
    )


def make_features(
    layout: Layout, config: FeatureConfig, phase: Phase, passes: int, tokenizer: Path
) -> dict[str, object]:
    """Write the windows of each pass; returns the counts of kinds and of labels that do not decode to their gold."""
    rows, maker = read_rows(layout.rows), WindowMaker(tokenizer)
    contexts = maker.encode_all([row.context for row in rows])
    summary: dict[str, object] = {"config": asdict(config)}
    for number in range(passes):
        builder = PassBuilder(rows, contexts, maker, config)
        items = builder.build(number)
        pack(items).save(layout.features(phase) / f"pass-{number}.npz")
        summary[f"pass-{number}"] = {
            "windows": len(items),
            "tokens": sum(len(item.window.ids) for item in items),
            "answerless": sum(item.start == 0 for item in items),
            **builder.counts,
            **check_labels(items, rows, contexts),
        }
    write_json(layout.features(phase) / "summary.json", summary)
    return summary


def check_labels(items: Sequence[Labelled], rows: Sequence[Row], contexts: Sequence[Encoded]) -> Counter[str]:
    """Decode every labelled span back to text: exact, or cut inside a word piece, or (never) something else."""
    found: Counter[str] = Counter()
    for item in items:
        if item.start == 0:
            continue
        row, offsets, shift = rows[item.row], contexts[item.row].offsets, item.window.first - item.window.passage_start
        decoded = row.context[offsets[item.start + shift][0] : offsets[item.end + shift][1]]
        gold = row.context[row.start : row.end]
        expected = contexts[item.row].ids[item.start + shift : item.end + shift + 1]
        if item.window.ids[item.start : item.end + 1] != expected:
            found["label wrong"] += 1
        elif decoded == gold:
            found["label exact"] += 1
        elif normalise(decoded) == normalise(gold):
            found["label equal when normalised"] += 1
        else:
            found["label wider than gold (gold ends inside a piece)" if gold in decoded else "label differs"] += 1
    return found
