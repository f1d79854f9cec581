"""Finer int8 steps: never past what 16 bits hold, never coarser than reduced range, and exact in the real library."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from training.weight_steps import MOST, PAIR, finest, refine_steps

REDUCED = 64
matrices = st.tuples(st.integers(1, 6).map(lambda half: 2 * half), st.integers(1, 5)).flatmap(
    lambda shape: arrays(np.float32, shape, elements=st.floats(-8, 8, width=32))
)


def said_nothing(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """With inputs that say nothing each weight takes the nearest step."""
    return finest(weight, np.zeros((len(weight), len(weight))))


@given(matrices)
def test_neighbours_fit_together_and_no_weight_is_further_off_than_a_step(weight: np.ndarray) -> None:
    levels, steps = said_nothing(weight)
    pairs = levels.astype(int).reshape(-1, 2, levels.shape[1])
    assert np.abs(levels.astype(int)).max() <= MOST
    assert np.abs(pairs.sum(axis=1)).max() <= PAIR
    assert (np.abs(levels * steps - weight) <= 1.51 * steps).all()


@given(matrices)
def test_steps_are_never_coarser_than_those_of_reduced_range(weight: np.ndarray) -> None:
    _, steps = said_nothing(weight)
    assert (steps <= np.maximum(np.abs(weight).max(axis=0) / REDUCED, 1e-12) * 1.0001).all()


@given(matrices, st.integers(0, 99))
def test_the_bound_holds_whatever_enters(weight: np.ndarray, seed: int) -> None:
    inputs = np.random.default_rng(seed).normal(size=(5, len(weight)))
    levels, _ = finest(weight, inputs.T @ inputs)
    assert np.abs(levels.astype(int)).max() <= MOST
    assert np.abs(levels.astype(int).reshape(-1, 2, levels.shape[1]).sum(axis=1)).max() <= PAIR


def test_the_product_errs_less_for_inputs_like_those_seen() -> None:
    draw = np.random.default_rng(3)
    weight, mixing = draw.normal(size=(48, 20)).astype(np.float32), draw.normal(size=(12, 48))

    def inputs() -> np.ndarray:
        """Channels that hang together, as those of activations do."""
        return draw.normal(size=(400, 12)) @ mixing + draw.normal(size=(400, 48)) / 5

    seen, unseen = inputs(), inputs()
    errors = [
        np.square(unseen @ (levels * steps - weight)).mean()
        for levels, steps in (finest(weight, seen.T @ seen), said_nothing(weight))
    ]
    assert errors[0] < 0.6 * errors[1]


def test_a_large_weight_beside_a_small_one_has_nearly_all_steps() -> None:
    levels, steps = said_nothing(np.array([[1.0, 1.0, 1.0], [0.0, 1.0, -1.0]], dtype=np.float32))
    assert levels.tolist() == [[127, 64, 127], [0, 64, -127]]
    assert steps == pytest.approx([1 / 127, 1 / 64, 1 / 127])


def product_of(path: Path, weight: np.ndarray) -> Path:
    nodes = [
        helper.make_node("MatMul", ["x", "w"], ["a"], name="one"),
        helper.make_node("MatMul", ["z", "w"], ["b"], name="two"),
        helper.make_node("Concat", ["a", "b"], ["y"], axis=0),
    ]
    takes = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", len(weight)]) for name in "xz"]
    gives = [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["m", weight.shape[1]])]
    graph = helper.make_graph(nodes, "g", takes, gives, [numpy_helper.from_array(weight, "w")])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10), str(path))
    return path


def quantised(source: Path, target: Path) -> Path:
    quantize_dynamic(str(source), str(target), weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    return target


def test_a_shared_matrix_in_a_graph_comes_nearer_to_fp32(tmp_path: Path) -> None:
    draw = np.random.default_rng(3)
    weight = draw.normal(size=(96, 40)).astype(np.float32)
    feed = {name: draw.normal(size=(30, 96)).astype(np.float32) for name in "xz"}
    source = product_of(tmp_path / "fp32.onnx", weight)
    before, after = (quantised(source, tmp_path / name) for name in ("before.onnx", "after.onnx"))
    refine_steps(source, after, [feed])
    exact, coarse, fine = (
        onnxruntime.InferenceSession(str(path)).run(None, feed)[0] for path in (source, before, after)
    )
    assert np.square(fine - exact).mean() < 0.7 * np.square(coarse - exact).mean()


def test_an_odd_number_of_inputs_is_left_alone(tmp_path: Path) -> None:
    draw = np.random.default_rng(4)
    source = product_of(tmp_path / "fp32.onnx", draw.normal(size=(7, 4)).astype(np.float32))
    feed = {name: draw.normal(size=(30, 7)).astype(np.float32) for name in "xz"}
    after = quantised(source, tmp_path / "int8.onnx")
    kept = onnx.load(after).graph.initializer
    refine_steps(source, after, [feed])
    assert [one.raw_data for one in onnx.load(after).graph.initializer] == [one.raw_data for one in kept]


def test_the_largest_sums_are_exact_on_this_processor() -> None:
    """Activations of 255 against weights at the bound: with two weights of 127 side by side AVX2 would saturate."""
    inputs, outputs = 384, 48
    draw = np.random.default_rng(5)
    first = draw.integers(1, MOST + 1, (inputs // 2, 1, outputs))
    levels = np.concatenate([first, PAIR - first], axis=1).reshape(inputs, outputs) * draw.choice([-1, 1], outputs)
    weight = levels.astype(np.int8)
    assert said_nothing(levels.astype(np.float32))[0].tolist() == weight.tolist()
    node = helper.make_node("MatMulInteger", ["x", "w"], ["y"])
    takes = helper.make_tensor_value_info("x", TensorProto.UINT8, ["n", inputs])
    gives = helper.make_tensor_value_info("y", TensorProto.INT32, ["n", outputs])
    graph = helper.make_graph([node], "g", [takes], [gives], [numpy_helper.from_array(weight, "w")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    values = np.full((9, inputs), 255, dtype=np.uint8)
    found = onnxruntime.InferenceSession(model.SerializeToString()).run(None, {"x": values})[0]
    assert found.tolist() == (values.astype(np.int64) @ weight.astype(np.int64)).tolist()
