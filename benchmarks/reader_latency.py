"""What one window costs: our reader as the product opens it, beside PyTorch fp32 of the same weights.

    python -m benchmarks.reader_latency --export FOLDER --checkpoint FILE --out FILE [--tokens 200] [--rounds 200]

FOLDER is what `python -m training export` wrote, so that int8 and fp32 are of one training. Both read the same window
alone on one core that this process is tied to, turn by turn in one run, so that whatever else the machine does falls on
both. Prints medians, quartiles and the ratio, with its 95 % bootstrap interval; the same goes into FILE as JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Callable, Mapping
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.runtime import open_session

Feed = dict[str, NDArray[np.int64]]
Read = Callable[[], NDArray[np.float32]]
"""Reads the window once; its start logits."""
OURS, THEIRS = "onnxruntime int8", "pytorch fp32"
WARM_UP = 10
RESAMPLES = 2000


def window(tokens: int, words: int, seed: int) -> Feed:
    """A window of random word-pieces, as long as asked: what is read does not change how long it takes."""
    ids = np.random.default_rng(seed).integers(1000, words, (1, tokens), dtype=np.int64)
    types = np.zeros_like(ids)
    types[:, 20:] = 1
    return {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": types}


def onnx_read(model: Path, feed: Feed) -> Read:
    """The session that the product opens: one thread, one window."""
    session = open_session(model.read_bytes(), str(model))
    return lambda: session.run(["start_logits"], feed)[0][0]


def torch_read(checkpoint: Path, weights: str, start: Path, feed: Feed) -> Read:
    """The trained model as PyTorch runs it, one thread, its own fused attention."""
    import torch

    from training import checkpoint as checkpoints
    from training.export import trained_model

    torch.set_num_threads(1)
    model = trained_model(checkpoints.load(checkpoint), weights, start)
    model.bert.set_attn_implementation("sdpa")
    given = {name: torch.from_numpy(values) for name, values in feed.items()}

    def read() -> NDArray[np.float32]:
        with torch.inference_mode():
            logits: NDArray[np.float32] = model(**given)[0][0].numpy()
        return logits

    return read


def interleaved(reads: Mapping[str, Read], rounds: int, seed: int) -> dict[str, NDArray[np.float64]]:
    """Milliseconds of each, shape [rounds]; who goes first in a round is drawn."""
    for read in reads.values():
        for _ in range(WARM_UP):
            read()
    draws = np.random.default_rng(seed)
    names = list(reads)
    found = {name: np.empty(rounds) for name in names}
    for round_ in range(rounds):
        for place in draws.permutation(len(names)):
            begun = perf_counter()
            reads[names[place]]()
            found[names[place]][round_] = 1000 * (perf_counter() - begun)
    return found


def summary(times: Mapping[str, NDArray[np.float64]], seed: int) -> dict[str, Any]:
    """Medians with quartiles, and how many times as fast ours is: the ratio of medians, rounds resampled in pairs."""
    ours, theirs = times[OURS], times[THEIRS]
    drawn = np.random.default_rng(seed).integers(0, len(ours), (RESAMPLES, len(ours)))
    ratios = np.median(theirs[drawn], axis=1) / np.median(ours[drawn], axis=1)
    low, high = np.percentile(ratios, [2.5, 97.5])
    return {
        "milliseconds": {name: _spread(values) for name, values in times.items()},
        "ratio": round(float(np.median(theirs) / np.median(ours)), 3),
        "ratio_95": [round(float(low), 3), round(float(high), 3)],
    }


def _spread(values: NDArray[np.float64]) -> dict[str, float]:
    quartiles = np.percentile(values, [50, 25, 75, 95])
    named = dict(zip(("median", "q25", "q75", "p95"), quartiles, strict=True)) | {"least": values.min()}
    return {name: round(float(value), 3) for name, value in named.items()}


def line(measured: Mapping[str, Any]) -> str:
    """All of it for a person."""
    parts = [
        f"{name} {spread['median']:.1f} ms ({spread['q25']:.1f}-{spread['q75']:.1f})"
        for name, spread in measured["milliseconds"].items()
    ]
    low, high = measured["ratio_95"]
    return (
        f"one window of {measured['tokens']} tokens on one core, median (quartiles) of {measured['rounds']} rounds: "
        f"{', '.join(parts)}; {measured['ratio']:.2f} times as fast ({low:.2f}-{high:.2f})"
    )


def machine() -> dict[str, object]:
    """What it ran on."""
    import onnxruntime
    import torch

    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    facts = {name.strip(): value.strip() for name, colon, value in (entry.partition(":") for entry in lines) if colon}
    wanted = ("avx2", "avx512f", "avx512_vnni", "avx_vnni")
    return {
        "processor": facts.get("model name", platform.processor()),
        "features": [flag for flag in wanted if flag in facts.get("flags", "").split()],
        "load_before": round(os.getloadavg()[0], 2),
        "onnxruntime": onnxruntime.__version__,
        "torch": torch.__version__,
    }


def main() -> None:
    """Measure, write, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reader_latency", description=__doc__.split("\n")[0])
    parser.add_argument("--export", type=Path, required=True, help="folder with model_int8.onnx and manifest.json")
    parser.add_argument("--checkpoint", type=Path, required=True, help="the checkpoint that it was exported from")
    parser.add_argument("--start", type=Path, help="pretrained folder; all-MiniLM-L6-v2 by default")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--tokens", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    call = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    from training.start_weights import default_folder

    facts, start = machine(), call.start or default_folder()
    manifest = json.loads((call.export / "manifest.json").read_text(encoding="utf-8"))
    words = json.loads((call.export / "config.json").read_text(encoding="utf-8"))["vocab_size"]
    feed = window(call.tokens, words, call.seed)
    reads = {
        OURS: onnx_read(call.export / "model_int8.onnx", feed),
        THEIRS: torch_read(call.checkpoint, manifest["checkpoint"]["weights"], start, feed),
    }
    apart = float(np.abs(reads[OURS]() - reads[THEIRS]()).max())
    times = interleaved(reads, call.rounds, call.seed)
    measured = {
        "tokens": call.tokens,
        "rounds": call.rounds,
        **summary(times, call.seed),
        "largest_logit_distance": round(apart, 3),
        "machine": facts,
    }
    call.out.write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")
    print(line(measured))


if __name__ == "__main__":
    main()
