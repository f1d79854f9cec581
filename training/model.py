"""The reader: a BERT body, a start/end head and a passage-relevance head on [CLS]."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeAlias

import torch
from torch import nn
from transformers import BertModel

from training.attention import register

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
Outputs = tuple[torch.Tensor, torch.Tensor, torch.Tensor]
Reader: TypeAlias = nn.Module
"""What gives `Outputs` for input_ids, attention_mask and token_type_ids: a SpanReader, or a teacher."""


class SpanReader(nn.Module):
    """Outputs start_logits and end_logits [batch, length] (position 0 is null), relevance [batch]."""

    def __init__(self, bert: BertModel) -> None:
        super().__init__()
        self.bert = bert
        self.spans, self.relevance = heads(bert.config.hidden_size)

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


def start_model(folder: Path, seed: int, attention: str | None = None, dropout: float = 0.0) -> SpanReader:
    """The untrained reader on pretrained weights; `dropout` of hidden values, in training mode only."""
    options: dict[str, Any] = {
        "attn_implementation": attention or register(),
        "hidden_dropout_prob": dropout,
        "attention_probs_dropout_prob": 0.0,
    }
    torch.manual_seed(seed)
    bert = BertModel.from_pretrained(folder, add_pooling_layer=False, dtype=torch.float32, **options)
    model = SpanReader(bert)
    model.freeze_embeddings()
    return model


def load_weights(model: Reader, weights: dict[str, torch.Tensor]) -> None:
    """Put a checkpoint's weights into `model`; raises ValueError when they are of another kind of model."""
    try:
        model.load_state_dict(weights)
    except RuntimeError as error:
        raise ValueError(f"the checkpoint is not of a {type(model).__name__}, or of one of another size") from error


def heads(size: int) -> tuple[nn.Linear, nn.Linear]:
    """What is put on a body of that many hidden values: starts and ends, and relevance."""
    spans, relevance = nn.Linear(size, 2), nn.Linear(size, 1)
    for head in (spans, relevance):
        nn.init.normal_(head.weight, std=0.02)
        nn.init.zeros_(head.bias)
    return spans, relevance


@dataclass(frozen=True, slots=True)
class Soft:
    """How much of the loss is what a teacher says, the rest being the gold spans, and how softly it is taken.

    The competition between windows (`shared_loss`) comes on top, by the gold spans alone.
    """

    weight: float
    temperature: float
    """At least 1; below it, what is barred from being a span would leave the range of numbers."""

    def __post_init__(self) -> None:
        if not (0 <= self.weight <= 1 and 1 <= self.temperature < float("inf")):
            raise ValueError(
                f"soft labels: share {self.weight} must be 0 to 1, temperature {self.temperature} at least 1"
            )


@dataclass(frozen=True, slots=True)
class Weighing:
    """How the losses add up: the weights of the side terms, and the whole batch's counts to divide by.

    The counts are of all parts, so that the parts' losses add up to the batch's whatever its parts.
    """

    relevance: float
    shared: float
    windows: int
    known: int
    """Windows of known relevance."""
    answered: int
    soft: Soft | None = None

    @classmethod
    def of(
        cls, parts: Sequence[dict[str, torch.Tensor]], relevance: float, shared: float, soft: Soft | None = None
    ) -> Self:
        """Count the windows of a batch."""
        return cls(
            relevance,
            shared,
            soft=soft,
            windows=sum(len(part["start"]) for part in parts),
            known=max(1, sum(int((part["relevance"] >= 0).sum()) for part in parts)),
            answered=max(1, sum(int((part["start"] > 0).sum()) for part in parts)),
        )


def span_loss(outputs: Outputs, batch: dict[str, torch.Tensor], weighing: Weighing) -> torch.Tensor:
    """This part's share of a batch's loss: half the CE of starts and ends, plus weighted side terms.

    Spans compete over null (position 0) and the passage only. The side terms are the BCE of relevance where it is
    known, and `shared_loss`. With soft labels, what a teacher says has its share of spans and relevance.
    """
    start, end, relevance = (logits.float() for logits in outputs)
    barred = ~batch["allowed"]
    lowest = torch.finfo(torch.float32).min
    start, end = start.masked_fill(barred, lowest), end.masked_fill(barred, lowest)
    cross = nn.functional.cross_entropy(start, batch["start"], reduction="sum")
    cross = cross + nn.functional.cross_entropy(end, batch["end"], reduction="sum")
    target = batch["relevance"].clamp(min=0).float()
    binary = nn.functional.binary_cross_entropy_with_logits(relevance, target, reduction="none")
    judged = (binary * (batch["relevance"] >= 0)).sum() / weighing.known
    if weighing.soft is not None:
        weight = weighing.soft.weight
        taught = sum(
            taught_loss(logits, batch[name].masked_fill(barred, lowest), weighing.soft.temperature)
            for logits, name in ((start, "soft_start"), (end, "soft_end"))
        )
        cross = (1 - weight) * cross + weight * taught
        belief = torch.sigmoid(batch["soft_relevance"])
        followed = nn.functional.binary_cross_entropy_with_logits(relevance, belief, reduction="sum")
        judged = (1 - weight) * judged + weight * followed / weighing.windows
    loss = cross / (2 * weighing.windows) + weighing.relevance * judged
    if weighing.shared:
        rows = batch["row"]
        both = shared_loss(start, batch["start"], rows) + shared_loss(end, batch["end"], rows)
        loss = loss + weighing.shared * both / (2 * weighing.answered)
    return loss


def taught_loss(logits: torch.Tensor, teacher: torch.Tensor, temperature: float) -> torch.Tensor:
    """Summed cross-entropy of a teacher's places, both softened, times the temperature's square (Hinton et al. 2015).

    More than the divergence by the teacher's entropy times the square, which no weight of the reader changes.
    """
    aim = torch.softmax(teacher / temperature, dim=-1)
    return -(aim * torch.log_softmax(logits / temperature, dim=-1)).sum() * temperature**2


def shared_loss(logits: torch.Tensor, gold: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
    """Summed CE of each gold place against the places of all windows of its question (Clark & Gardner 2018, §3).

    A place counts by its lead over its own window's null, `logits[:, 0]`: the scale on which the product compares
    spans of different passages. `logits` has shape [windows, length]; windows of one question have equal `rows`.
    """
    lead = logits - logits[:, :1]
    window = torch.logsumexp(lead[:, 1:], dim=1)
    same = rows[:, None] == rows[None, :]
    question = torch.logsumexp(window[None, :].expand_as(same).masked_fill(~same, -torch.inf), dim=1)
    found = lead.gather(1, gold[:, None]).squeeze(1)
    return ((question - found) * (gold > 0)).sum()
