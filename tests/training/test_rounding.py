from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from training.embedding_rows import FROM_ROWS, quantise_tables, table_lookups
from training.rounding import LEVELS, round_matrix, round_weights


def nearest(weight: np.ndarray) -> np.ndarray:
    steps = np.abs(weight).max(axis=0) / LEVELS
    return np.round(weight / steps) * steps


def test_the_product_errs_less_than_with_the_nearest_steps() -> None:
    draw = np.random.default_rng(3)
    weight, mixing = draw.normal(size=(48, 20)), draw.normal(size=(12, 48))

    def inputs() -> np.ndarray:
        """Channels that hang together, as those of activations do."""
        return draw.normal(size=(400, 12)) @ mixing + draw.normal(size=(400, 48)) / 5

    seen, unseen = inputs(), inputs()
    rounded = round_matrix(weight, seen.T @ seen)

    def error(other: np.ndarray) -> float:
        return float(np.square(unseen @ (other - weight)).mean())

    assert error(rounded) < 0.5 * error(nearest(weight))


def test_weights_lie_on_the_steps_of_their_column_and_the_largest_stays() -> None:
    draw = np.random.default_rng(4)
    weight, inputs = draw.normal(size=(30, 7)), draw.normal(size=(90, 30))
    rounded = round_matrix(weight, inputs.T @ inputs)
    assert np.abs(rounded).max(axis=0) == pytest.approx(np.abs(weight).max(axis=0))
    assert nearest(rounded) == pytest.approx(rounded)


def test_inputs_that_say_nothing_leave_the_nearest_steps() -> None:
    weight = np.random.default_rng(5).normal(size=(12, 5))
    assert round_matrix(weight, np.zeros((12, 12))) == pytest.approx(nearest(weight))
    assert np.isfinite(round_matrix(np.zeros((12, 5)), np.eye(12))).all()


def graph_of(path: Path, nodes: list[onnx.NodeProto], weights: dict[str, np.ndarray], size: object, kind: int) -> Path:
    made = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("x", kind, size)],
        [helper.make_empty_tensor_value_info("y")],
        [numpy_helper.from_array(values, name) for name, values in weights.items()],
    )
    onnx.save(helper.make_model(made, opset_imports=[helper.make_opsetid("", 18)], ir_version=10), str(path))
    return path


def run(path: Path, x: np.ndarray) -> np.ndarray:
    return onnxruntime.InferenceSession(str(path)).run(["y"], {"x": x})[0]


def test_the_quantiser_finds_the_steps_again_and_what_is_kept_is_not_touched(tmp_path: Path) -> None:
    draw = np.random.default_rng(6)
    weights = {name: draw.normal(size=(24, 24)).astype(np.float32) for name in "ab"}
    nodes = [
        helper.make_node("MatMul", ["x", "a"], ["h"], name="first"),
        helper.make_node("MatMul", ["h", "b"], ["y"], name="second"),
    ]
    path = graph_of(tmp_path / "g.onnx", nodes, weights, ["n", 24], TensorProto.FLOAT)
    samples = [{"x": draw.normal(size=(50, 24)).astype(np.float32)}]
    round_weights(path, tmp_path / "r.onnx", samples, kept=["second"])
    rounded = {one.name: numpy_helper.to_array(one) for one in onnx.load(tmp_path / "r.onnx").graph.initializer}
    assert np.array_equal(rounded["b"], weights["b"])
    assert not np.array_equal(rounded["a"], weights["a"])
    quantised = tmp_path / "q.onnx"
    quantize_dynamic(
        str(tmp_path / "r.onnx"),
        str(quantised),
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,
        nodes_to_exclude=["second"],
    )
    stored = {one.name: numpy_helper.to_array(one) for one in onnx.load(quantised).graph.initializer}
    again = stored["a_quantized"].astype(np.float32) * stored["a_scale"]
    assert again == pytest.approx(rounded["a"], abs=1e-6)


def test_a_table_in_rows_is_near_however_long_its_longest_row_is(tmp_path: Path) -> None:
    draw = np.random.default_rng(7)
    table = draw.normal(size=(FROM_ROWS, 8)).astype(np.float32)
    table[17] *= 1000
    small = draw.normal(size=(4, 8)).astype(np.float32)
    nodes = [
        helper.make_node("Gather", ["large", "x"], ["row"], name="words"),
        helper.make_node("Gather", ["small", "zero"], ["kind"], name="kinds"),
        helper.make_node("Add", ["row", "kind"], ["y"]),
    ]
    weights = {"large": table, "small": small, "zero": np.zeros((), dtype=np.int64)}
    path = graph_of(tmp_path / "g.onnx", nodes, weights, ["n"], TensorProto.INT64)
    assert [node.name for node in table_lookups(onnx.load(path).graph)] == ["words", "kinds"]
    quantise_tables(path, tmp_path / "q.onnx")
    ids = np.array([0, 17, FROM_ROWS - 1])
    before, after = run(path, ids), run(tmp_path / "q.onnx", ids)
    assert (np.abs(after - before).max(axis=1) <= np.abs(table[ids]).max(axis=1) / 254 * 1.01).all()
    assert (tmp_path / "q.onnx").stat().st_size < path.stat().st_size / 2
