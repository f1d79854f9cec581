"""What a plain installation lacks, no command loads unless asked to: CI installs all extras and would not see it."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
COMMANDS = sorted(file.stem for file in (ROOT / "qa" / "commands").glob("[!_]*.py"))
EXTRAS = ("grpc", "pymilvus", "milvus_lite", "onnx", "onnxscript")
CALL = """
import importlib, sys
sys.modules.update(dict.fromkeys({extras!r}))
for name in {commands!r}:
    importlib.import_module("qa.commands." + name)
from qa.cli import main
sys.exit(main(["build", sys.argv[1], "--index", *sys.argv[2:]]))
"""


def build(*arguments: str) -> subprocess.CompletedProcess[str]:
    program = CALL.format(extras=EXTRAS, commands=COMMANDS)
    call = [sys.executable, "-c", program, *arguments]
    return subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_plain_installation_builds_and_has_every_command(articles, tmp_path):
    done = build(str(articles), str(tmp_path / "index"))
    assert done.returncode == 0, done.stderr
    assert len(COMMANDS) > 8


def test_what_needs_an_extra_says_so_before_anything_is_built(articles, tmp_path):
    done = build(str(articles), str(tmp_path / "index"), "--engine", "milvus", "--uri", str(tmp_path / "lite.db"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "pip install 'citespan[milvus]'" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "index").exists()
