"""What every worker does: one JSON object a line in, one out, so that all are driven and timed alike from outside.

Only the standard library, for it is loaded in each system's own environment.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol


class System(Protocol):
    """A question answering system over passages, with a folder of its own, in the order in which it is driven."""

    def add(self, passages: Sequence[dict[str, str]]) -> None:
        """Take passages in: {"id", "text"}."""

    def finish(self) -> None:
        """Make everything added searchable and keep it in the folder."""

    def load(self) -> None:
        """Open what `finish` kept, ready to be asked."""

    def ask(self, question: str) -> dict[str, Any]:
        """{"answer": text or "", "found": ids of the passages retrieved, best first}."""


def serve(system: System) -> None:
    """Answer requests until the input ends; what libraries print goes to standard error."""
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin:
        try:
            reply = _reply(system, json.loads(line))
        except Exception as error:  # noqa: BLE001 - what a system raises is part of what is measured
            traceback.print_exc(limit=3)
            reply = {"error": f"{type(error).__name__}: {error}"}
        replies.write(json.dumps(reply, ensure_ascii=False) + "\n")
        replies.flush()


def _reply(system: System, request: dict[str, Any]) -> dict[str, Any]:
    """Carry out one request."""
    match request["do"]:
        case "add":
            system.add(request["passages"])
        case "finish":
            system.finish()
        case "load":
            system.load()
        case "ask":
            return system.ask(request["question"])
        case "memory":
            return memory()
        case other:
            raise ValueError(f"there is no request {other!r}")
    return {}


def memory() -> dict[str, int]:
    """Bytes resident now and at most, of this process (Linux)."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    sizes = {line.split(":")[0]: int(line.split()[1]) * 1024 for line in lines if line.startswith("Vm")}
    return {"resident": sizes["VmRSS"], "peak": sizes["VmHWM"]}
