"""The training loop: one phase from its start, or from where a killed run left it."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType

import torch

from training import checkpoint
from training.batches import BatchStream
from training.config import TrainConfig
from training.hardware import autocast, device, random_state, restore_random_state
from training.journal import Journal, Meter
from training.model import Reader, Soft, Weighing, load_weights, span_loss
from training.parallel import Workers
from training.schedule import learning_rate

Evaluate = Callable[[Reader], dict[str, float]]


@dataclass(frozen=True, slots=True)
class Run:
    """Where checkpoints go, and a hash of all that decides the final weights."""

    folder: Path
    identity: str


class Trainer:
    """Holds what changes during a phase; everything else is a function of the step number."""

    def __init__(self, model: Reader, stream: BatchStream, config: TrainConfig, run: Run) -> None:
        self.device = device()
        self.model, self.stream, self.config = model.to(self.device), stream, config
        self.folder, self.identity = run.folder, run.identity
        self.trained = {name: weight for name, weight in model.named_parameters() if weight.requires_grad}
        self.optimiser = torch.optim.AdamW(self._groups(), lr=config.peak_lr, betas=(0.9, 0.98), eps=1e-6, fused=True)
        self.average = self._copies() if config.phase == "decay" else None
        self.step = 0
        self.base_step = 0
        self.soft = Soft(config.soft_weight, config.soft_temperature) if config.soft_weight else None
        self.workers = Workers()
        self._stopping = False

    def _groups(self) -> list[dict[str, object]]:
        """Biases and layer norms are not decayed."""
        decayed = [weight for weight in self.trained.values() if weight.ndim > 1]
        plain = [weight for weight in self.trained.values() if weight.ndim <= 1]
        return [{"params": decayed, "weight_decay": self.config.weight_decay}, {"params": plain, "weight_decay": 0.0}]

    def _copies(self) -> dict[str, torch.Tensor]:
        return {name: weight.detach().clone() for name, weight in self.trained.items()}

    def start_from(self, state: checkpoint.State) -> None:
        """Begin a new phase on another phase's weights and optimiser moments (a published reader has no moments)."""
        load_weights(self.model, state["model"])
        if state["optimiser"] is not None:
            self.optimiser.load_state_dict(state["optimiser"])
        self.base_step = state["base_step"] + state["step"]
        if self.config.phase == "decay":
            self.average = self._copies()

    def resume(self, state: checkpoint.State) -> None:
        """Continue this phase exactly where the checkpoint stands."""
        if state["identity"] != self.identity:
            raise ValueError(
                f"the checkpoint in {self.folder} belongs to run {state['identity']}, this is {self.identity}: "
                "settings or windows changed; take another --name, or put them back"
            )
        self.start_from(state)
        self.base_step, self.step = state["base_step"], state["step"]
        if state["average"] is not None:
            self.average = {name: value.to(self.device) for name, value in state["average"].items()}
        restore_random_state(state["random"])

    def state(self) -> checkpoint.State:
        """Everything that a resumed run needs."""
        return {
            "identity": self.identity,
            "config": asdict(self.config),
            "base_step": self.base_step,
            "step": self.step,
            "model": self.model.state_dict(),
            "average": self.average,
            "optimiser": self.optimiser.state_dict(),
            "random": random_state(),
        }

    def run(self, last: int, journal: Journal, evaluate: Evaluate | None = None) -> bool:
        """Train up to step `last`; False when SIGTERM stopped it early (after saving)."""
        signal.signal(signal.SIGTERM, self._ask_to_stop)
        meter, saved = Meter(), time.monotonic()
        while self.step < last and not self._stopping:
            meter.add(*self._update())
            if not self.workers.leads:
                continue
            if self.step % self.config.log_every == 0 or self.step == last:
                rate = learning_rate(self.config, self.step - 1)
                journal.write({"step": self.step, "of": last, "base": self.base_step, "lr": rate, **meter.flush()})
            if evaluate and (self.step % self.config.dev_every == 0 or self.step == last):
                journal.write({"step": self.step, "dev": evaluate(self.model)})
                meter.restart()
            if self.step % self.config.milestone_every == 0:
                checkpoint.save(checkpoint.milestone(self.folder, self.step), self.state())
            if time.monotonic() - saved >= self.config.checkpoint_seconds:
                checkpoint.save(self.folder / checkpoint.LATEST, self.state())
                saved = time.monotonic()
        if self.workers.leads:
            checkpoint.save(self.folder / checkpoint.LATEST, self.state())
            if self.step == last:
                checkpoint.save(self.folder / checkpoint.FINAL, self.state())
        return self.step == last

    def _update(self) -> tuple[torch.Tensor, int]:
        """One optimiser step; (loss, windows). Both are of the whole batch, whichever parts are computed here."""
        parts = self.stream.batch(self.config.skip + self.step)
        weighing = Weighing.of(parts, self.config.relevance_weight, self.config.shared_weight, self.soft)
        self.model.train()
        total = torch.zeros((), device=self.device)
        for place in range(self.workers.rank, len(parts), self.workers.count):
            part = parts[place]
            # What is dropped depends on step and part alone: the same whichever process computes it, and when resumed.
            torch.manual_seed(hash((self.config.seed, self.base_step, self.step, place)) % 2**63)
            batch = {name: tensor.to(self.device) for name, tensor in part.items()}
            with autocast(self.config.precision, self.device):
                outputs = self.model(batch["input_ids"], batch["attention_mask"], batch["token_type_ids"])
            loss = span_loss(outputs, batch, weighing)
            loss.backward()
            total += loss.detach()
        # Each process hears of a signal at its own time; they agree on the step to stop after.
        stopping = torch.tensor(float(self._stopping), device=self.device)
        self.workers.sum(self.trained.values(), total, stopping)
        self._stopping = bool(stopping > 0)
        torch.nn.utils.clip_grad_norm_(self.trained.values(), self.config.clip)
        for group in self.optimiser.param_groups:
            group["lr"] = learning_rate(self.config, self.step)
        self.optimiser.step()
        self.optimiser.zero_grad(set_to_none=True)
        self.step += 1
        self._follow()
        return total, weighing.windows

    def _follow(self) -> None:
        """Move the averaged weights a little towards the present ones."""
        if self.average is None:
            return
        decay = min(self.config.average_decay, self.step / (self.step + 10))
        with torch.no_grad():
            for name, weight in self.trained.items():
                self.average[name].lerp_(weight, 1 - decay)

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True
