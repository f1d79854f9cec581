"""A run from beginning to end: measure each question once, write it down at once, then sum up."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from corpus.errors import DatasetError, UsageError
from eval.datasets import load_dataset, sample_questions
from eval.journal import Journal, check_manifest, claimed
from eval.outcomes import Outcome, Row, outcome_of
from eval.progress import progress_bar
from eval.report import Report, write_report
from eval.settings import RunSettings
from eval.stages.rows import StageRunner
from eval.summary import StageSummary, summarise_abstention, summarise_errors, summarise_latency, summarise_stage
from eval.types import Dataset, Question, Stage
from eval.workbench import Parts, Workbench

PREDICTIONS = "predictions.jsonl"


def run(settings: RunSettings, parts: Parts | None = None) -> Report:
    """Measure a set and write its report into `settings.out`; goes on where an interrupted run of the same set stopped.

    Raises UsageError for a call that cannot be met, DatasetError for a malformed set, and what index and models raise.
    """
    dataset = sample_questions(load_dataset(settings.dataset), settings.limit, settings.seed)
    stages = wanted_stages(dataset, settings.stage)
    if not dataset.documents and settings.index is None:
        raise UsageError(f"--dataset {settings.dataset} brings no articles; name their index with --index DIR")
    with claimed(settings.out):
        static = {"set": dataset.sha256, **settings.manifest()}
        check_manifest(settings.out / "run.json", static)
        workbench = Workbench(dataset, settings, parts or Parts())
        try:
            models = workbench.identity(stages)
            check_manifest(settings.out / "models.json", models)
            outcomes = {stage: _measure(stage, stages, dataset, settings.out, workbench) for stage in stages}
        finally:
            workbench.close()
        report = summarise(dataset, {**settings.manifest(), **models}, outcomes, settings.seed)
        write_report(report, outcomes[stages[-1]], settings.out)
    return report


def wanted_stages(dataset: Dataset, stage: Stage | None) -> tuple[Stage, ...]:
    """The stages to run, the one whose rows are predictions.jsonl last; UsageError for one without gold in the set."""
    possible = {
        Stage.RETRIEVAL: dataset.judges_documents,
        Stage.READER: any(question.context and question.answerable is not None for question in dataset.questions),
        Stage.END_TO_END: dataset.judges_answers,
    }
    if stage is not None and not possible[stage]:
        wanting = "the documents that answer" if stage is Stage.RETRIEVAL else "answers"
        raise UsageError(f"--stage {stage}: no question of {dataset.name} names {wanting}; choose another stage or set")
    found = tuple(known for known in Stage if possible[known] and stage in {None, known})
    if not found:
        raise UsageError(f"{dataset.name} names neither answers nor documents; add them to its rows")
    return found


def _measure(stage: Stage, stages: Sequence[Stage], dataset: Dataset, out: Path, workbench: Workbench) -> list[Outcome]:
    """Run one stage over the questions that its journal lacks; all outcomes in the order of the set."""
    path = out / (PREDICTIONS if stage is stages[-1] else f"{stage.value}.jsonl")
    journal = Journal(path)
    try:
        questions = [question for question in dataset.questions if stage is not Stage.READER or question.context]
        missing = [question for question in questions if question.id not in journal.rows]
        if missing:
            _fill(journal, workbench.runner(stage), missing, stage, len(questions))
    finally:
        journal.close()
    return [_outcome(journal.rows[question.id], question, path) for question in questions]


def _fill(journal: Journal, runner: StageRunner, missing: Sequence[Question], stage: Stage, total: int) -> None:
    """Measure what is missing, with a bar that starts where the last run stopped."""
    with progress_bar(stage.value, "question", total, total - len(missing)) as bar:
        for question in missing:
            journal.append(runner.measure(question))
            bar.update()


def _outcome(row: Row, question: Question, path: Path) -> Outcome:
    try:
        return outcome_of(row, question)
    except (ValueError, KeyError, TypeError) as error:
        raise DatasetError(
            f"{path}: the row {question.id!r} is not of this version ({error}); remove {path.parent}"
        ) from error


def summarise(dataset: Dataset, settings: dict[str, object], outcomes: dict[Stage, list[Outcome]], seed: int) -> Report:
    """All figures of a run."""
    stages: dict[Stage, StageSummary] = {}
    for stage, found in outcomes.items():
        stages[stage] = summarise_stage(stage, found, dataset.rules, seed)
    if Stage.END_TO_END in outcomes and Stage.RETRIEVAL not in outcomes and dataset.judges_documents:
        # The end-to-end stage ranked the passages anyhow, to say at which depth the gold stood.
        ranked = summarise_stage(Stage.RETRIEVAL, outcomes[Stage.END_TO_END], dataset.rules, seed)
        stages = {Stage.RETRIEVAL: ranked, **stages}
    last = list(outcomes)[-1]
    answered = last if last is not Stage.RETRIEVAL else None
    return Report(
        dataset=dataset,
        settings=settings,
        stages=stages,
        abstention=summarise_abstention(answered, outcomes[answered], seed) if answered else None,
        latency=summarise_latency(last, outcomes[last], seed),
        errors=summarise_errors(outcomes[last], dataset) if last is Stage.END_TO_END else None,
    )
