"""The encoder's export: the first token apart, values in fp32, matrices stored once, and the graph that is shipped."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from onnx import TensorProto, numpy_helper
from transformers import BertConfig, BertModel

from index.encoder_files import MODELS
from training.export_encoder import export_fp32, quantise_encoder, value_products
from training.first_token import set_first_token_apart

pytestmark = pytest.mark.filterwarnings("ignore")  # of torch and the exporter

HEADS, LAYERS = 2, 2


def body() -> BertModel:
    """Two layers whose first position alone drives a channel, and through it a row of inner values, far up."""
    torch.manual_seed(3)
    sizes = {"hidden_size": 128, "num_hidden_layers": LAYERS, "num_attention_heads": HEADS, "intermediate_size": 192}
    config = BertConfig(vocab_size=2_000, max_position_embeddings=512, **sizes)
    config._attn_implementation = "eager"
    bert = BertModel(config, add_pooling_layer=False).eval()
    with torch.no_grad():
        for name, weight in bert.named_parameters():
            if "LayerNorm" not in name:
                torch.nn.init.normal_(weight, std=0.1)
        bert.embeddings.position_embeddings.weight[0, 5] = 40
        for layer in bert.encoder.layer:
            layer.intermediate.dense.weight[:4, 5] = 12
    return bert


def ids_of(length: int) -> np.ndarray:
    return np.random.default_rng(length).integers(0, 2_000, (1, length))


SAMPLES = [{"input_ids": ids_of(length)} for length in (20, 33, 57)]


def vector(path: Path, ids: np.ndarray) -> np.ndarray:
    return onnxruntime.InferenceSession(str(path)).run(None, {"input_ids": ids})[0][0]


def test_every_number_of_the_model_stays() -> None:
    whole, parted = body(), body()
    set_first_token_apart(parted)
    for length in (2, 3, 60):
        ids = torch.from_numpy(ids_of(length))
        with torch.no_grad():
            left, right = (model(input_ids=ids).last_hidden_state for model in (whole, parted))
        assert right.numpy() == pytest.approx(left.numpy(), abs=1e-5)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The model whole, and with the first token apart, in fp32."""
    folder = tmp_path_factory.mktemp("exported")
    for name in ("whole", "apart"):
        bert = body()
        if name == "apart":
            set_first_token_apart(bert)
        export_fp32(bert, folder / f"{name}.onnx")
    return {name: folder / f"{name}.onnx" for name in ("whole", "apart")}


def test_int8_comes_nearer_to_fp32(exported: dict[str, Path], tmp_path: Path) -> None:
    distances = {}
    for name, path in exported.items():
        quantise_encoder(path, tmp_path / "int8.onnx", HEADS, SAMPLES)
        pairs = [(vector(path, ids), vector(tmp_path / "int8.onnx", ids)) for ids in map(ids_of, (2, 40, 90))]
        distances[name] = float(np.mean([np.square(one - other).sum() for one, other in pairs]))
    assert distances["apart"] < 0.5 * distances["whole"]


def test_a_matrix_is_stored_once_and_values_stay_in_fp32(exported: dict[str, Path], tmp_path: Path) -> None:
    quantise_encoder(exported["apart"], tmp_path / "int8.onnx", HEADS, SAMPLES)
    graph = onnx.load(tmp_path / "int8.onnx").graph
    matrices = Counter(one.data_type for one in graph.initializer if len(one.dims) == 2 and min(one.dims) > 2)
    assert matrices[TensorProto.INT8] == 5 * LAYERS + 1, "and the word table"
    assert matrices[TensorProto.FLOAT] == LAYERS + 1, "and the table of positions"
    kinds = Counter(node.op_type for node in graph.node)
    assert (kinds["MatMulInteger"], kinds["MatMul"], kinds["Transpose"]) == (7 * LAYERS, LAYERS, 0)
    for product in (node for node in graph.node if node.op_type == "MatMul"):
        (user,) = (node for node in graph.node if product.output[0] in node.input)
        assert any(name.endswith("value.bias") for name in user.input)


def test_a_graph_whose_values_are_not_found_is_refused(exported: dict[str, Path]) -> None:
    graph = onnx.load(exported["whole"]).graph
    assert len(value_products(graph)) == LAYERS
    sums = [node for node in graph.node if any(name.endswith("value.bias") for name in node.input)]
    sums[0].input[:] = [name.replace("value.bias", "query.bias") for name in sums[0].input]  # of equal ones one is kept
    with pytest.raises(ValueError, match="2 layers, but 1 products"):
        value_products(graph)


def test_every_product_that_is_shipped_keeps_within_16_bits() -> None:
    graph = onnx.load(MODELS / "encoder_int8.onnx").graph
    constants = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    matrices = {node.input[1]: node.input[3] for node in graph.node if node.op_type == "MatMulInteger"}
    assert len(matrices) == 5 * 6
    for name, zero in matrices.items():
        levels = constants[name].astype(np.int64)
        assert constants[name].dtype == np.int8 and not constants[zero].any()
        pairs = levels.reshape(-1, 2, levels.shape[1])
        sums = np.maximum(pairs, 0).sum(axis=1).max(), np.maximum(-pairs, 0).sum(axis=1).max()
        assert 255 * max(sums) <= np.iinfo(np.int16).max
        assert np.abs(levels).max() > 64, "finer than reduced range"
