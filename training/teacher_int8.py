"""The teacher in int8, for CPUs: what it says of tens of thousands of windows in three fifths of the time."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process

from training.export import export_onnx
from training.model import INPUTS, Outputs, Reader
from training.quantise import session
from training.smoothing import Inputs, smooth, wide_products


def to_int8(model: Reader, target: Path, samples: Sequence[Inputs]) -> None:
    """Write `model` as an int8 graph, smoothed for `samples`.

    The products that lead out of the feed-forward parts stay in fp32. Without smoothing int8 is of no use for MPNet.
    Mean divergence of a window's places from those in fp32, and seconds a window of 142 tokens on one core, 40 windows:

    | | divergence | s |
    |---|---|---|
    | fp32 | 0 | .233 |
    | not smoothed, of full range | .307 | .102 |
    | smoothed, none in fp32 | .018 | .107 |
    | smoothed, those of six layers in fp32 | .007 | .132 |
    | smoothed, those of twelve (this) | .004 | .130 |
    """
    full, prepared = (target.with_suffix(ending) for ending in (".fp32.onnx", ".prepared.onnx"))
    export_onnx(model, full)
    quant_pre_process(str(full), str(prepared), skip_symbolic_shape=True)
    smooth(prepared, prepared, samples)
    quantize_dynamic(
        str(prepared),
        str(prepared),
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,
        op_types_to_quantize=["MatMul"],
        nodes_to_exclude=wide_products(onnx.load(str(prepared))),
    )
    full.unlink()
    prepared.replace(target)


class OnnxReader:
    """An ONNX file as a reader of batches: each window is read alone, for int8's scales are of a whole input."""

    def __init__(self, path: Path, threads: int) -> None:
        """`threads`: so many windows are read at a time."""
        self._session: onnxruntime.InferenceSession = session(path, threads=1)
        self._wanted = {item.name for item in self._session.get_inputs()}
        self._pool = ThreadPoolExecutor(threads)

    def __call__(self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor) -> Outputs:
        """Start and end logits [batch, length], 0 at padding, and relevance [batch]."""
        given = dict(zip(INPUTS, (input_ids.numpy(), attention_mask.numpy(), token_type_ids.numpy()), strict=True))
        lengths = given["attention_mask"].sum(axis=1)

        def read(row: int) -> list[np.ndarray]:
            inputs = {name: values[row : row + 1, : lengths[row]] for name, values in given.items()}
            found: list[np.ndarray] = self._session.run(None, {name: inputs[name] for name in self._wanted})
            return found

        shape = given["input_ids"].shape
        start, end, relevance = torch.zeros(shape), torch.zeros(shape), torch.zeros(shape[0])
        for row, found in enumerate(self._pool.map(read, range(shape[0]))):
            starts, ends, relevant = (torch.from_numpy(values[0:1]) for values in found)
            start[row, : lengths[row]], end[row, : lengths[row]], relevance[row] = starts[0], ends[0], relevant[0]
        return start, end, relevance
