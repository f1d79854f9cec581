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
sys.exit(main(["build", *sys.argv[1:2], "--index", sys.argv[2]]))
"""


def test_a_plain_installation_builds_and_has_every_command(articles, tmp_path):
    program = CALL.format(extras=EXTRAS, commands=COMMANDS)
    call = [sys.executable, "-c", program, str(articles), str(tmp_path / "index")]
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(COMMANDS) > 8
