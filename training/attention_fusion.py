"""Attention as one operator of ONNX Runtime in place of the eight that an exporter writes.

Heads are parted, turned, multiplied, scaled, masked, normalised, multiplied and turned back, each a pass over memory.
`com.microsoft.MultiHeadAttention` does all that piece by piece in the processor's cache, as FlashAttention does (Dao et
al. 2022, arXiv:2205.14135), as long as there is no mask. The product reads every window and every text alone, without
padding, so nothing would be masked: the fused graph takes no notice of `attention_mask`, and is for such inputs only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import onnx
from onnx import GraphProto, NodeProto, numpy_helper

DOMAIN = "com.microsoft"


def fuse_attention(source: Path, target: Path, heads: int) -> None:
    """Rewrite the graph in `source`; raises ValueError where it holds no attention that is written out."""
    model = onnx.load(str(source))
    graph = model.graph
    makers = {name: node for node in graph.node for name in node.output}
    users: dict[str, list[NodeProto]] = defaultdict(list)
    for node in graph.node:
        for name in node.input:
            users[name].append(node)
    constants = {tensor.name: float(numpy_helper.to_array(tensor)) for tensor in graph.initializer if not tensor.dims}
    last: dict[str, NodeProto] = {}
    for node in graph.node:
        if node.op_type == "Softmax":
            end, one = _attention(node, makers, users, constants, heads)
            last[end] = one
    if not last:
        raise ValueError("the graph holds no attention to fuse")
    _keep_what_is_used(graph, [last.get(node.output[0], node) for node in graph.node])
    if DOMAIN not in {known.domain for known in model.opset_import}:
        model.opset_import.append(onnx.helper.make_opsetid(DOMAIN, 1))
    onnx.save(model, str(target))


def _attention(
    softmax: NodeProto,
    makers: Mapping[str, NodeProto],
    users: Mapping[str, Sequence[NodeProto]],
    constants: Mapping[str, float],
    heads: int,
) -> tuple[str, NodeProto]:
    """The name of what the attention around `softmax` gives, and the one operator that gives it."""
    scores = _maker(softmax.input[0], makers)
    if scores.op_type == "Add":  # the mask
        scores = _maker(scores.input[0], makers)
    scaled = _expected(scores, "Mul")
    product = _expected(_maker(scaled.input[0], makers), "MatMul")
    query, key = (_parted(name, makers) for name in product.input)
    mixed = _expected(users[softmax.output[0]][0], "MatMul")
    value = _parted(mixed.input[1], makers)
    turned = _expected(users[mixed.output[0]][0], "Transpose")
    end = _expected(users[turned.output[0]][0], "Reshape").output[0]
    scale = constants[scaled.input[1]]
    return end, onnx.helper.make_node(
        "MultiHeadAttention",
        [query, key, value],
        [end],
        name=f"{softmax.name}_attention",
        domain=DOMAIN,
        num_heads=heads,
        scale=scale,
    )


def _parted(name: str, makers: Mapping[str, NodeProto]) -> str:
    """What was parted into heads and turned to make `name`; it has the shape [batch, length, width]."""
    turned = _expected(_maker(name, makers), "Transpose")
    parted: str = _expected(_maker(turned.input[0], makers), "Reshape").input[0]
    return parted


def _maker(name: str, makers: Mapping[str, NodeProto]) -> NodeProto:
    if name not in makers:
        raise ValueError(f"expected the attention around a softmax, but nothing computes {name}")
    return makers[name]


def _expected(node: NodeProto, kind: str) -> NodeProto:
    if node.op_type != kind:
        raise ValueError(f"expected a {kind} around the attention's softmax, found {node.op_type} ({node.name})")
    return node


def _keep_what_is_used(graph: GraphProto, nodes: Sequence[NodeProto]) -> None:
    """`nodes` in place of the graph's, without those and the constants that lead to no output."""
    wanted = {output.name for output in graph.output}
    kept: list[NodeProto] = []
    for node in reversed(nodes):
        if wanted.intersection(node.output):
            kept.append(node)
            wanted.update(node.input)
    constants = [tensor for tensor in graph.initializer if tensor.name in wanted]
    for field, values in ((graph.node, reversed(kept)), (graph.initializer, constants), (graph.value_info, ())):
        whole = list(values)
        del field[:]
        field.extend(whole)
