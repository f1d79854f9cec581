"""The reader: a BERT body, a start/end head and a passage-relevance head on [CLS]."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import nn
from transformers import BertModel

from training.attention import register

Outputs = tuple[torch.Tensor, torch.Tensor, torch.Tensor]


class SpanReader(nn.Module):
    """Outputs start_logits and end_logits [batch, length] (position 0 is null), relevance [batch]."""

    def __init__(self, bert: BertModel) -> None:
        super().__init__()
        self.bert = bert
        self.spans = nn.Linear(bert.config.hidden_size, 2)
        self.relevance = nn.Linear(bert.config.hidden_size, 1)
        for head in (self.spans, self.relevance):
            nn.init.normal_(head.weight, std=0.02)
            nn.init.zeros_(head.bias)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor) -> Outputs:
        """Raw logits for every position; the caller masks question and padding."""
        hidden = self.bert(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        start, end = self.spans(hidden).unbind(dim=-1)
        return start, end, self.relevance(hidden[:, 0]).squeeze(-1)

    def freeze_embeddings(self) -> None:
        """Half of the weights are the word table: holding it is quicker, and rare words stay as they were."""
        self.bert.embeddings.requires_grad_(requires_grad=False)


def start_model(folder: Path, seed: int, attention: str | None = None) -> SpanReader:
    """The untrained reader on pretrained weights.

    No dropout: in few passes over varied data it costs more than it gives.
    """
    options: dict[str, Any] = {
        "attn_implementation": attention or register(),
        "hidden_dropout_prob": 0.0,
        "attention_probs_dropout_prob": 0.0,
    }
    torch.manual_seed(seed)
    bert = BertModel.from_pretrained(folder, add_pooling_layer=False, dtype=torch.float32, **options)
    model = SpanReader(bert)
    model.freeze_embeddings()
    return model


def span_loss(
    outputs: Outputs, batch: dict[str, torch.Tensor], relevance_weight: float, totals: tuple[int, int]
) -> torch.Tensor:
    """This part's share of a batch's loss: half the CE of starts and ends, plus weighted relevance BCE where known.

    `totals` counts the windows, and those of known relevance, of the whole batch, so that the parts' losses add up
    to the batch's whatever its parts. Spans compete over null (position 0) and the passage only.
    """
    size, known = totals
    start, end, relevance = (logits.float() for logits in outputs)
    barred = ~batch["allowed"]
    lowest = torch.finfo(torch.float32).min
    cross = nn.functional.cross_entropy(start.masked_fill(barred, lowest), batch["start"], reduction="sum")
    cross = cross + nn.functional.cross_entropy(end.masked_fill(barred, lowest), batch["end"], reduction="sum")
    target = batch["relevance"].clamp(min=0).float()
    binary = nn.functional.binary_cross_entropy_with_logits(relevance, target, reduction="none")
    return cross / (2 * size) + relevance_weight * (binary * (batch["relevance"] >= 0)).sum() / max(1, known)
