"""Evening out activations before int8 quantisation: large channels hand their size to the weights.

Dynamic quantisation gives a whole activation one scale, so that a few large channels leave the others few steps. Each
input of matrix products is divided by a scale of its own for every channel and the weights' rows are multiplied by it
(SmoothQuant, Xiao et al. 2023, arXiv:2211.10438, eq. 4): the same product, with the difficulty shared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import GraphProto, ModelProto, NodeProto, TensorProto, numpy_helper

ALPHA, WIDE_ALPHA = 0.65, 0.8
"""Which share of the difficulty goes to the weights, as a power of the activations' size; WIDE_ALPHA for the inner
layer of the feed-forward parts. Of the pairs tried on 132 development questions these leave the logits nearest to
fp32."""
Floats = NDArray[np.float32]
Inputs = Mapping[str, NDArray[np.int64]]


def smooth(source: Path, target: Path, samples: Sequence[Inputs]) -> None:
    """Rewrite the fp32 graph in `source`; `samples` are inputs whose activations show how large each channel gets."""
    model = onnx.load(str(source))
    found = products(model.graph)
    sizes = _largest(source, list(found), samples)
    weights = {tensor.name: tensor for tensor in model.graph.initializer}
    for name, nodes in found.items():
        rows = [np.abs(numpy_helper.to_array(weights[node.input[1]])).max(axis=1) for node in nodes]
        wide = all(_is_wide(weights[node.input[1]]) for node in nodes)
        scale = _scale(sizes[name], np.max(rows, axis=0), WIDE_ALPHA if wide else ALPHA)
        for node in nodes:
            scaled = numpy_helper.to_array(weights[node.input[1]]) * scale[:, None]
            weights[node.input[1]].CopyFrom(numpy_helper.from_array(scaled.astype(np.float32), node.input[1]))
        _divide(model.graph, name, nodes, scale)
    onnx.save(model, str(target))


def wide_products(model: ModelProto) -> list[str]:
    """Names of the products that lead from the inner layer of a feed-forward part back out, first layer first."""
    weights = {tensor.name: tensor for tensor in model.graph.initializer}
    found = [node for node in model.graph.node if node.op_type == "MatMul" and node.input[1] in weights]
    return [node.name for node in found if _is_wide(weights[node.input[1]])]


def _is_wide(weight: TensorProto) -> bool:
    """More rows than columns, and not one of the heads."""
    rows, columns = weight.dims
    return bool(rows > columns > 8)


def products(graph: GraphProto) -> dict[str, list[NodeProto]]:
    """By the name of the activation: the matrix products of it with weights that no other node uses."""
    known = {tensor.name for tensor in graph.initializer}
    uses: dict[str, int] = defaultdict(int)
    for node in graph.node:
        for name in node.input:
            uses[name] += 1
    found: dict[str, list[NodeProto]] = defaultdict(list)
    for node in graph.node:
        if node.op_type == "MatMul" and node.input[1] in known and uses[node.input[1]] == 1:
            found[node.input[0]].append(node)
    return dict(found)


def activations(source: Path, names: Sequence[str], samples: Sequence[Inputs]) -> Iterator[tuple[str, Floats]]:
    """The values that the graph in `source` gives the named activations for each sample, [rows, channels]."""
    model = onnx.load(str(source))
    model.graph.output.extend(onnx.helper.make_empty_tensor_value_info(name) for name in names)
    runner = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    for sample in samples:
        for name, values in zip(names, runner.run(list(names), dict(sample)), strict=True):
            yield name, values.reshape(-1, values.shape[-1])


def _largest(source: Path, names: Sequence[str], samples: Sequence[Inputs]) -> dict[str, Floats]:
    """The largest absolute value of every channel of the named activations over the samples."""
    largest: dict[str, Floats] = {}
    for name, values in activations(source, names, samples):
        size = np.abs(values).max(axis=0)
        largest[name] = np.maximum(largest.get(name, size), size)
    return largest


def _scale(activation: Floats, weight: Floats, alpha: float) -> Floats:
    """One positive scale a channel; 1 where a channel is never used."""
    used = (activation > 0) & (weight > 0)
    ratio = np.where(used, activation, 1) ** alpha / np.where(used, weight, 1) ** (1 - alpha)
    return np.maximum(ratio, 1e-5).astype(np.float32)


def _divide(graph: GraphProto, name: str, nodes: Sequence[NodeProto], scale: Floats) -> None:
    """Put `name / scale` before the nodes that multiply `name`."""
    inverse, divided = f"{name}_inverse_scale", f"{name}_smooth"
    graph.initializer.append(numpy_helper.from_array((1 / scale).astype(np.float32), inverse))
    place = min(list(graph.node).index(node) for node in nodes)
    graph.node.insert(place, onnx.helper.make_node("Mul", [name, inverse], [divided], name=f"{divided}_node"))
    for node in nodes:
        node.input[0] = divided
