"""Means moved into biases: the same model, with what enters the feed-forward parts around zero."""

from __future__ import annotations

import pytest
import torch
from transformers import BertConfig, BertModel

from training.centring import centre_feed_forward

FIRST = 1
"""The first token is no part of the means."""


def body() -> BertModel:
    torch.manual_seed(5)
    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 48}
    bert = BertModel(BertConfig(vocab_size=200, **sizes), add_pooling_layer=False).eval()
    with torch.no_grad():
        for layer in bert.encoder.layer:
            layer.attention.output.LayerNorm.bias[7] -= 6
    return bert


def entering(bert: BertModel, ids: torch.Tensor) -> list[torch.Tensor]:
    """What enters each feed-forward part, [tokens, channels]."""
    seen: list[torch.Tensor] = []
    hooks = [
        layer.attention.output.LayerNorm.register_forward_hook(lambda _one, _two, values: seen.append(values[0]))
        for layer in bert.encoder.layer
    ]
    with torch.no_grad():
        bert(input_ids=ids)
    for hook in hooks:
        hook.remove()
    return seen


def test_the_model_stays_and_every_channel_has_its_mean_at_zero() -> None:
    before, after = body(), body()
    texts = [{"input_ids": torch.randint(0, 200, (1, length)).numpy()} for length in (12, 30)]
    centre_feed_forward(after, texts)
    fresh = torch.randint(0, 200, (1, 41))
    with torch.no_grad():
        left, right = (bert(input_ids=fresh).last_hidden_state.numpy() for bert in (before, after))
    assert right == pytest.approx(left, abs=1e-5)
    for layer in range(2):
        values = torch.cat([entering(after, torch.from_numpy(text["input_ids"]))[layer][FIRST:] for text in texts])
        assert values.mean(dim=0).abs().max() < 1e-5
    assert entering(before, fresh)[0].abs().max() > 1.3 * entering(after, fresh)[0].abs().max()


def test_without_texts_there_is_no_mean() -> None:
    with pytest.raises(ValueError, match="no text"):
        centre_feed_forward(body(), [])
