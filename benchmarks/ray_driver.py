"""What Ray does in `python -m benchmarks.ray_shards`: runs commands as tasks, so many at once, and times its own share.

It is run by the Python of an environment that holds Ray and nothing of Citespan, reads a job as JSON from its input
and prints what was measured as one line of JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path
from typing import Any

TOOLS = {"pip", "setuptools", "wheel"}
"""What an empty environment holds."""


def run(job: dict[str, Any]) -> dict[str, Any]:
    """Run the job's commands as tasks of one processor each; raises RuntimeError where one of them fails."""
    begun = time.perf_counter()
    import ray

    imported = time.perf_counter()
    ray.init(num_cpus=job["at_once"], include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    task = ray.remote(num_cpus=1)(_call)
    ray.get(task.remote([sys.executable, "-c", ""], None))  # the first task waits for its worker to be started
    started = time.perf_counter()
    codes = ray.get([task.remote(command, job["folder"]) for command in job["commands"]])
    done = time.perf_counter()
    ray.shutdown()
    ended = time.perf_counter()
    if any(codes):
        raise RuntimeError(f"a command ended with {next(code for code in codes if code)}")
    return {
        "import": imported - begun,
        "start": started - imported,
        "tasks": done - started,
        "stop": ended - done,
        "version": ray.__version__,
        "megabytes": installed() / 1e6,
    }


def _call(command: list[str], folder: str | None) -> int:
    """The exit code of a command; in a worker of Ray's."""
    return subprocess.run(command, cwd=folder, check=False, stdout=subprocess.DEVNULL).returncode


def installed() -> int:
    """Bytes of all that is installed besides what an empty environment holds."""
    dists = [dist for dist in metadata.distributions() if dist.metadata["Name"].lower() not in TOOLS]
    paths = {path for dist in dists for file in dist.files or () if (path := Path(file.locate())).is_file()}
    return sum(path.stat().st_size for path in paths)


if __name__ == "__main__":
    print(json.dumps(run(json.load(sys.stdin))))
