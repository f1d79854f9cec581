"""A run that was killed and resumed ends with the same bits as one that was not."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from training import checkpoint
from training.__main__ import main
from training.batches import BatchStream
from training.window_set import Tensors

ROOT = Path(__file__).resolve().parents[2]
STEPS = 40


def command(root: Path, start: Path, *more: str) -> list[str]:
    fixed = ["--run", str(root), "--start", str(start), "--batch-size", "4", "--threads", "1", "--precision", "fp32"]
    often = ["--checkpoint-seconds", "0", "--milestone-every", "20", "--dev-every", "20"]
    return ["train", *fixed, *often, *more]


def run(arguments: list[str]) -> None:
    assert main(arguments) == 0


def kill_after(arguments: list[str], latest: Path, step: int) -> int:
    """Start, wait until a checkpoint of at least `step` stands, kill -9; the step it was killed at."""
    process = subprocess.Popen(
        [sys.executable, "-m", "training", *arguments], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 120
    reached = 0
    while reached < step and process.poll() is None and time.monotonic() < deadline:
        reached = checkpoint.load(latest)["step"] if latest.exists() else 0
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    return int(checkpoint.load(latest)["step"])


def assert_same(left: Path, right: Path) -> None:
    one, other = checkpoint.load(left), checkpoint.load(right)
    assert one["step"] == other["step"]
    for name, tensor in one["model"].items():
        assert torch.equal(tensor, other["model"][name]), name
    for name, tensor in (one["average"] or {}).items():
        assert torch.equal(tensor, other["average"][name]), name


def copy_of(prepared: Path, target: Path) -> Path:
    return Path(shutil.copytree(prepared, target))


def test_killed_and_resumed_run_gives_the_same_bits(prepared: Path, start: Path, tmp_path: Path) -> None:
    whole, broken = copy_of(prepared, tmp_path / "whole"), copy_of(prepared, tmp_path / "broken")
    phase = ["--phase", "stable", "--steps", str(STEPS), "--dropout", "0.1"]
    run(command(whole, start, *phase))
    folder = broken / "checkpoints" / "stable"
    killed_at = kill_after(command(broken, start, *phase), folder / checkpoint.LATEST, 5)
    assert 5 <= killed_at < STEPS, "the run must be cut before its end for this test to mean anything"
    run(command(broken, start, *phase))
    assert_same(whole / "checkpoints" / "stable" / checkpoint.FINAL, folder / checkpoint.FINAL)
    events = [json.loads(line) for line in (broken / "logs" / "stable.jsonl").read_text().splitlines()]
    assert [event["step"] for event in events if event.get("event") == "start"] == [0, killed_at]


def test_decay_stops_at_zero_rate_and_resumes(prepared: Path, start: Path, tmp_path: Path) -> None:
    root = copy_of(prepared, tmp_path / "run")
    run(command(root, start, "--phase", "stable", "--steps", "20"))
    origin = checkpoint.milestone(root / "checkpoints" / "stable", 20)
    decay = ["--phase", "decay", "--from", str(origin), "--steps", str(STEPS)]
    run(command(root, start, *decay, "--name", "whole"))
    latest = root / "checkpoints" / "broken" / checkpoint.LATEST
    assert 3 <= kill_after(command(root, start, *decay, "--name", "broken"), latest, 3) < STEPS
    run(command(root, start, *decay, "--name", "broken"))
    final = root / "checkpoints" / "whole" / checkpoint.FINAL
    assert_same(final, root / "checkpoints" / "broken" / checkpoint.FINAL)
    state = checkpoint.load(final)
    assert state["base_step"] == 20
    assert state["average"] is not None


def test_batches_that_an_earlier_run_has_been_through_are_left_out(
    prepared: Path, start: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    batch = BatchStream.batch

    def recorded(stream: BatchStream, step: int) -> list[Tensors]:
        asked.append(step)
        return batch(stream, step)

    monkeypatch.setattr(BatchStream, "batch", recorded)
    run(command(copy_of(prepared, tmp_path / "run"), start, "--phase", "stable", "--steps", "3", "--skip", "5"))
    assert asked == [5, 6, 7]


def test_other_settings_do_not_resume_silently(
    prepared: Path, start: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = copy_of(prepared, tmp_path / "run")
    run(command(root, start, "--phase", "stable", "--steps", "2"))
    other = [*command(root, start, "--phase", "stable", "--steps", "4"), "--peak-lr", "0.001"]
    assert main(other) == 1
    assert "belongs to run" in capsys.readouterr().err


def test_a_checkpoint_is_whole_or_absent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "latest.pt"
    checkpoint.save(path, {"step": 1})

    def fail(state: object, out: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(torch, "save", fail)
    with pytest.raises(OSError, match="disk full"):
        checkpoint.save(path, {"step": 2})
    assert checkpoint.load(path) == {"step": 1}
