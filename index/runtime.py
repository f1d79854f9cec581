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

_FATAL = 4
SLOW_FUSIONS = ("SkipLayerNormFusion",)
"""What the library's optimiser is not to do: the operator for a sum and its layer normalisation in one is four times as
slow on a CPU as the two apart (.36 against .08 ms for 142 tokens, ONNX Runtime 1.32), a sixth of a whole int8 model."""


class Session(Protocol):
    """What is used of a loaded model."""

    def run(
        self, outputs: Sequence[str] | None, feed: Mapping[str, NDArray[Any]], run_options: object = None
    ) -> list[NDArray[Any]]:
        """The named outputs (all for None) for the inputs in `feed`; `run_options` are those of a `Stop`."""

    def get_inputs(self) -> Sequence[Any]:
        """Its inputs, each with a name."""

    def get_outputs(self) -> Sequence[Any]:
        """Its outputs, each with a name."""


class Stop:
    """Lets a call of a model be broken off by another thread, between two of its operators: it raises then."""

    def __init__(self) -> None:
        self.run_options = onnxruntime.RunOptions()
        self.run_options.log_severity_level = _FATAL  # being stopped is no error to report

    def stop(self) -> None:
        """Break off the calls that were given `run_options`, and those that will be."""
        self.run_options.terminate = True


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
        session: Session = onnxruntime.InferenceSession(
            graph, options, providers=["CPUExecutionProvider"], disabled_optimizers=list(SLOW_FUSIONS)
        )
    except (Fail, InvalidArgument, InvalidGraph, InvalidProtobuf, NoSuchFile) as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise ModelError(
            f"ONNX Runtime {onnxruntime.__version__} cannot open {name} ({reason}); reinstall the model"
        ) from error
    return session
