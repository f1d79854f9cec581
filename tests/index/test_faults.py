"""A short run of benchmarks/fault_index.py: builds killed at random instants, and failing calls of the file system."""

import shutil
from pathlib import Path

import pytest

import index.batch
import index.dense.publishing
import index.looks
import index.views
from benchmarks.fault_index import run

PATCHED = {
    "PASSAGES_A_BATCH": index.batch,
    "SIZES": index.dense.publishing,
    "SETTLED_NS": index.looks,
    "LEVEL_EVERY": index.views,
}


@pytest.fixture(autouse=True)
def small_sizes_end_with_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, home in PATCHED.items():
        monkeypatch.setattr(home, name, getattr(home, name))


def test_builds_killed_at_random_instants_lose_nothing(tmp_path: Path) -> None:
    assert run(kills=4, faults=0, seed=11, work=tmp_path)["killed"] >= 2


@pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler to build the failing calls with")
def test_failing_calls_of_the_file_system_lose_nothing(tmp_path: Path) -> None:
    assert run(kills=0, faults=5, seed=12, work=tmp_path)["failed with one line"] >= 2
