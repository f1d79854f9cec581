"""ONNX Runtime reports from native code that no guard on sockets sees: look at what it leaves on disk."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from corpus.errors import ModelError
from index.encoder_files import MODELS
from index.runtime import SLOW_FUSIONS, Stop, open_session

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


def test_sums_and_layer_normalisation_stay_apart(tmp_path: Path) -> None:
    """The library takes no notice of names that it does not know, so look at what it makes of a graph."""
    values = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 8, 16]) for name in ("x", "y", "z")]
    weights = [numpy_helper.from_array(np.ones(16, dtype=np.float32), name) for name in ("scale", "bias")]
    nodes = [
        helper.make_node("Add", ["x", "y"], ["sum"]),
        helper.make_node("LayerNormalization", ["sum", "scale", "bias"], ["z"], axis=-1),
    ]
    graph = helper.make_graph(nodes, "g", values[:2], values[2:], weights)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10).SerializeToString()

    def kinds(left_out: list[str]) -> set[str]:
        options = onnxruntime.SessionOptions()
        options.optimized_model_filepath = str(tmp_path / "optimised.onnx")
        options.log_severity_level = 3
        onnxruntime.InferenceSession(made, options, ["CPUExecutionProvider"], disabled_optimizers=left_out)
        return {node.op_type for node in onnx.load(options.optimized_model_filepath).graph.node}

    assert kinds([]) == {"SkipLayerNormalization"}
    assert kinds(list(SLOW_FUSIONS)) == {"Add", "LayerNormalization"}


def test_a_call_is_broken_off_and_the_session_goes_on(capfd: pytest.CaptureFixture[str]) -> None:
    session = open_session((MODELS / "encoder_int8.onnx").read_bytes(), "the encoder")
    feed = {"input_ids": np.arange(1000, 1200)[None]}
    before = session.run(None, feed)[0]
    stop = Stop()
    assert (session.run(None, feed, stop.run_options)[0] == before).all()
    stop.stop()
    with pytest.raises(Exception, match="terminate"):
        session.run(None, feed, stop.run_options)
    assert (session.run(None, feed)[0] == before).all()
    assert capfd.readouterr().err == ""
