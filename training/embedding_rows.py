"""Word tables in int8 with a scale for each row.

A quantiser gives a whole table one scale, which its longest row decides; the rows of common words are short. Here each
row has its own: the graph takes the row in int8, and its scale, and multiplies them.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import GraphProto, NodeProto, TensorProto, helper, numpy_helper

FROM_ROWS = 1_000
"""Shorter tables stay as they are: there is little to save."""
LEVELS = 127


def table_lookups(graph: GraphProto) -> list[NodeProto]:
    """The nodes that take rows of a table in the graph, whatever its length."""
    tables = {tensor.name: tensor for tensor in graph.initializer if len(tensor.dims) == 2}
    return [node for node in graph.node if node.op_type == "Gather" and node.input[0] in tables]


def quantise_tables(source: Path, target: Path) -> None:
    """Rewrite the graph in `source`, every fp32 table of FROM_ROWS rows or more in int8 with a scale for each row."""
    model = onnx.load(str(source))
    tensors = {tensor.name: tensor for tensor in model.graph.initializer}
    for node in table_lookups(model.graph):
        tensor = tensors[node.input[0]]
        if tensor.dims[0] < FROM_ROWS or tensor.data_type != TensorProto.FLOAT:
            continue
        table = numpy_helper.to_array(tensor)
        scales = np.maximum(np.abs(table).max(axis=1, keepdims=True), 1e-12) / LEVELS
        _replace(model.graph, node, np.round(table / scales).astype(np.int8), scales.astype(np.float32))
    onnx.save(model, str(target))


def _replace(graph: GraphProto, node: NodeProto, table: np.ndarray, scales: np.ndarray) -> None:
    """Put the rows and their scales in the place of the node that took rows of its fp32 table."""
    name, ids, wanted = node.input[0], node.input[1], node.output[0]
    made = {suffix: f"{name}_{suffix}" for suffix in ("int8", "scales", "row", "row_fp32", "scale")}
    place = list(graph.node).index(node)
    graph.node.remove(node)
    for number, new in enumerate(
        (
            helper.make_node("Gather", [made["int8"], ids], [made["row"]], name=f"{name}_take_row"),
            helper.make_node("Gather", [made["scales"], ids], [made["scale"]], name=f"{name}_take_scale"),
            helper.make_node("Cast", [made["row"]], [made["row_fp32"]], name=f"{name}_cast", to=TensorProto.FLOAT),
            helper.make_node("Mul", [made["row_fp32"], made["scale"]], [wanted], name=f"{name}_scaled"),
        )
    ):
        graph.node.insert(place + number, new)
    graph.initializer.extend(
        (numpy_helper.from_array(table, made["int8"]), numpy_helper.from_array(scales, made["scales"]))
    )
    if not any(name in other.input for other in graph.node):
        graph.initializer.remove(next(tensor for tensor in graph.initializer if tensor.name == name))
