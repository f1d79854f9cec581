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
def test_neighbours_fit_together_and_no_weight_is_further_off_than_half_a_step(weight: np.ndarray) -> None:
    levels, steps = said_nothing(weight)
    pairs = levels.astype(int).reshape(-1, 2, levels.shape[1])
    assert np.abs(levels.astype(int)).max() <= MOST
    assert np.abs(pairs.sum(axis=1)).max() <= PAIR
    assert (np.abs(levels * steps - weight) <= 0.51 * steps).all()


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
    mixing = draw.normal(size=(12, 96))
    feed = {
        "x": draw.normal(size=(30, 96)).astype(np.float32),
        "z": (draw.normal(size=(300, 12)) @ mixing).astype(np.float32),
    }
    source = product_of(tmp_path / "fp32.onnx", weight)
    before, after = (quantised(source, tmp_path / name) for name in ("before.onnx", "after.onnx"))
    refine_steps(source, after, [feed])
    exact, coarse, fine = (
        onnxruntime.InferenceSession(str(path)).run(None, feed)[0] for path in (source, before, after)
    )
    for rows in (slice(30), slice(30, None)):
        assert np.square(fine - exact)[rows].mean() < 0.8 * np.square(coarse - exact)[rows].mean()


def test_a_matrix_that_cannot_be_refined_is_named(tmp_path: Path) -> None:
    draw = np.random.default_rng(4)
    for weight, options in (
        (draw.normal(size=(7, 4)), {"per_channel": True, "weight_type": QuantType.QInt8}),
        (draw.normal(size=(8, 4)), {"per_channel": True, "weight_type": QuantType.QUInt8}),
        (draw.normal(size=(8, 4)), {"per_channel": False, "weight_type": QuantType.QInt8}),
    ):
        source, after = product_of(tmp_path / "fp32.onnx", weight.astype(np.float32)), tmp_path / "int8.onnx"
        quantize_dynamic(str(source), str(after), **options)
        feed = {name: draw.normal(size=(30, len(weight))).astype(np.float32) for name in "xz"}
        before = after.read_bytes()
        with pytest.raises(ValueError, match="the steps of w cannot be refined"):
            refine_steps(source, after, [feed])
        assert after.read_bytes() == before


def saturating(values: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """The product as an x86 processor without VNNI makes it: two neighbouring products are added in 16 bits."""
    pairs = values.astype(np.int64)[:, :, None] * weight.astype(np.int64)[None]
    sums = pairs.reshape(len(values), -1, 2, weight.shape[1]).sum(axis=2)
    return np.clip(sums, -(2**15), 2**15 - 1).sum(axis=1)


@given(matrices)
def test_no_sum_of_two_products_saturates(weight: np.ndarray) -> None:
    levels, _ = said_nothing(weight)
    values = np.full((1, len(weight)), 255, dtype=np.uint8)
    for one in (values, values * (levels[:, 0] > 0), values * (levels[:, 0] < 0)):
        assert saturating(one, levels).tolist() == (one.astype(np.int64) @ levels.astype(np.int64)).tolist()


@pytest.mark.parametrize(("rows", "inputs"), [(1, 384), (9, 384), (1, 386), (9, 386)])
def test_the_largest_sums_are_exact_on_this_processor(rows: int, inputs: int) -> None:
    """Activations of 255 against weights at the bound: with two weights of 127 side by side AVX2 would saturate."""
    outputs = 48
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
    values = np.full((rows, inputs), 255, dtype=np.uint8)
    found = onnxruntime.InferenceSession(model.SerializeToString()).run(None, {"x": values})[0]
    assert found.tolist() == (values.astype(np.int64) @ weight.astype(np.int64)).tolist()
