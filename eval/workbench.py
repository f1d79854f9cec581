"""What the stages of a run share, opened once and only where it is needed: index, encoder, reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from corpus.errors import UsageError
from eval.corpus_index import index_documents
from eval.gold import DocumentStore, GoldDocuments
from eval.settings import RunSettings
from eval.stages.context import GivenContext
from eval.stages.end_to_end import EndToEndStage
from eval.stages.reader import ReaderStage, SetDocuments
from eval.stages.retrieval import RetrievalStage
from eval.stages.rows import Asks, StageRunner
from eval.types import Dataset, Stage
from index.encoder import encoder_name, open_encoder
from index.engines.embedded import EmbeddedEngine
from index.opening import open_index, status
from index.search import SearchSettings
from index.types import Encoder
from qa.abilities import ALL, Ability
from qa.calibration import Calibration
from qa.enough import Depth
from qa.evidence import Judge
from qa.open_reader import OpenedReader, open_reader
from qa.pipeline import Pipeline, PipelineSettings
from qa.retriever import HybridRetriever, Retriever


@dataclass(frozen=True, slots=True)
class Parts:
    """Where the models come from; the defaults are the product's own, tests pass their fakes."""

    encoder: Callable[[str | None], Encoder] = open_encoder
    pipeline: Callable[[Retriever], Asks] | None = None


class Workbench:
    """Opens what each stage needs; `close` releases it."""

    def __init__(self, dataset: Dataset, settings: RunSettings, parts: Parts) -> None:
        self._dataset = dataset
        self._settings = settings
        self._parts = parts

    def runner(self, stage: Stage) -> StageRunner:
        """The stage, ready to measure."""
        if stage is Stage.RETRIEVAL:
            return RetrievalStage(self._retriever, self._gold, self._settings.depth)
        if stage is Stage.END_TO_END:
            depth = Depth.ALL if self._settings.read_all else Depth.ENOUGH
            return EndToEndStage(self._pipeline(self._retriever, depth), self._retriever, self._gold, self._settings)
        given = GivenContext(self._encoder)
        return ReaderStage(self._pipeline(given, Depth.ALL), given, self._context_gold, self._settings.target_error)

    def identity(self, stages: tuple[Stage, ...]) -> dict[str, object]:
        """Names of the models and the state of the index: a resumed run must find them unchanged."""
        found: dict[str, object] = {"encoder": self._encoder.fingerprint}
        if stages != (Stage.READER,) or not self._dataset.documents:
            found |= {"passages": self._engine.count(), "generation": self._engine.generation()}
        if stages != (Stage.RETRIEVAL,):
            found |= self._models
        return found

    def close(self) -> None:
        """Close the index, if it was opened."""
        if "_engine" in self.__dict__:
            self._engine.close()

    @cached_property
    def _directory(self) -> Path:
        """The index to ask: the one named, else the set's own corpus in the run's folder, brought up to date."""
        directory = self._settings.index
        if self._dataset.documents:
            directory = directory or self._settings.out / "index"
            index_documents(self._dataset.documents, directory, self._parts.encoder(None))
            return directory
        if directory is None:
            raise UsageError(f"--dataset {self._dataset.name} brings no articles; name their index with --index DIR")
        return directory

    @cached_property
    def _encoder(self) -> Encoder:
        """The encoder that made the index (the default one where no index is asked)."""
        if self._dataset.documents:
            return self._parts.encoder(None)
        return self._parts.encoder(encoder_name(status(self._directory).encoder))

    @cached_property
    def _engine(self) -> EmbeddedEngine:
        return open_index(self._directory, self._encoder)

    @cached_property
    def _retriever(self) -> Retriever:
        search = SearchSettings(method=self._settings.retrieval_method.value)
        return HybridRetriever(self._engine, self._encoder, search)

    @cached_property
    def _gold(self) -> GoldDocuments:
        return GoldDocuments(self._engine)

    @cached_property
    def _context_gold(self) -> GoldDocuments:
        """Where the reader's contexts are: with the set itself, or in the index of its articles."""
        store: DocumentStore = SetDocuments(self._dataset.documents) if self._dataset.documents else self._engine
        return GoldDocuments(store)

    @cached_property
    def _opened(self) -> OpenedReader:
        # The reader's runtime is loaded with it: a retrieval run needs none of it.
        return open_reader(self._settings.reader, self._settings.precision)

    @cached_property
    def _judge(self) -> Judge:
        """The calibration that comes along must fit; for another reader there may be none."""
        chosen = self._settings.reader or self._settings.precision
        return self._opened.judge() if chosen else Calibration.load()

    @property
    def _models(self) -> dict[str, object]:
        if self._parts.pipeline is not None:
            return {}
        return {"reader": self._opened.reader.fingerprint, "calibration": self._judge.fingerprint}

    def _pipeline(self, retriever: Retriever, depth: Depth) -> Asks:
        if self._parts.pipeline is not None:
            return self._parts.pipeline(retriever)
        # A target that cannot be kept is an error of the call, not of the first question.
        self._judge.threshold(self._settings.target_error)
        abilities = ALL - {Ability(name) for name in self._settings.without}
        settings = PipelineSettings(depth=depth, abilities=abilities)
        return Pipeline(retriever, self._opened.reader, self._judge, settings, self._opened.stopping(self._judge))
