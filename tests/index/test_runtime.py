"""ONNX Runtime reports from native code that no guard on sockets sees: look at what it leaves on disk."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.errors import ModelError
from index.runtime import open_session

PROGRAM = """
from index.encoder import open_encoder
open_encoder().encode(["The tram opened on Monday."])
"""


def files_left(home: Path, program: str) -> list[str]:
    """What a run of `program` writes below its home folder."""
    settings = {name: value for name, value in os.environ.items() if not name.startswith(("ORT_", "XDG_", "CI"))}
    settings |= {"HOME": str(home), "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", program], env=settings, check=True, timeout=120)
    return [path.name for path in home.rglob("*") if path.is_file()]


def test_the_model_runs_without_a_device_id_or_a_queue_of_events(tmp_path: Path) -> None:
    assert files_left(tmp_path, PROGRAM) == []


def test_a_graph_that_is_none_is_one_line() -> None:
    with pytest.raises(ModelError, match="cannot open the model") as caught:
        open_session(b"not a graph", "the model")
    assert "\n" not in str(caught.value)
