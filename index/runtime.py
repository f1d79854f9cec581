"""ONNX Runtime, behind one door for all four rooms: a session of one thread, and nothing sent home.

Since 1.29 the official builds report events to their maker from native code, out of reach of anything that watches
Python's sockets. One variable turns all of it off, and only if it is set before the library initialises, so this module
is the only one that imports it (the library's Privacy.md, "Disabling Telemetry").
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from numpy.typing import NDArray

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime
from onnxruntime.capi.onnxruntime_pybind11_state import (
    Fail,
    InvalidArgument,
    InvalidGraph,
    InvalidProtobuf,
    NoSuchFile,
)

from corpus.errors import ModelError
from index.tensor_memory import TENSORS


class Session(Protocol):
    """What is used of a loaded model."""

    def run(self, outputs: Sequence[str] | None, feed: Mapping[str, NDArray[Any]]) -> list[NDArray[Any]]:
        """The named outputs (all for None) for the inputs in `feed`."""

    def get_inputs(self) -> Sequence[Any]:
        """Its inputs, each with a name."""

    def get_outputs(self) -> Sequence[Any]:
        """Its outputs, each with a name."""


def open_session(graph: bytes, name: str) -> Session:
    """A single-threaded session on the serialised model `graph`; raises ModelError, which calls the model `name`.

    Callers run several sessions' calls side by side instead: parallel over texts, not inside one.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = TENSORS.arena
    try:
        session: Session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except (Fail, InvalidArgument, InvalidGraph, InvalidProtobuf, NoSuchFile) as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise ModelError(
            f"ONNX Runtime {onnxruntime.__version__} cannot open {name} ({reason}); reinstall the model"
        ) from error
    return session
