"""From a checkpoint to files that a laptop runs: ONNX in fp32, fp16 and int8, tokeniser, manifest."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import onnx
import torch

from training import checkpoint, quantise
from training.config import Layout
from training.model import INPUTS, Reader, SpanReader, start_model
from training.predict import inputs
from training.records import read_examples, read_rows
from training.start_weights import sha256
from training.windows import Head, WindowMaker

OUTPUTS = ("start_logits", "end_logits", "relevance")
FP32, FP16, INT8 = "model_fp32.onnx", "model_fp16.onnx", "model_int8.onnx"
MOST_BYTES = 30_000_000
SAMPLES, SAMPLE_SEED = 256, 5


def export(layout: Layout, source: Path, weights: str, start: Path, out: Path) -> dict[str, Any]:
    """Write the folder and return its manifest."""
    out.mkdir(parents=True, exist_ok=True)
    state = checkpoint.load(source)
    model = trained_model(state, weights, start)
    export_onnx(model, out / FP32)
    heads = model.bert.config.num_attention_heads
    quantise.to_int8(out / FP32, out / INT8, _training_samples(layout, start), heads)
    quantise.to_fp16(out / FP32, out / FP16)
    size = (out / INT8).stat().st_size
    if size > MOST_BYTES:
        raise ValueError(f"{out / INT8} has {size} bytes, at most {MOST_BYTES} may enter the repository")
    WindowMaker(start / "tokenizer.json").tokenizer.save(str(out / "tokenizer.json"))
    shutil.copyfile(start / "config.json", out / "config.json")
    manifest = {
        "format": 1,
        "files": {
            name: {"sha256": sha256(out / name), "bytes": (out / name).stat().st_size}
            for name in (FP32, FP16, INT8, "tokenizer.json", "config.json")
        },
        "precisions": {"fp32": FP32, "fp16": FP16, "int8": INT8},
        "inputs": list(INPUTS),
        "outputs": list(OUTPUTS),
        "max_length": 320,
        "max_context": 32,
        "overlap": 96,
        "max_question": 64,
        "null_position": 0,
        "checkpoint": {"weights": weights, "steps": state["base_step"] + state["step"], "identity": state["identity"]},
        "agreement": quantise.agreement(out / FP32, out / INT8, _samples(layout, start)),
        "agreement_fp16": quantise.agreement(out / FP32, out / FP16, _samples(layout, start)),
        "data": _data_summary(layout),
    }
    (out / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    return manifest


def trained_model(state: checkpoint.State, weights: str, start: Path) -> SpanReader:
    """The checkpoint's weights, raw or averaged, in evaluation mode with portable attention."""
    model = start_model(start, seed=0, attention="eager")
    model.load_state_dict(state["model"])
    if weights == "average":
        if state["average"] is None:
            raise ValueError(
                "this checkpoint has no averaged weights (only the decay phase keeps them): give --weights raw"
            )
        model.load_state_dict(state["average"], strict=False)
    model.eval()
    return model


def export_onnx(model: Reader, path: Path) -> None:
    """Dynamic batch and length. `eval()` first: the exporter keeps dropout of a training model."""
    ids = torch.randint(5, 100, (2, 16))
    sample = (ids, torch.ones_like(ids), torch.zeros_like(ids))
    shape = {0: torch.export.Dim("batch"), 1: torch.export.Dim("length", max=512)}
    program = torch.onnx.export(
        model.eval(),
        sample,
        input_names=list(INPUTS),
        output_names=list(OUTPUTS),
        dynamic_shapes=(shape, shape, shape),
        dynamo=True,
        verbose=False,
    )
    if program is None:
        raise ValueError("torch.onnx.export gave no program")
    program.save(str(path), external_data=False)
    forget_origin(path)


def forget_origin(path: Path) -> None:
    """Take out what the exporter notes of each node: stack traces, with the paths of whoever ran it."""
    model = onnx.load(str(path))
    for part in (model, model.graph, *model.graph.node, *model.graph.input, *model.graph.output):
        del part.metadata_props[:]
    for value in (*model.graph.value_info, *model.graph.initializer):
        del value.metadata_props[:]
    for node in model.graph.node:
        node.doc_string = ""
    onnx.save(model, str(path))


def _samples(layout: Layout, start: Path) -> list[dict[str, Any]]:
    """Real inputs for the fp32-int8 comparison: development questions when the data step made them."""
    texts = [(item.question, item.context) for item in read_examples(layout.dev)[::10]] if layout.dev.exists() else []
    return _inputs(texts or [("Who?", "Nobody.")], start)


def _training_samples(layout: Layout, start: Path) -> list[dict[str, Any]]:
    """Real inputs that quantisation may look at: training questions, and no others."""
    rows = read_rows(layout.rows) if layout.rows.exists() else []
    some = random.Random(SAMPLE_SEED).sample(rows, min(SAMPLES, len(rows)))
    return _inputs([(row.question, row.context) for row in some] or [("Who?", "Nobody.")], start)


def _inputs(texts: Sequence[tuple[str, str]], start: Path) -> list[dict[str, Any]]:
    maker = WindowMaker(start / "tokenizer.json")
    return [
        inputs(maker.windows(Head(maker.encode(question).ids[:64]), maker.encode(context).ids, 320, 96)[:1], maker.pad)
        for question, context in texts
    ]


def _data_summary(layout: Layout) -> dict[str, int]:
    """Rows kept, by set."""
    if not layout.data_summary.exists():
        return {}
    counts: dict[str, int] = json.loads(layout.data_summary.read_text(encoding="utf-8"))
    return {name.removesuffix(": kept"): count for name, count in counts.items() if name.endswith(": kept")}
