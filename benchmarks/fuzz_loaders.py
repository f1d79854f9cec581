"""Feeds damaged files to every loader: each must give documents that hold, or a reason, in bounded time and memory.

    python -m benchmarks.fuzz_loaders --inputs 100000 --state runs/fuzz.json

Every input follows from the seed and its number alone, so a failure is had again by its number (`--only N`). The inputs
run in processes with the limits of the process that parses in a build; one that dies or hangs is a failure, and the run
goes on behind it. What was done is in the state file, and a run that was broken off goes on from there.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks.fuzz_inputs import damaged
from corpus.errors import SourceError
from corpus.loaders.columns import DEFAULT_COLUMNS
from corpus.loaders.limits import LIMITS
from corpus.loaders.load import load_member
from corpus.loaders.members import members
from corpus.types import Document

CPU_SECONDS = 20
"""Of one input; far more than a damaged copy of a short article may need."""
BATCH = 2_000
FAULT = "cannot be parsed as"
"""How the reason begins where a parser raised what nobody expected of it."""


@dataclass(slots=True)
class State:
    """What a run has done so far."""

    seed: int
    done: int = 0
    documents: int = 0
    refused: int = 0
    failures: list[str] = field(default_factory=list)
    reasons: dict[str, int] = field(default_factory=dict)
    by_format: dict[str, int] = field(default_factory=dict)
    slowest: float = 0.0
    slowest_input: int = -1
    most_memory_mb: int = 0
    seconds: float = 0.0


def check(number: int, seed: int) -> tuple[str, list[Document], list[str]]:
    """The format of an input, the documents it gives, and the reasons; raises whatever a loader should not."""
    suffix, data = damaged(number, seed)
    documents: list[Document] = []
    reasons: list[str] = []
    try:
        for member in members("/fuzz", f"fuzz{suffix}", data, LIMITS):
            try:
                loaded = load_member(member, DEFAULT_COLUMNS)
            except SourceError as error:
                reasons.append(str(error))
                continue
            documents += loaded.documents
            reasons += [refusal.reason for refusal in loaded.refused]
    except SourceError as error:
        reasons.append(str(error))
    for document in documents:
        _check_document(document)
    for reason in reasons:
        if not reason or "\n" in reason:
            raise ValueError(f"a reason is one line, got {reason!r}")
    return suffix, documents, reasons


def _check_document(document: Document) -> None:
    """What must hold of every document."""
    pages = document.details.pages
    document.text.encode("utf-8")
    if not document.text.strip() or "\0" in document.text:
        raise ValueError("a document holds text")
    if list(pages) != sorted(pages) or (pages and not 0 <= pages[0] <= pages[-1] <= len(document.text)):
        raise ValueError(f"pages {pages} do not lie in order in {len(document.text)} characters")
    if "\n" in document.title or not document.title:
        raise ValueError(f"a title is one line, got {document.title!r}")


def work(first: int, count: int, seed: int) -> None:
    """Run inputs in this process, one line of JSON before and one after each."""
    import resource
    import signal

    resource.setrlimit(resource.RLIMIT_AS, (LIMITS.memory, LIMITS.memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for number in range(first, first + count):
        print(json.dumps({"begin": number}), flush=True)
        # Left to its default, the signal ends the process even where a library in C hangs.
        signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
        started = time.process_time()
        row: dict[str, object] = {}
        try:
            suffix, documents, reasons = check(number, seed)
            row = {"format": suffix, "documents": len(documents), "reasons": [reason[:60] for reason in reasons[:3]]}
        except Exception as error:  # noqa: BLE001 - this is what is looked for
            row = {"failure": f"{type(error).__name__}: {error}"[:300]}
        used = time.process_time() - started
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(json.dumps({"number": number, "seconds": round(used, 3), "memory": memory, **row}), flush=True)


def run(state: State, inputs: int, path: Path, minutes: float) -> None:
    """Run inputs up to the number `inputs`, for as many minutes at most, and keep the state."""
    until = time.monotonic() + 60 * minutes
    reasons, formats = Counter(state.reasons), Counter(state.by_format)
    while state.done < inputs and time.monotonic() < until:
        started = time.monotonic()
        command = [sys.executable, "-m", "benchmarks.fuzz_loaders", "--work", str(state.done)]
        command += ["--inputs", str(min(BATCH, inputs - state.done)), "--seed", str(state.seed)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as child:
            for line in child.stdout or ():
                row = json.loads(line)
                if "number" in row:
                    _note(state, row, reasons, formats)
                if time.monotonic() > until:
                    child.kill()
        if child.returncode != 0 and time.monotonic() < until:
            state.failures.append(f"{state.done}: the process died with code {child.returncode}")
            state.done += 1
        state.seconds += time.monotonic() - started
        state.reasons, state.by_format = dict(reasons.most_common()), dict(formats)
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = path.with_suffix(".tmp")
        scratch.write_text(json.dumps(asdict(state), indent=1))
        scratch.replace(path)
        print(f"{state.done:,} inputs, {len(state.failures)} failures", flush=True)


def _note(state: State, row: dict[str, object], reasons: Counter[str], formats: Counter[str]) -> None:
    """Account for one input."""
    number, seconds, memory = int(str(row["number"])), float(str(row["seconds"])), int(str(row["memory"]))
    state.done = number + 1
    state.most_memory_mb = max(state.most_memory_mb, memory)
    if seconds > state.slowest:
        state.slowest, state.slowest_input = seconds, number
    if "failure" in row:
        state.failures.append(f"{number}: {row['failure']}")
        return
    formats[str(row["format"])] += 1
    state.documents += int(str(row["documents"]))
    said = row["reasons"] if isinstance(row["reasons"], list) else []
    state.refused += bool(said) and not row["documents"]
    reasons.update(reason if reason.startswith(FAULT) else " ".join(reason.split()[:4]) for reason in map(str, said))


def main() -> int:
    """Fuzz; exit code 1 where there was a failure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=600.0)
    parser.add_argument("--state", type=Path, default=Path("runs/fuzz.json"))
    parser.add_argument("--only", type=int, help="one input, in this process")
    parser.add_argument("--work", type=int, help=argparse.SUPPRESS)
    call = parser.parse_args()
    if call.work is not None:
        work(call.work, call.inputs, call.seed)
        return 0
    if call.only is not None:
        suffix, documents, reasons = check(call.only, call.seed)
        print(suffix, [document.text[:200] for document in documents], reasons)
        return 0
    known = json.loads(call.state.read_text()) if call.state.exists() else {"seed": call.seed}
    state = State(**known)
    run(state, call.inputs, call.state, call.minutes)
    print(json.dumps(asdict(state), indent=1))
    return 1 if state.failures else 0


if __name__ == "__main__":
    os.environ.setdefault("PYTHONDONTWRITEBYTECODE", "1")
    sys.exit(main())
