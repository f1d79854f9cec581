"""Milvus Lite beside the embedded engine, in one run: `python -m benchmarks.milvus_scale SIZE --work DIR`.

The collection is that of benchmarks/scale.py (`base` and `build SIZE` come first) and its own truth is what Milvus is
brought level with. Milvus Lite runs as a server of its own, as another process would on another machine; each question
is put to both engines, one after the other, so that whatever else the machine does befalls both. Milvus Lite is Milvus
in pure Python, made for trying things out: these figures say what it takes here, nothing of what a cluster takes.
"""

from __future__ import annotations

import argparse
import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.scale_base import Base, read_base
from benchmarks.scale_recall import BEST, TIE, tenth_scores
from benchmarks.scale_serve import CANDIDATES, WANTED, Prepared, milliseconds, quantiles
from index import hybrid_search, open_encoder, open_index
from index.engines.milvus.opening import open_milvus
from index.engines.milvus.place import DenseIndex, MilvusPlace
from index.leveling import level
from index.types import Engine, Vectors

Json = dict[str, Any]


def run(size: int, work: Path, questions: int, dense: DenseIndex) -> Json:
    """Bring Milvus Lite level with the index of `size` passages, then ask both engines the same questions."""
    directory, base = work / f"index-{size}", read_base(work)
    folder = work / f"milvus-{size}-{dense}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    with served(folder) as (uri, process):
        place = MilvusPlace(uri, dense_index=dense)
        begun = time.perf_counter()
        report = level([directory], place)
        seconds = time.perf_counter() - begun
        loaded = {
            "passages": report.passages,
            "wall_seconds": seconds,
            "passages_per_second": report.passages / seconds,
        }
        _settle(place, base)
        with open_milvus(place) as milvus, open_index(directory) as embedded:
            engines: dict[str, Engine] = {"embedded": embedded, "milvus lite": milvus}
            asked = _ask(engines, base, questions)
            met = _recall(engines, directory, base, questions)
        loaded["server_resident_bytes"] = _resident(process.pid)
    loaded["disk_bytes"] = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return {"size": size, "dense": dense, "questions": questions, "load": loaded, "times_ms": asked, "recall@10": met}


def table(found: Json) -> str:
    """The figures as a table in Markdown."""
    lines = [
        "| | dense, p50 / p95 ms | lexical, p50 / p95 ms | fused, p50 / p95 ms | dense recall@10 |",
        "|---|---:|---:|---:|---:|",
    ]
    for name, times in found["times_ms"].items():
        shown = " | ".join(f"{times[kind]['p50']:,.1f} / {times[kind]['p95']:,.1f}" for kind in times)
        lines.append(f"| {name} | {shown} | {found['recall@10'][name]:.4f} |")
    load = found["load"]
    lines += ["", f"{load['passages']:,} passages loaded in {load['wall_seconds']:,.0f} s"]
    lines[-1] += f" ({load['passages_per_second']:,.0f} a second), {load['disk_bytes'] / 1e6:,.0f} MB on disk, "
    lines[-1] += f"{load['server_resident_bytes'] / 1e6:,.0f} MB resident in the server."
    return "\n".join(lines)


def _ask(engines: dict[str, Engine], base: Base, questions: int) -> Json:
    prepared = Prepared(base, open_encoder().fingerprint)
    asked = list(zip(base.questions, base.question_vectors, strict=True))[:questions]
    kinds: dict[str, Callable[[Engine, str, Vectors], object]] = {
        "dense": lambda engine, _, vector: engine.search_dense(vector, CANDIDATES),
        "lexical": lambda engine, question, _: engine.search_lexical(question, CANDIDATES),
        "fused": lambda engine, question, _: hybrid_search(engine, prepared, question, WANTED),
    }
    times: dict[str, dict[str, list[float]]] = {name: {kind: [] for kind in kinds} for name in engines}
    for question, vector in asked:
        for kind, ask in kinds.items():
            for name, engine in engines.items():
                taken = milliseconds(partial(ask, engine, question, vector))
                times[name][kind].append(taken)
    return {name: {kind: quantiles(taken) for kind, taken in kinds.items()} for name, kinds in times.items()}


def _recall(engines: dict[str, Engine], directory: Path, base: Base, questions: int) -> dict[str, float]:
    vectors = base.question_vectors[:questions]
    least = tenth_scores(directory, vectors)
    return {
        name: float(
            np.mean(
                [
                    sum(hit.score >= floor - TIE for hit in engine.search_dense(vector, BEST)) / BEST
                    for vector, floor in zip(vectors, least, strict=True)
                ]
            )
        )
        for name, engine in engines.items()
    }


def _settle(place: MilvusPlace, base: Base) -> None:
    """Ask until the server has built what it builds at the first question, and merged what it merges behind."""
    with open_milvus(place) as engine:
        before = float("inf")
        for _ in range(30):
            taken = milliseconds(lambda: engine.search_lexical(base.questions[0], CANDIDATES))
            if taken > 0.8 * before:
                break
            before = taken
            time.sleep(2)


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Run Milvus Lite on what is in `folder`; gives its address and its process."""
    folder.mkdir(parents=True, exist_ok=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    call = [sys.executable, "-m", "milvus_lite", "server", "--data-dir", str(folder / "lite.db")]
    call += ["--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(call, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.terminate()
        process.wait()


def _resident(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return 1024 * int(line.split()[1])
    return 0


def main() -> int:
    """Measure, keep the figures in DIR and print the table; exit code 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("size", type=int)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--dense", choices=("FLAT", "HNSW"), default="HNSW")
    call = parser.parse_args()
    found = run(call.size, call.work, call.questions, call.dense)
    (call.work / f"milvus-{call.size}-{call.dense}.json").write_text(json.dumps(found, indent=1), encoding="utf-8")
    print(table(found))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
