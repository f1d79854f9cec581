from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from training.smoothing import smooth, wide_products


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    """Two products of one activation, and one out of a wide inner layer."""
    draw = np.random.default_rng(1)
    weights = {"a": (12, 16), "b": (12, 16), "c": (32, 16)}
    nodes = [
        helper.make_node("MatMul", ["x", "a"], ["xa"], name="first"),
        helper.make_node("MatMul", ["x", "b"], ["xb"], name="second"),
        helper.make_node("Concat", ["xa", "xb"], ["inner"], axis=-1),
        helper.make_node("MatMul", ["inner", "c"], ["y"], name="out"),
    ]
    made = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 12])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 16])],
        [numpy_helper.from_array(draw.normal(size=shape).astype(np.float32), name) for name, shape in weights.items()],
    )
    path = tmp_path / "graph.onnx"
    onnx.save(helper.make_model(made, opset_imports=[helper.make_opsetid("", 18)], ir_version=10), str(path))
    return path


def run(path: Path, name: str, x: np.ndarray) -> np.ndarray:
    model = onnx.load(str(path))
    model.graph.output.append(helper.make_empty_tensor_value_info(name))
    return onnxruntime.InferenceSession(model.SerializeToString()).run([name], {"x": x})[0]


def test_the_product_stays_and_the_large_channel_shrinks(graph: Path, tmp_path: Path) -> None:
    x = np.random.default_rng(2).normal(size=(9, 12)).astype(np.float32)
    x[:, 3] *= 50
    smoothed = tmp_path / "smooth.onnx"
    smooth(graph, smoothed, [{"x": x}])
    assert np.allclose(run(graph, "xa", x), run(smoothed, "xa", x), rtol=1e-4, atol=1e-3)
    before = np.abs(x).max(axis=0)
    after = np.abs(run(smoothed, "x_smooth", x)).max(axis=0)
    assert after.max() / np.median(after) < 0.3 * before.max() / np.median(before)
    # One division serves both products of the activation.
    assert [node.op_type for node in onnx.load(str(smoothed)).graph.node].count("Mul") == 2


def test_a_channel_that_is_never_used_divides_by_one(graph: Path, tmp_path: Path) -> None:
    x = np.zeros((4, 12), dtype=np.float32)
    smooth(graph, tmp_path / "s.onnx", [{"x": x}])
    assert np.isfinite(run(tmp_path / "s.onnx", "xa", np.ones((2, 12), dtype=np.float32))).all()


def test_wide_products_lead_back_out(graph: Path) -> None:
    assert wide_products(onnx.load(str(graph))) == ["out"]
