"""Processes that train together end with the weights of one that trains alone, and end together."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
import torch.distributed as dist

from training import checkpoint
from training.config import Layout
from training.parallel import leave
from training.spawn import spawn
from training.steps import feature_config, make_features

ROOT = Path(__file__).resolve().parents[2]


def command(root: Path, start: Path, steps: int, *more: str) -> list[str]:
    fixed = ["--run", str(root), "--start", str(start), "--precision", "fp32", "--threads", "1", "--phase", "stable"]
    often = ["--checkpoint-seconds", "0", "--milestone-every", "1000", "--dev-every", "1000"]
    return [sys.executable, "-m", "training", "train", *fixed, *often, "--steps", str(steps), *more]


def finish(call: list[str]) -> None:
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr


def weights(root: Path) -> dict[str, torch.Tensor]:
    state = checkpoint.load(root / "checkpoints" / "stable" / checkpoint.FINAL)
    return {**state["model"], "step": torch.tensor(state["step"])}


def test_two_processes_stopped_and_resumed_end_with_the_weights_of_one(
    prepared: Path, start: Path, tmp_path: Path
) -> None:
    """Batches of 20 windows are parts of 16 and 4, one for each process."""
    roots = [Path(shutil.copytree(prepared, tmp_path / name)) for name in ("alone", "together")]
    for root in roots:
        make_features(Layout(root), feature_config("stable", 3), "stable", 10, start / "tokenizer.json")
    steps, batches = 40, ["--batch-size", "20", "--dropout", "0.1"]
    call = command(roots[1], start, steps, *batches, "--processes", "2")
    latest = roots[1] / "checkpoints" / "stable" / checkpoint.LATEST
    parent = subprocess.Popen(call, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_until(latest.exists, parent)
    children = children_of(parent.pid)
    assert len(children) == 2
    parent.send_signal(signal.SIGTERM)
    assert parent.wait(timeout=60) == 1
    assert not any(map(is_alive, children))
    assert 0 < checkpoint.load(latest)["step"] < steps, "the run must be cut before its end"
    finish(call)
    finish(command(roots[0], start, steps, *batches))
    alone, together = map(weights, roots)
    assert int(alone["step"]) == steps
    assert alone.keys() == together.keys()
    for name, tensor in alone.items():
        assert torch.equal(tensor, together[name]), name


def test_what_joined_the_processes_is_closed_and_may_be_closed_again() -> None:
    dist.init_process_group("gloo", store=dist.HashStore(), rank=0, world_size=1)
    leave()
    assert not dist.is_initialized()
    leave()


SLEEPER = """
import os, pathlib, signal, sys, time
from training.spawn import stop_with_parent

def stop(number, frame):
    pathlib.Path(sys.argv[1], "stopped-" + os.environ["RANK"]).touch()
    sys.exit(1)

signal.signal(signal.SIGTERM, stop)
stop_with_parent()
pathlib.Path(sys.argv[1], "ready-" + os.environ["RANK"]).touch()
time.sleep(60)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_workers_end_with_what_started_them(tmp_path: Path, number: signal.Signals) -> None:
    """Ctrl-C comes as what the trainer answers by saving; a parent that was killed is noticed."""
    code = "import sys; from training.spawn import spawn; sys.exit(spawn(sys.argv[1:], 2))"
    parent = subprocess.Popen([sys.executable, "-c", code, sys.executable, "-c", SLEEPER, str(tmp_path)], cwd=ROOT)
    wait_until(lambda: len(list(tmp_path.glob("ready-*"))) == 2, parent)
    children = children_of(parent.pid)
    parent.send_signal(number)
    assert parent.wait(timeout=30) == (1 if number == signal.SIGINT else -signal.SIGKILL)
    deadline = time.monotonic() + 30
    while any(map(is_alive, children)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not any(map(is_alive, children))
    assert {path.name for path in tmp_path.glob("stopped-*")} == {"stopped-0", "stopped-1"}


def wait_until(condition, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while not condition():
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.005)


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_alive(pid: int) -> bool:
    """Whether it runs; one that has ended and waits to be collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_one_that_fails_ends_the_others() -> None:
    code = "import os, sys, time; sys.exit(3) if os.environ['RANK'] == '1' else time.sleep(60)"
    began = time.monotonic()
    assert spawn([sys.executable, "-c", code], 2) == 3
    assert time.monotonic() - began < 30


def test_one_that_does_not_hear_is_killed() -> None:
    code = (
        "import os, signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        "time.sleep(0.5); sys.exit(4) if os.environ['RANK'] == '0' else time.sleep(60)"
    )
    began = time.monotonic()
    assert spawn([sys.executable, "-c", code], 2, grace=0.5) == 4
    assert time.monotonic() - began < 30


def test_all_well_is_zero_and_each_knows_its_place(tmp_path: Path) -> None:
    code = (
        "import os, pathlib; place = '-'.join(os.environ[key] for key in ('RANK', 'WORLD_SIZE')); "
        f"pathlib.Path({str(tmp_path)!r}, place).touch(); assert os.environ['MASTER_PORT'].isdecimal()"
    )
    assert spawn([sys.executable, "-c", code], 3) == 0
    assert {path.name for path in tmp_path.iterdir()} == {"0-3", "1-3", "2-3"}
