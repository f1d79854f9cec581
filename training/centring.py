"""Activations around zero before int8 quantisation, at no cost: a channel's mean moves into biases.

What enters a feed-forward part comes out of a layer normalisation. Some of its channels keep to one side of zero (one
of all-MiniLM-L6-v2's lies between -15 and 1 with the others within 5), and as one scale covers all channels, they leave
the others fewer steps. Taking a constant off every channel leaves the model as it is once the biases that follow make
good for it (channel-wise shifting, Wei et al. 2023, "Outlier Suppression+", arXiv:2304.09145, section 4.1): here the
inner layer's for the product, the outer layer's for the sum that goes past the feed-forward part.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import torch
from torch import Tensor
from transformers import BertModel


def centre_feed_forward(bert: BertModel, texts: Iterable[Mapping[str, Any]]) -> None:
    """Centre what enters each feed-forward part on its mean over `texts`, each the model's inputs, [1, tokens].

    The first token counts for nothing: it has a scale of its own (`training.first_token`). Raises ValueError where the
    texts hold no other.
    """
    sums = [torch.zeros(bert.config.hidden_size) for _ in bert.encoder.layer]
    counts = [0 for _ in sums]

    def look(number: int, values: Tensor) -> None:
        sums[number] += values[:, 1:].sum(dim=(0, 1))
        counts[number] += values[:, 1:].shape[0] * values[:, 1:].shape[1]

    hooks = [
        layer.attention.output.LayerNorm.register_forward_hook(
            lambda _module, _inputs, values, number=number: look(number, values)
        )
        for number, layer in enumerate(bert.encoder.layer)
    ]
    try:
        with torch.no_grad():
            for text in texts:
                bert(**{name: torch.as_tensor(values) for name, values in text.items()})
    finally:
        for hook in hooks:
            hook.remove()
    if not all(counts):
        raise ValueError("there is no text to take means of")
    with torch.no_grad():
        for layer, total, count in zip(bert.encoder.layer, sums, counts, strict=True):
            mean = total / count
            layer.attention.output.LayerNorm.bias -= mean
            layer.intermediate.dense.bias += layer.intermediate.dense.weight @ mean
            layer.output.dense.bias += mean
