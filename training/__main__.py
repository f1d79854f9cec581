"""`python -m training data|features|adopt|train|soften|blend|export|evaluate|robustness|card`: one command a step."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from training import spawn
from training.config import Layout, TrainConfig

RUN = Path("training-run")
SHARED = {"stable": 0.0, "decay": 0.5}
WARMUP = {"stable": 300, "decay": 0}


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    steps = top.add_subparsers(dest="step", required=True)

    data = steps.add_parser("data", help="select rows, leave out held-out questions, find hard negatives")
    data.add_argument("--qa", type=Path, required=True, help="folder of core_train, core_dev and the extras")
    data.add_argument("--squad", type=Path, help="SQuAD 1.1's train-v1.1.json, to train on its questions as well")
    data.add_argument("--qed", type=Path, help="folder of QED's *train*.jsonlines, to train on its questions as well")
    data.add_argument("--held-out", type=Path, action="append", default=[], help="held-out questions (repeatable)")

    features = steps.add_parser("features", help="make the windows of each pass")
    features.add_argument("--passes", type=int, default=4)
    features.add_argument("--hard-rate", type=float, help="hard negatives a question; stable: 0.3, decay: 0.2")
    features.add_argument(
        "--share",
        type=set_share,
        action="append",
        default=[],
        metavar="SET=SHARE",
        help="of a set's rows, instead of the recipe's share (repeatable)",
    )

    adopt = steps.add_parser("adopt", help="published reader -> checkpoint that a run can start from")
    adopt.add_argument("--model", type=Path, required=True, help="its ONNX file, in any precision")

    train, soften = add_train(steps), add_soften(steps)
    after = add_later_steps(steps)
    for step in (data, features, adopt, train, soften, after["export"], after["card"]):
        step.add_argument("--run", type=Path, default=RUN, help=f"run folder ({RUN})")
    for step in (data, features, train, after["robustness"]):
        step.add_argument("--seed", type=int, default=13)
    for step in (features, train, soften):
        step.add_argument("--phase", choices=("stable", "decay"), required=True)
    for step in (features, adopt, train, soften, after["export"], after["evaluate"], after["robustness"]):
        step.add_argument("--start", type=Path, help="pretrained folder; all-MiniLM-L6-v2 by default")
    return top


def set_share(text: str) -> tuple[str, float]:
    """SET=SHARE; argparse tells what is not."""
    name, _, share = text.partition("=")
    try:
        return name, float(share)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not SET=SHARE, as in qed_train=0.5") from None


def add_train(steps: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """The training itself."""
    train = steps.add_parser("train", help="run or resume one phase")
    train.add_argument("--name", help="folder of checkpoints; the phase's name by default")
    train.add_argument("--from", dest="origin", type=Path, help="checkpoint to start from; the decay phase needs one")
    train.add_argument("--steps", type=int, help="decay: its length; stable: stop there instead of after all passes")
    train.add_argument("--peak-lr", type=float, default=TrainConfig.__dataclass_fields__["peak_lr"].default)
    train.add_argument("--skip", type=int, default=0, help="batches that an earlier run has been through (0)")
    train.add_argument(
        "--warmup", type=int, help="steps of rising learning rate; without --from 300, of stable too; decay: 0"
    )
    train.add_argument("--dropout", type=float, default=0.0, help="of hidden values (0)")
    train.add_argument("--shared-weight", type=float, help="competition between a question's windows; decay: 0.5")
    train.add_argument("--soft-weight", type=float, default=0.0, help="share of the loss that soft labels have (0)")
    train.add_argument("--soft-temperature", type=float, default=2.0)
    train.add_argument("--batch-size", type=int, default=32)
    train.add_argument("--part-size", type=int, default=16, help="windows computed at once (16)")
    train.add_argument("--teacher", type=Path, help="pretrained MPNet folder: train a teacher on it, not the reader")
    train.add_argument("--frozen-layers", type=int, default=0, help="of a teacher: its lowest layers that stay")
    train.add_argument("--precision", choices=("auto", "bf16", "fp32"), default="auto")
    train.add_argument("--processes", type=int, default=1, help="train in several processes, each on its own threads")
    train.add_argument("--threads", type=int, help="of each process; by default 1 of several processes, 2 of one")
    train.add_argument("--dev-every", type=int, default=600)
    train.add_argument("--milestone-every", type=int, default=600)
    train.add_argument("--checkpoint-seconds", type=float, default=180.0)
    return train


def add_soften(steps: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """What lies between a teacher's training and the reader's."""
    soften = steps.add_parser("soften", help="a trained teacher's labels for every window of a phase")
    soften.add_argument("--checkpoint", type=Path, required=True, help="of `train --teacher`")
    soften.add_argument("--teacher", type=Path, required=True, help="the pretrained folder it was trained on")
    soften.add_argument("--reader", type=Path, help="a reader's checkpoint that has a say too")
    soften.add_argument(
        "--int8", action="store_true", help="on a CPU: the teacher in int8, in three fifths of the time"
    )
    soften.add_argument("--reader-share", type=float, default=0.5, help="how much of a say (0.5)")
    return soften


def add_later_steps(steps: argparse._SubParsersAction[argparse.ArgumentParser]) -> dict[str, argparse.ArgumentParser]:
    """What follows training, by name."""
    blend = steps.add_parser("blend", help="the mean of several checkpoints of one descent")
    blend.add_argument("--checkpoint", type=Path, action="append", required=True, help="repeatable")
    blend.add_argument("--share", type=float, action="append", required=True, help="one a checkpoint; they sum to 1")
    blend.add_argument("--out", type=Path, required=True, help="the checkpoint to write")

    export = steps.add_parser("export", help="checkpoint -> ONNX fp32 and int8, tokeniser, manifest")
    export.add_argument("--checkpoint", type=Path, required=True)
    export.add_argument("--weights", choices=("raw", "average"), default="average")
    export.add_argument("--out", type=Path, required=True)

    evaluate = steps.add_parser("evaluate", help="EM/F1 by dataset, answerability AUROC")
    evaluate.add_argument("--model", type=Path, required=True)
    evaluate.add_argument("--data", type=Path, required=True)
    evaluate.add_argument("--out", type=Path, help="also write the figures as JSON")
    evaluate.add_argument("--limit", type=int, help="at most this many questions a dataset")
    evaluate.add_argument("--max-length", type=int, default=320)

    robustness = steps.add_parser("robustness", help="EM/F1 of the same questions in other words")
    robustness.add_argument("--model", type=Path, required=True)
    robustness.add_argument("--data", type=Path, required=True)
    robustness.add_argument("--out", type=Path, required=True, help="where the figures go, as JSON")
    robustness.add_argument("--limit", type=int, help="at most this many questions a dataset")

    card = steps.add_parser("card", help="model card from the exported folder and its figures")
    card.add_argument("--model", type=Path, required=True, help="folder that export wrote")
    card.add_argument("--figures", type=Path, required=True, help="JSON that evaluate wrote")
    card.add_argument("--baseline", type=Path, help="JSON that evaluate wrote for the model to compare with")
    card.add_argument("--full-precision", type=Path, help="JSON that evaluate wrote for the same weights in fp32")
    card.add_argument("--robustness", type=Path, help="JSON that robustness wrote")
    card.add_argument("--calibration", type=Path, help="JSON that training.calibrate wrote")
    card.add_argument("--notes", type=Path, help="JSON with name, about, commands, remarks, failures and energy")
    card.add_argument("--out", type=Path, required=True)

    return {"export": export, "evaluate": evaluate, "robustness": robustness, "card": card}


def main(arguments: list[str] | None = None) -> int:
    """Dispatch; a wrong call is one line on standard error and exit code 2."""
    call = sys.argv[1:] if arguments is None else arguments
    given = parser().parse_args(call)
    try:
        if given.step == "train" and given.processes > 1 and not spawn.is_spawned():
            return spawn.spawn([sys.executable, "-m", "training", *call], given.processes)
        return run(given)
    except (OSError, ValueError) as error:
        print(f"python -m training {given.step}: {error}", file=sys.stderr)
        return 1
    except ModuleNotFoundError as error:
        print(f"python -m training {given.step}: {error}; run pip install -e '.[training]' first", file=sys.stderr)
        return 1


def run(given: argparse.Namespace) -> int:
    """Imports stand inside: `--help` and the light steps need no torch."""
    from training.start_weights import default_folder

    start = (given.start or default_folder()) if "start" in given else Path()
    if given.step in ("data", "features", "adopt", "soften"):
        print(json.dumps(prepare(given, start), indent=2))
        return 0
    if given.step == "train":
        return run_train(given, start)
    if given.step == "blend":
        from training import checkpoint
        from training.blend import blend

        checkpoint.save(given.out, blend(given.checkpoint, given.share))
        return 0
    if given.step == "export":
        from training.export import export

        print(json.dumps(export(Layout(given.run), given.checkpoint, given.weights, start, given.out), indent=2))
        return 0
    if given.step in ("evaluate", "robustness"):
        return measure(given, start)
    from training.card import CardSources, write_card

    names = ("figures", "baseline", "full_precision", "robustness", "calibration", "notes")
    write_card(CardSources(given.model, *(getattr(given, name) for name in names)), given.out)
    return 0


def measure(given: argparse.Namespace, start: Path) -> int:
    """What is measured of an exported reader, passage given."""
    if given.step == "evaluate":
        from training.evaluate import evaluate_file, table, write_figures

        figures = evaluate_file(given.model, given.data, tokenizer_of(given, start), given.max_length, given.limit)
        if given.out is not None:
            write_figures(given.out, given.model, given.data, figures)
        print(table(figures))
        return 0
    from training import robustness

    measured = robustness.measure_file(given.model, given.data, tokenizer_of(given, start), given.limit, given.seed)
    robustness.write(given.out, measured)
    print(robustness.table(measured["conditions"]))
    return 0


def prepare(given: argparse.Namespace, start: Path) -> object:
    """The steps before training; returns what to print."""
    from training import steps

    layout = Layout(given.run)
    if given.step == "data":
        return steps.make_data(layout, given.qa, given.held_out, given.seed, given.squad, given.qed)
    if given.step == "features":
        config = steps.feature_config(given.phase, given.seed, given.hard_rate, dict(given.share))
        return steps.make_features(layout, config, given.phase, given.passes, start / "tokenizer.json")
    if given.step == "soften":
        from training.soften import Sources, soften

        sources = Sources(given.checkpoint, given.teacher, start, given.reader, given.reader_share, given.int8)
        return soften(layout, given.phase, sources)
    from training import checkpoint
    from training.warm_start import read_published

    checkpoint.save(layout.adopted, read_published(given.model, start))
    return {"checkpoint": str(layout.adopted)}


def tokenizer_of(given: argparse.Namespace, start: Path) -> Path:
    """The tokeniser beside the model, or that of the pretrained folder."""
    beside: Path = given.model.parent / "tokenizer.json"
    return beside if beside.exists() else start / "tokenizer.json"


def run_train(given: argparse.Namespace, start: Path) -> int:
    """Check the phase's arguments and train."""
    from training.parallel import leave
    from training.train_step import Job, train

    if spawn.is_spawned():
        spawn.stop_with_parent()
    if given.phase == "decay" and (given.steps is None or (given.origin is None and given.teacher is None)):
        raise ValueError("the decay phase needs --steps M and --from CHECKPOINT (or --teacher FOLDER)")
    if given.part_size < 1 or given.batch_size < 1:
        raise ValueError("a batch and its parts have at least one window")
    defaults = TrainConfig(phase=given.phase)
    config = TrainConfig(
        phase=given.phase,
        batch_size=given.batch_size,
        part_size=given.part_size,
        frozen_layers=given.frozen_layers,
        soft_weight=given.soft_weight,
        soft_temperature=given.soft_temperature,
        peak_lr=given.peak_lr,
        warmup=WARMUP["stable" if given.origin is None else given.phase] if given.warmup is None else given.warmup,
        skip=given.skip,
        dropout=given.dropout,
        shared_weight=SHARED[given.phase] if given.shared_weight is None else given.shared_weight,
        decay_steps=given.steps if given.phase == "decay" else defaults.decay_steps,
        precision=given.precision,
        threads=given.threads or (1 if given.processes > 1 else 2),
        seed=given.seed,
        dev_every=given.dev_every,
        milestone_every=given.milestone_every,
        checkpoint_seconds=given.checkpoint_seconds,
    )
    job = Job(given.name or given.phase, start, given.origin, given.steps, given.teacher)
    try:
        done = train(Layout(given.run), config, job)
    finally:
        leave()
    return 0 if done else 1


if __name__ == "__main__":
    sys.exit(main())
