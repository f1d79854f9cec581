"""Rounding weights for int8 so that the products err least, not the weights.

Each weight rounded errs by up to half a step. Taken one input channel after the other, what a channel's rounding does
wrong to the product is put right, as far as the channels are alike, by those that are not rounded yet: the second-order
rounding of GPTQ (Frantar et al. 2023, arXiv:2210.17323, algorithm 1), with the channels that are largest first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

from training.smoothing import Inputs, activations, products

LEVELS = 64
"""Steps on either side of zero: int8 of reduced range, as `onnxruntime.quantization` has it."""
DAMPING = 0.01
"""Of the mean square of an input, added to each: keeps the inverse of few samples tame (the paper's section 3.3)."""

Doubles = NDArray[np.float64]


def round_weights(source: Path, target: Path, samples: Sequence[Inputs], kept: Collection[str] = ()) -> None:
    """Rewrite the fp32 graph in `source`, all products but those named in `kept` on the steps that int8 will have.

    A column keeps its largest weight, which gives the steps their size: quantising the result loses nothing more.
    """
    model = onnx.load(str(source))
    found = {name: [one for one in nodes if one.name not in kept] for name, nodes in products(model.graph).items()}
    found = {name: nodes for name, nodes in found.items() if nodes}
    squares = sums_of_squares(source, list(found), samples)
    weights = {tensor.name: tensor for tensor in model.graph.initializer}
    for name, nodes in found.items():
        for node in nodes:
            tensor = weights[node.input[1]]
            rounded = round_matrix(numpy_helper.to_array(tensor).astype(np.float64), squares[name])
            tensor.CopyFrom(numpy_helper.from_array(rounded.astype(np.float32), tensor.name))
    onnx.save(model, str(target))


def round_matrix(weight: Doubles, squares: Doubles) -> Doubles:
    """`weight`, of shape [inputs, outputs], on its steps; `squares` is the sum of x·xᵀ over inputs x, [inputs, inputs].

    Each column's steps are a 64th of its largest weight.
    """
    largest = np.abs(weight).argmax(axis=0)
    steps = np.maximum(np.abs(weight).max(axis=0), 1e-12) / LEVELS
    signs = np.sign(weight[largest, np.arange(weight.shape[1])])

    def nearest(channel: int, wanted: Doubles) -> Doubles:
        levels = np.clip(np.round(wanted / steps), -LEVELS, LEVELS)
        row: Doubles = np.where(largest == channel, signs * LEVELS, levels) * steps
        return row

    return round_in_turn(weight, squares, DAMPING, nearest)


def round_in_turn(
    weight: Doubles, squares: Doubles, damping: float, nearest: Callable[[int, Doubles], Doubles]
) -> Doubles:
    """The rows of `weight`, [inputs, outputs], as `nearest` puts them; later rows make good what earlier ones do wrong.

    `nearest` is given an input's number and the row wanted of it, once for each input, so that it may remember what it
    gave. The inputs with the largest squares come first.
    """
    order = np.argsort(-np.diag(squares), kind="stable")
    left = weight[order].copy()
    damped = squares[np.ix_(order, order)] + np.eye(len(order)) * max(damping * np.diag(squares).mean(), 1e-12)
    upper = np.linalg.cholesky(np.linalg.inv(damped)).T  # inverse = upperᵀ · upper
    rounded = np.empty_like(left)
    for row, channel in enumerate(order):
        rounded[channel] = nearest(int(channel), left[row])
        wrong = (left[row] - rounded[channel]) / upper[row, row]
        left[row + 1 :] -= np.outer(upper[row, row + 1 :], wrong)
    return rounded


def sums_of_squares(source: Path, names: Sequence[str], samples: Sequence[Inputs]) -> dict[str, Doubles]:
    """The sum of x·xᵀ of the named activations over the samples."""
    sums: dict[str, Doubles] = {}
    for name, rows in activations(source, names, samples):
        sums[name] = sums.get(name, 0.0) + (rows.T @ rows).astype(np.float64)
    return sums
