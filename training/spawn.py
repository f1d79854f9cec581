"""Starts the processes that train together (`training.parallel`), and ends with them.

They stand in sessions of their own, so that Ctrl-C reaches them through here alone, and as what the trainer answers by
saving: SIGTERM. A second one kills. Should this process die itself, they save and stop too.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

SPAWNED = "CITESPAN_TRAINING_SPAWNED"
GRACE = 60.0
"""Seconds that the others have to save and stop, once one has failed."""

Workers = list[subprocess.Popen[bytes]]


def spawn(command: Sequence[str], count: int, grace: float = GRACE) -> int:
    """Run `command` in `count` processes that know each other; 0 when all end well, else the first other exit code."""
    place = {"WORLD_SIZE": str(count), "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(free_port()), SPAWNED: "1"}
    paths = [str(Path(__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])]
    known = {**os.environ, **place, "PYTHONPATH": os.pathsep.join(paths)}
    workers: Workers = []
    with _forwarding(workers):
        try:
            for rank in range(count):
                environment = {**known, "RANK": str(rank), "LOCAL_RANK": str(rank)}
                workers.append(
                    subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, start_new_session=True)
                )
            return _wait(workers, grace)
        finally:
            for worker in workers:
                worker.kill()
                worker.communicate()


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait(workers: Workers, grace: float) -> int:
    """Until all have ended; once one has failed, the others are asked to stop, and after `grace` seconds killed."""
    failed, deadline = 0, float("inf")
    while any(worker.poll() is None for worker in workers):
        codes = [worker.poll() for worker in workers]
        if not failed and (bad := [code for code in codes if code]):
            failed, deadline = bad[0], time.monotonic() + grace
            _signal(workers, signal.SIGTERM)
        if time.monotonic() > deadline:
            _signal(workers, signal.SIGKILL)
        time.sleep(0.05)
    codes = [failed, *(worker.wait() for worker in workers)]
    # A process that a signal ended has a negative code, which no exit code can be.
    return next((code if code > 0 else 128 - code for code in codes if code), 0)


@contextmanager
def _forwarding(workers: Workers) -> Iterator[None]:
    """While inside, SIGTERM and SIGINT go to the workers: the first as SIGTERM, a further one as SIGKILL."""
    heard: list[int] = []

    def forward(number: int, frame: FrameType | None) -> None:
        _signal(workers, signal.SIGKILL if heard else signal.SIGTERM)
        heard.append(number)

    before = {number: signal.signal(number, forward) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _signal(workers: Workers, number: signal.Signals) -> None:
    for worker in workers:
        if worker.poll() is None:
            worker.send_signal(number)


def is_spawned() -> bool:
    """Whether this process is one of those that `spawn` starts."""
    return SPAWNED in os.environ


def stop_with_parent() -> None:
    """In a spawned process: take the end of the parent, which closes its end of standard input, for SIGTERM."""

    def watch() -> None:
        os.read(sys.stdin.fileno(), 1)  # unbuffered: nothing is held that the interpreter needs to end
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()
