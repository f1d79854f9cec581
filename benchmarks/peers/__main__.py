"""Citespan beside its peers: the same encoder, the same reader's weights, the same passages and questions, in one run.

    python -m benchmarks.peers run --set FOLDER --work DIR [--passages N] [--questions M] [--rounds R]
    python -m benchmarks.peers run --ahead ...
    python -m benchmarks.peers page DIR... --page docs/performance.md

FOLDER is a set in BEIR layout with answers. Each system lives in an environment of its own (`requirements/`), made
under `--environments` the first time, and answers as a process of its own; the others are stopped meanwhile. A run that
was stopped goes on where it was. With `--ahead` the environments and the indexes are made and nothing is timed, so that
the machine need not be quiet; the same call without it then goes on with asking, and that run tells no build times.
`page` writes the tables and plots of one or several runs.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import sys
from pathlib import Path
from typing import Any

from benchmarks.peers.material import read_material
from benchmarks.peers.page import write_page
from benchmarks.peers.reader_weights import export_reader
from benchmarks.peers.run import ask_all, build_all
from benchmarks.peers.summary import summary
from benchmarks.peers.systems import Place, make_environments

SUMMARY = "summary.json"


def run(call: argparse.Namespace) -> None:
    """Make what is missing, measure, sum up."""
    call.work.mkdir(parents=True, exist_ok=True)
    environments = call.environments or call.work / "environments"
    make_environments(environments)
    reader = call.reader or export_reader(call.work / "reader")
    place = Place(call.work, reader, "-" if call.reader is None else str(call.ours or call.reader))
    material = read_material(call.set, call.passages, call.questions, call.seed)
    build_all(place, environments, material, call.seed, timed=not call.ahead)
    if call.ahead:
        return
    ask_all(place, environments, material, call.rounds, call.seed)
    found = summary(call.work, material) | {"set": call.set.name, "machine": machine()}
    (call.work / SUMMARY).write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(found["systems"], indent=1))


def machine() -> dict[str, Any]:
    """What it ran on (Linux)."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    parts = (line.partition(":") for line in lines)
    facts = {name.strip(): value.strip() for name, _, value in parts}
    wanted = ("avx2", "avx512f", "avx512_vnni", "avx_vnni", "amx_int8")
    return {
        "processor": facts.get("model name", platform.processor()),
        "features": [flag for flag in wanted if flag in facts.get("flags", "").split()],
        "cores": len(os.sched_getaffinity(0)),
    }


def main() -> int:
    """Run or write the page; exit code 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    commands = parser.add_subparsers(dest="command", required=True)
    measuring = commands.add_parser("run")
    measuring.add_argument("--set", type=Path, required=True)
    measuring.add_argument("--work", type=Path, required=True)
    measuring.add_argument("--environments", type=Path, help="where the virtual environments are (default: in --work)")
    measuring.add_argument("--reader", type=Path, help="a Hugging Face reader's folder; ours, exported, by default")
    measuring.add_argument("--ours", type=Path, help="the same reader in a folder of ours, for Citespan")
    measuring.add_argument("--passages", type=int, default=2123)
    measuring.add_argument("--questions", type=int, default=120)
    measuring.add_argument("--rounds", type=int, default=3)
    measuring.add_argument("--seed", type=int, default=0)
    measuring.add_argument("--ahead", action="store_true", help="make environments and indexes only, untimed")
    writing = commands.add_parser("page")
    writing.add_argument("runs", nargs="+", type=Path)
    writing.add_argument("--page", type=Path, required=True)
    call = parser.parse_args()
    # Ended from outside, it must still wake the workers that it has stopped, or they would stay for ever.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    if call.command == "run":
        run(call)
    else:
        found = [json.loads((folder / SUMMARY).read_text(encoding="utf-8")) for folder in call.runs]
        write_page(call.page, found)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
