"""Smaller weights, and how far they move the logits."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from onnxruntime.transformers.float16 import convert_float_to_float16

from index.runtime import SLOW_FUSIONS
from training.attention_fusion import fuse_attention
from training.embedding_rows import quantise_tables, table_lookups
from training.rounding import round_weights
from training.smoothing import smooth, wide_products

KEPT = 1
"""So many of the products that lead out of a feed-forward part stay in fp32, first layers first: what enters them is
the hardest to quantise. Each costs one of 18 ms a window of 142 tokens. Over 7,231 development questions F1 differs
from fp32's by +.03 with 3 kept, -.17 with 2, -.09 with 1 and -.39 with none."""


def to_int8(source: Path, target: Path, samples: Sequence[dict[str, Any]], heads: int) -> None:
    """Smoothed, rounded by GPTQ, then dynamic, signed, per channel, reduced range, the word table row by row.

    Attention is one operator of `heads` heads, without a mask: for windows that are read alone. `samples` are inputs
    for the smoothing and the rounding. Of the ways tried on the baseline (its card, 240 questions) signed per channel
    loses least: F1 74.3, unsigned per channel 73.5, unsigned per tensor 72.9. On CPUs without VNNI full-range products
    can saturate 16-bit sums, hence the reduced range. Mean distance of the logits to fp32, reader 5's weights, 30
    development questions: .072 smoothed and with three products in fp32; .046 with the rounding and the rows besides
    (of two products, one and none: .058, .066 and .078).
    """
    prepared = target.with_suffix(".prepared.onnx")
    quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
    smooth(prepared, prepared, samples)
    graph = onnx.load(str(prepared))
    kept = wide_products(graph)[:KEPT]
    round_weights(prepared, prepared, samples, kept)
    quantize_dynamic(
        str(prepared),
        str(target),
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,
        nodes_to_exclude=[*kept, *(node.name for node in table_lookups(graph.graph))],
    )
    prepared.unlink()
    quantise_tables(target, target)
    fuse_attention(target, target, heads)
    onnx.checker.check_model(str(target))


def to_fp16(source: Path, target: Path) -> None:
    """Half the bytes, inputs and outputs as they were; on a CPU it is a matter of size, for it multiplies in fp32."""
    graph = convert_float_to_float16(onnx.load(str(source)), keep_io_types=True)
    onnx.save(graph, str(target))
    onnx.checker.check_model(str(target))


def session(path: Path, threads: int = 2) -> onnxruntime.InferenceSession:
    """A CPU session."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(
        str(path), options, providers=["CPUExecutionProvider"], disabled_optimizers=list(SLOW_FUSIONS)
    )


def agreement(left: Path, right: Path, samples: Sequence[dict[str, Any]]) -> dict[str, float]:
    """How two exports differ: largest and mean logit distance, and how often both put the start at the same place."""
    one, other = session(left), session(right)
    distances: list[float] = []
    largest, same = 0.0, 0
    for sample in samples:
        first, second = one.run(None, sample), other.run(None, sample)
        gap = np.abs(np.concatenate([first[0] - second[0], first[1] - second[1]]))
        distances.append(float(gap.mean()))
        largest = max(largest, float(gap.max()))
        same += int(first[0].argmax() == second[0].argmax())
    return {
        "samples": len(samples),
        "mean_distance": round(float(np.mean(distances)), 4),
        "largest_distance": round(largest, 4),
        "same_start": round(same / len(samples), 4),
    }
