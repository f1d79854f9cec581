"""A worker process, driven over its pipes and timed from outside; stopped while it is another's turn."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import Any, Self

from benchmarks.peers.systems import surroundings


class Worker:
    """Takes one request at a time. Between requests the process is stopped, so that no other's turn is disturbed."""

    def __init__(self, command: Sequence[str], log: Path) -> None:
        self._log = log.open("a", encoding="utf-8")
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            env=surroundings(),
        )
        self._command = " ".join(command)
        self.request({"do": "memory"})  # its answer says that everything is imported

    def request(self, what: Mapping[str, Any]) -> tuple[dict[str, Any], float]:
        """The reply and the milliseconds until it was there; raises RuntimeError where the worker died."""
        line = json.dumps(what, ensure_ascii=False) + "\n"
        source, target = self._process.stdout, self._process.stdin
        if source is None or target is None:
            raise RuntimeError("the worker has no pipes")
        self._process.send_signal(signal.SIGCONT)
        begun = perf_counter()
        try:
            target.write(line)
            target.flush()
            reply = source.readline()
        except BrokenPipeError:
            reply = ""
        taken = 1000 * (perf_counter() - begun)
        if not reply:
            raise RuntimeError(f"the worker ended: {self._command}; see {self._log.name}")
        self._process.send_signal(signal.SIGSTOP)
        return json.loads(reply), taken

    def told(self, what: Mapping[str, Any]) -> tuple[dict[str, Any], float]:
        """Like `request`, for what must not fail."""
        reply, taken = self.request(what)
        if "error" in reply:
            raise RuntimeError(f"{reply['error']} in {self._command}; see {self._log.name}")
        return reply, taken

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.send_signal(signal.SIGCONT)
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._log.close()
