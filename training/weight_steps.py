"""Int8 steps for weights as fine as the processor's 16-bit sums allow.

An x86 processor without VNNI multiplies unsigned bytes (activations) by signed ones (weights) and adds two neighbouring
products in 16 bits, which hold 32,767 at most. A quantiser's "reduced range" keeps every weight within 64 steps, so
that two of them times 255 fit. But it is the two together that must fit: where one is large the next is seldom large
and of the same sign, so a column can have finer steps: up to twice as fine, never coarser.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import GraphProto, TensorProto, numpy_helper

from training.rounding import Doubles, round_in_turn, sums_of_squares
from training.smoothing import Inputs

MOST = 127
PAIR = 128
"""Two neighbouring weights of one sign, in steps: 255 times 128 is 32,640."""
PARTS = ("quantized", "scale", "zero_point")
"""What `onnxruntime.quantization` makes of a matrix, by the ends of the names."""
DAMPING = 0.1
"""Ten times that of the paper (`training.rounding`): the texts seen stand for texts of any subject."""

Floats = NDArray[np.float32]
Levels = NDArray[np.int8]


def refine_steps(source: Path, int8: Path, samples: Sequence[Inputs]) -> None:
    """Give every matrix in `int8`, quantised signed and per channel from the fp32 graph `source`, its finest steps.

    They are rounded for what enters them with the inputs in `samples`. Raises ValueError, naming the matrix, where one
    is not such a matrix or has an odd number of inputs.
    """
    graph, model = onnx.load(str(source)).graph, onnx.load(str(int8))
    weights = {tensor.name: tensor for tensor in graph.initializer}
    constants = {tensor.name: tensor for tensor in model.graph.initializer}
    entering = {stem: _entering(graph, stem) for stem in _quantised(model.graph)}
    for stem, names in entering.items():
        levels, steps, zero = (constants[f"{stem}_{part}"] for part in PARTS)
        signed = levels.data_type == TensorProto.INT8 and not numpy_helper.to_array(zero).any()
        if not names or not signed or levels.dims[0] % 2 or list(steps.dims) != [levels.dims[1]]:
            raise ValueError(f"the steps of {stem} cannot be refined: it is not signed, per channel and of even length")
    squares = sums_of_squares(source, sorted(set().union(*entering.values())), samples)
    for stem, names in entering.items():
        levels, steps, _ = (constants[f"{stem}_{part}"] for part in PARTS)
        found, size = finest(numpy_helper.to_array(weights[stem]), np.sum([squares[name] for name in names], axis=0))
        levels.CopyFrom(numpy_helper.from_array(found, levels.name))
        steps.CopyFrom(numpy_helper.from_array(size, steps.name))
    onnx.save(model, str(int8))


def finest(weight: Floats, squares: Doubles) -> tuple[Levels, Floats]:
    """`weight`, of shape [inputs, outputs] with an even number of inputs, in int8, and the size of each column's steps.

    No two neighbouring inputs (0 and 1, 2 and 3 and so on) sum to more than PAIR steps on one side of zero. `squares`
    is the sum of x·xᵀ over inputs x, [inputs, inputs].
    """
    pairs = weight.reshape(-1, 2, weight.shape[1])
    above, below = (np.maximum(side, 0).sum(axis=1).max(axis=0) for side in (pairs, -pairs))
    largest = np.maximum(np.maximum(above, below) / PAIR, np.abs(weight).max(axis=0) / MOST)
    steps: Floats = np.maximum(largest, 1e-12).astype(np.float32)
    levels = np.zeros(weight.shape, dtype=np.int8)

    def nearest(channel: int, wanted: Doubles) -> Doubles:
        beside = levels[channel ^ 1].astype(np.int64)  # 0 until its turn has come
        low = np.where(beside < 0, -PAIR - beside, -MOST)
        high = np.where(beside > 0, PAIR - beside, MOST)
        levels[channel] = np.clip(np.round(wanted / steps), low, high)
        row: Doubles = levels[channel] * steps.astype(np.float64)
        return row

    round_in_turn(weight.astype(np.float64), squares, DAMPING, nearest)
    return levels, steps


def _quantised(graph: GraphProto) -> list[str]:
    """Names that the constant matrices of int8 products had in fp32."""
    constants = {tensor.name for tensor in graph.initializer}
    products = (node for node in graph.node if node.op_type == "MatMulInteger" and node.input[1] in constants)
    return sorted({node.input[1].removesuffix("_quantized") for node in products})


def _entering(graph: GraphProto, weight: str) -> list[str]:
    """What the graph multiplies with `weight`."""
    return [node.input[0] for node in graph.node if node.op_type == "MatMul" and node.input[1] == weight]
