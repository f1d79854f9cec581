"""The training step: put model, windows and checkpoints together for one phase."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

from training import checkpoint, window_set
from training.batches import BatchStream
from training.config import Layout, TrainConfig
from training.hardware import autocast, device
from training.journal import Journal
from training.model import Reader, start_model
from training.predict import Inputs, Scorer, Scores, predict
from training.records import read_examples
from training.squad import best_f1, exact_match
from training.teacher import start_teacher
from training.trainer import Evaluate, Run, Trainer
from training.windows import WindowMaker

TOKENIZER = "tokenizer.json"
UNDECISIVE = ("log_every", "dev_every", "milestone_every", "checkpoint_seconds")
"""Settings that do not change the weights, and so may differ between a run and its resumption."""


@dataclass(frozen=True, slots=True)
class Job:
    """What to run: the name of its checkpoints, the pretrained folder, the checkpoint it starts from, where to stop.

    With `teacher`, a pretrained folder too, what learns is a teacher on it; the tokens stay those of `start`.
    """

    name: str
    start: Path
    origin: Path | None = None
    steps: int | None = None
    teacher: Path | None = None

    def model(self, config: TrainConfig) -> Reader:
        """What learns, as it is before the first step."""
        if self.teacher is not None:
            if config.dropout:
                raise ValueError("a teacher is trained without dropout")
            return start_teacher(self.teacher, self.start / TOKENIZER, config.seed, config.frozen_layers)
        if config.frozen_layers:
            raise ValueError("only a teacher has frozen layers: give --teacher FOLDER, or leave --frozen-layers out")
        return start_model(self.start, config.seed, dropout=config.dropout)


def train(layout: Layout, config: TrainConfig, job: Job) -> bool:
    """Run or resume a phase; True when it reached its end."""
    torch.set_num_threads(config.threads)
    torch.use_deterministic_algorithms(mode=True, warn_only=True)
    maker = WindowMaker(job.start / TOKENIZER)
    passes = [
        window_set.load(path, soft=config.soft_weight > 0)
        for path in sorted(layout.features(config.phase).glob("pass-*.npz"))
    ]
    if config.soft_weight and len({item.soft.judges for item in passes if item.soft}) > 1:
        raise ValueError("the passes have soft labels of different teachers; run `python -m training soften` again")
    stream = BatchStream(
        passes, (config.batch_size, config.part_size), maker.pad, config.seed, grouped=config.shared_weight > 0
    )
    last = config.decay_steps if config.phase == "decay" else min(job.steps or stream.steps, stream.steps)
    folder = layout.checkpoints(job.name)
    identity = run_identity(config, [item.digest for item in passes], job.origin, job.teacher)
    trainer = Trainer(job.model(config), stream, config, Run(folder, identity))
    if (folder / checkpoint.LATEST).exists():
        trainer.resume(checkpoint.load(folder / checkpoint.LATEST))
    elif job.origin is not None:
        trainer.start_from(checkpoint.load(job.origin))
    journal = Journal(layout.root / "logs" / f"{job.name}.jsonl")
    if trainer.workers.leads:
        journal.write(
            {"event": "start", "step": trainer.step, "of": last, "identity": identity, "config": asdict(config)}
        )
    return trainer.run(last, journal, dev_evaluator(layout, maker, config))


def run_identity(config: TrainConfig, digests: list[str], origin: Path | None, teacher: Path | None = None) -> str:
    """A short hash of all that decides the final weights."""
    decisive = {key: value for key, value in asdict(config).items() if key not in UNDECISIVE}
    named = [str(path) if path else None for path in (origin, teacher)]
    text = json.dumps([decisive, digests, *named], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def dev_evaluator(layout: Layout, maker: WindowMaker, config: TrainConfig) -> Evaluate | None:
    """EM and F1 on the fixed development sample, when the data step made one."""
    if not layout.dev.exists():
        return None
    examples = read_examples(layout.dev)

    def evaluate(model: Reader) -> dict[str, float]:
        predictions = predict(examples, maker, torch_scorer(model, config))
        pairs = [
            (prediction.text, [text for text, _ in example.answers])
            for prediction, example in zip(predictions, examples, strict=True)
        ]
        em = sum(exact_match(text, golds) for text, golds in pairs)
        overlap = sum(best_f1(text, golds) for text, golds in pairs)
        return {"em": round(100 * em / len(pairs), 2), "f1": round(100 * overlap / len(pairs), 2)}

    return evaluate


def torch_scorer(model: Reader, config: TrainConfig) -> Scorer:
    """The model as it stands, in evaluation mode."""
    where = device()

    def score(inputs: Inputs) -> Scores:
        model.eval()
        tensors = {name: torch.from_numpy(values).to(where) for name, values in inputs.items()}
        with torch.inference_mode(), autocast(config.precision, where):
            start, end, relevance = model(**tensors)
        return start.float().cpu().numpy(), end.float().cpu().numpy(), relevance.float().cpu().numpy()

    return score
