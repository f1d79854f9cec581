"""Attention in one operator: the same numbers, for windows that are read alone."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper

from training.attention_fusion import fuse_attention
from training.export import OUTPUTS, export_onnx
from training.model import start_model

pytestmark = pytest.mark.filterwarnings("ignore")  # of torch and the exporter


def window(length: int, pieces: int) -> dict[str, np.ndarray]:
    ids = np.random.default_rng(length).integers(0, pieces, (1, length))
    types = (np.arange(length) > length // 3).astype(np.int64)[None]
    return {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": types}


def test_the_logits_stay_and_the_operators_go(start: Path, tmp_path: Path) -> None:
    import torch

    written, fused = tmp_path / "written.onnx", tmp_path / "fused.onnx"
    model = start_model(start, seed=0, attention="eager")
    torch.manual_seed(5)
    for weight in model.parameters():
        if weight.ndim > 1:
            torch.nn.init.normal_(weight, std=0.3)  # scores far apart, so that a wrong scale would be seen
    export_onnx(model, written)
    config = model.bert.config
    fuse_attention(written, fused, config.num_attention_heads)

    kinds = Counter(node.op_type for node in onnx.load(str(fused)).graph.node)
    assert kinds["MultiHeadAttention"] == config.num_hidden_layers
    assert not {"Softmax", "Transpose", "Reshape"} & set(kinds)
    onnx.checker.check_model(str(fused))
    one, other = (onnxruntime.InferenceSession(str(path)) for path in (written, fused))
    for length in (5, 64, 300):
        inputs = window(length, config.vocab_size)
        for left, right in zip(one.run(list(OUTPUTS), inputs), other.run(list(OUTPUTS), inputs), strict=True):
            assert np.ptp(left) > 0.1 or left.size == 1
            assert right == pytest.approx(left, abs=2e-3)


def test_a_graph_without_attention_is_refused(tmp_path: Path) -> None:
    def graph(kind: str) -> Path:
        values = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", 4]) for name in ("x", "y")]
        nodes = [helper.make_node("Mul", ["x", "x"], ["z"]), helper.make_node(kind, ["z"], ["y"])]
        made = helper.make_model(helper.make_graph(nodes, "g", values[:1], values[1:]))
        onnx.save(made, str(tmp_path / "graph.onnx"))
        return tmp_path / "graph.onnx"

    with pytest.raises(ValueError, match="no attention"):
        fuse_attention(graph("Relu"), tmp_path / "out.onnx", 2)
    with pytest.raises(ValueError, match="nothing computes x"):
        fuse_attention(graph("Softmax"), tmp_path / "out.onnx", 2)
    assert not (tmp_path / "out.onnx").exists()
