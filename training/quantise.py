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


def to_int8(source: Path, target: Path) -> None:
    """Dynamic, signed, per channel, reduced range.

    Of the ways tried on the baseline (its card, 240 questions) this loses least: F1 74.3, unsigned per channel 73.5,
    unsigned per tensor 72.9. On CPUs without VNNI full-range products can saturate 16-bit sums.
    """
    prepared = target.with_suffix(".prepared.onnx")
    quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
    quantize_dynamic(str(prepared), str(target), weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    prepared.unlink()
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
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


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
