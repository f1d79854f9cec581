"""The first word-piece in products of its own, so that int8 has a scale for it and a scale for the rest.

Dynamic quantisation gives a whole activation one scale, from its smallest to its largest value. In BERT bodies a few
tokens hold values many times those of all others, to which attention turns when there is nothing to attend to (Sun et
al. 2024, "Massive Activations in Large Language Models", arXiv:2402.17762). In all-MiniLM-L6-v2 and what is trained
from it that is [CLS] alone: in one passage up to 24 in the inner layer where the next largest token had 4.5, so that
one token left the others a fifth of the 256 steps.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from transformers import BertModel

Part = Callable[[Tensor], Tensor]


def set_first_token_apart(bert: BertModel) -> None:
    """Have every layer compute its feed-forward part for the first token and for the rest apart.

    The model's numbers stay as they are: that part treats each token by itself. Only there: in what enters attention's
    projections the first token's largest value is less than twice the others', so one scale serves. Texts need two
    tokens or more. To be called once for a model.
    """
    for layer in bert.encoder.layer:
        layer.feed_forward_chunk = _apart(layer.feed_forward_chunk)


def _apart(part: Part) -> Part:
    """`part`, of values of shape [batch, tokens, channels], once for the first token and once for the others."""

    def both(values: Tensor) -> Tensor:
        return torch.cat((part(values[:, :1]), part(values[:, 1:])), dim=1)

    return both
