"""A published reader as the start of a run: its ONNX weights, back in the shape that training knows.

A run's checkpoints are large and do not last; what is published does. Undone are the scales of int8 and those of the
smoothing before it, so that the products stay the same to within int8's rounding, which training then mends. The
embeddings are not trained: they come from the pretrained folder, unrounded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import NodeProto, numpy_helper

from training.checkpoint import State
from training.model import start_model

PRODUCTS = ("MatMul", "MatMulInteger")
Floats = NDArray[np.float32]


def read_published(path: Path, start: Path) -> State:
    """A checkpoint of no steps and no moments with the weights in the ONNX file `path`.

    Raises ValueError when the graph lacks a weight of the body or of a head.
    """
    model = start_model(start, seed=0)
    weights = model.state_dict()
    found = dict(_Graph(path).named())
    wanted = {name for name in weights if not name.startswith("bert.embeddings.")}
    if missing := sorted(wanted - set(found)):
        raise ValueError(
            f"{path} lacks {len(missing)} weights of the reader, {missing[0]} first: not an export of ours"
        )
    weights |= {name: torch.from_numpy(np.ascontiguousarray(found[name])) for name in wanted}
    model.load_state_dict(weights)
    return {
        "identity": "published",
        "config": {},
        "base_step": 0,
        "step": 0,
        "model": model.state_dict(),
        "average": None,
        "optimiser": None,
        "random": None,
    }


class _Graph:
    """An exported graph, and who uses which of its values."""

    def __init__(self, path: Path) -> None:
        graph = onnx.load(str(path)).graph
        self.constants = {tensor.name: tensor for tensor in graph.initializer}
        self.products = [node for node in graph.node if node.op_type in PRODUCTS]
        self.maker = {name: node for node in graph.node for name in node.output}
        self.users: dict[str, list[NodeProto]] = defaultdict(list)
        for node in graph.node:
            for name in node.input:
                self.users[name].append(node)

    def named(self) -> Iterator[tuple[str, Floats]]:
        """What kept its name, and each other matrix, [outputs, inputs], named after the bias added to its product."""
        for name, tensor in self.constants.items():
            if name.endswith((".bias", ".weight")):
                yield name, numpy_helper.to_array(tensor)
        for node in self.products:
            bias = self._bias(node.output[0])
            weight = self._weight(node.input[1])
            if bias is not None and weight is not None:
                yield bias.removesuffix("bias") + "weight", (weight * self._smoothing(node.input[0])[:, None]).T

    def _bias(self, product: str) -> str | None:
        """Follow casts and scales from a product to the bias that is added to it."""
        for user in self.users[product]:
            constants = [name for name in user.input if name.endswith(".bias")]
            if user.op_type == "Add" and constants:
                return str(constants[0])
            if user.op_type in {"Cast", "Mul"} and (found := self._bias(user.output[0])):
                return found
        return None

    def _weight(self, name: str) -> Floats | None:
        """The matrix [inputs, outputs] in fp32, whichever format it is kept in."""
        if name not in self.constants:
            return None
        value = numpy_helper.to_array(self.constants[name])
        if not name.endswith("_quantized"):
            return np.asarray(value, dtype=np.float32)
        stem = name.removesuffix("_quantized")
        scale, zero = (numpy_helper.to_array(self.constants[stem + end]) for end in ("_scale", "_zero_point"))
        levels: Any = value.astype(np.float32) - zero.astype(np.float32)
        return np.asarray(levels * scale, dtype=np.float32)

    def _smoothing(self, name: str) -> Floats:
        """What the product's other factor was multiplied by, channel by channel."""
        node = self.maker[name]
        if node.op_type == "DynamicQuantizeLinear":
            node = self.maker[node.input[0]]
        scale = next((item for item in node.input if item.endswith("_inverse_scale")), None)
        if scale is None:
            return np.ones(1, dtype=np.float32)
        return np.asarray(numpy_helper.to_array(self.constants[scale]), dtype=np.float32)
