"""The systems compared: how each is built and asked, and the environment that each lives in."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from index.encoder_files import package_directory

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


@dataclass(frozen=True, slots=True)
class Peer:
    """One row of the table. `built_by` names the system whose index it asks, where that is not its own."""

    title: str
    environment: str | None
    """Its requirements file; None is the environment that this program runs in, Citespan's own."""
    script: str
    arguments: tuple[str, ...] = ()
    built_by: str | None = None


PEERS: Mapping[str, Peer] = {
    "citespan": Peer("Citespan", None, "with_citespan.py"),
    "haystack": Peer("Haystack 3.4, hybrid by RRF, extractive reader", "haystack", "with_haystack.py"),
    "plain": Peer("plain script, dense", "plain", "with_plain.py"),
    "txtai-first": Peer(
        "txtai 9.14 hybrid, passage by passage, first answer wins", "txtai", "with_txtai.py", ("first",)
    ),
    "txtai-shipped": Peer(
        "txtai 9.14 as shipped, one joined context", "txtai", "with_txtai.py", ("shipped",), "txtai-first"
    ),
}
OURS = "citespan"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a run keeps what it makes, and the reader's weights that all read with."""

    work: Path
    reader: Path
    ours: str
    """The reader as Citespan is told of it; `-` is the one that comes along."""

    def index(self, name: str) -> Path:
        """The folder of a system's index."""
        return self.work / "indexes" / (PEERS[name].built_by or name)

    def command(self, name: str, environments: Path) -> list[str]:
        """How to start the worker of a system."""
        peer = PEERS[name]
        script, folder = str(HERE / "workers" / peer.script), str(self.index(name))
        if peer.environment is None:
            return [sys.executable, script, folder, self.ours]
        models = (str(package_directory()), str(self.reader))
        return [str(environments / peer.environment / "bin" / "python"), script, folder, *models, *peer.arguments]


def surroundings() -> dict[str, str]:
    """A worker's environment: offline, the machine's cores for all, and nobody's figures sent to anyone."""
    return os.environ | {
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "HAYSTACK_TELEMETRY_ENABLED": "False",
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
    }


def make_environments(folder: Path) -> None:
    """One virtual environment for each requirements file, unless it is there; pip takes what is pinned."""
    for name in sorted({peer.environment for peer in PEERS.values() if peer.environment}):
        done = folder / name / ".installed"
        if done.exists():
            continue
        print(f"making the environment of {name} (the first time this takes minutes)", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", str(folder / name)], check=True)
        pip = [str(folder / name / "bin" / "python"), "-m", "pip", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "install", "-r", str(HERE / "requirements" / f"{name}.txt")], check=True)
        done.touch()
