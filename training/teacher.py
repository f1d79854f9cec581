"""The teacher: a reader on an MPNet body, twelve layers of 768, which reads the windows made for the small one.

MPNet's word pieces (Song et al. 2020, arXiv:2004.09297) are BERT's under other numbers, so that a window's tokens are
the same for both, and what the teacher says of a position is of that position in the small reader's window too.
"""

from __future__ import annotations

from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import nn
from transformers import MPNetModel

from training.model import Outputs, heads

OWN_NAMES = {"[PAD]": "<pad>", "[CLS]": "<s>", "[SEP]": "</s>", "[MASK]": "<mask>"}
"""What MPNet calls the tokens that frame a text."""


class TeacherReader(nn.Module):
    """Outputs as `training.model.SpanReader`: start and end logits [batch, length], relevance [batch]."""

    def __init__(self, body: MPNetModel, numbers: torch.Tensor, frozen_layers: int) -> None:
        """`numbers`: the body's number of each token of the small reader.

        `frozen_layers`: how many of the lowest layers stay as they are, as the word table always does.
        """
        super().__init__()
        self.body = body
        self.register_buffer("numbers", numbers, persistent=False)
        self.frozen_layers = frozen_layers
        self.spans, self.relevance = heads(body.config.hidden_size)
        body.embeddings.requires_grad_(requires_grad=False)
        body.encoder.relative_attention_bias.requires_grad_(requires_grad=False)
        for layer in body.encoder.layer[:frozen_layers]:
            layer.requires_grad_(requires_grad=False)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor) -> Outputs:
        """Raw logits for every position of a window in the small reader's numbers; MPNet has no token types."""
        hidden = self.body.embeddings(input_ids=self.numbers[input_ids])
        bias = self.body.encoder.compute_position_bias(hidden).to(hidden.dtype)
        barred = (attention_mask == 0)[:, None, None, :]
        bias = bias.masked_fill(barred, torch.finfo(hidden.dtype).min)
        for number, layer in enumerate(self.body.encoder.layer):
            with torch.set_grad_enabled(torch.is_grad_enabled() and number >= self.frozen_layers):
                hidden = _layer(layer, hidden, bias)
        start, end = self.spans(hidden).unbind(dim=-1)
        return start, end, self.relevance(hidden[:, 0]).squeeze(-1)


def _layer(layer: nn.Module, hidden: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    """One layer as transformers computes it, with attention in one fused kernel."""
    attention = layer.attention
    heads = attention.attn.num_attention_heads

    def split(values: torch.Tensor) -> torch.Tensor:
        return values.unflatten(-1, (heads, -1)).transpose(1, 2)

    query, key, value = (split(part(hidden)) for part in (attention.attn.q, attention.attn.k, attention.attn.v))
    mixed = nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=bias)
    attended = attention.LayerNorm(attention.attn.o(mixed.transpose(1, 2).flatten(-2)) + hidden)
    fed = layer.output.dense(layer.intermediate(attended))
    out: torch.Tensor = layer.output.LayerNorm(fed + attended)
    return out


def own_numbers(small: Tokenizer, large: Tokenizer) -> torch.Tensor:
    """`large`'s number of each of `small`'s tokens, [vocabulary].

    Raises ValueError when a token is missing: the two would not cut a text alike.
    """
    known, wanted = large.get_vocab(), small.get_vocab()
    named = {number: known.get(OWN_NAMES.get(token, token)) for token, number in wanted.items()}
    if missing := sorted(token for token, number in wanted.items() if named[number] is None):
        raise ValueError(f"the teacher lacks {len(missing)} of the reader's tokens, {missing[0]} first: take another")
    return torch.tensor([named.get(number) or 0 for number in range(max(named) + 1)])


def start_teacher(folder: Path, tokenizer: Path, seed: int, frozen_layers: int = 0) -> TeacherReader:
    """The untrained teacher on the pretrained weights in `folder`, for windows cut by the `tokenizer` of the reader.

    Without dropout. Raises ValueError when it has not so many layers to freeze, or lacks a token.
    """
    torch.manual_seed(seed)
    numbers = own_numbers(Tokenizer.from_file(str(tokenizer)), Tokenizer.from_file(str(folder / "tokenizer.json")))
    without = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
    body = MPNetModel.from_pretrained(folder, add_pooling_layer=False, dtype=torch.float32, **without)
    if not 0 <= frozen_layers <= body.config.num_hidden_layers:
        raise ValueError(f"{frozen_layers} layers cannot be frozen of {body.config.num_hidden_layers}")
    return TeacherReader(body, numbers, frozen_layers)
