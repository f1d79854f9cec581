"""The documents of a set, indexed like any articles; what an interruption left undone is done on the next run."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from corpus.errors import UsageError
from corpus.settings import ChunkSettings
from corpus.types import Document
from eval.progress import progress_bar
from index.batch import Batch
from index.builder import writing
from index.types import Encoder


def index_documents(documents: Sequence[Document], directory: Path, encoder: Encoder) -> None:
    """Bring the index at `directory` (made where there is none) to hold just these documents; embeds only what is new.

    Raises UsageError where it holds documents of another origin: a set is measured over its own corpus alone.
    """
    settings = ChunkSettings()
    with writing(directory, encoder, settings) as engine:
        wanted = {document.source: document for document in documents}
        stored = engine.sources()
        foreign = next((source for source in stored if source not in wanted), None)
        if foreign is not None:
            raise UsageError(
                f"the index at {directory} holds {foreign}, which the set does not; give another --index, or none"
            )
        missing = [
            document
            for document in documents
            if document.source not in stored or engine.document(document.id).sha256 != document.sha256
        ]
        with closing(Batch(engine, encoder, settings)) as batch:
            with progress_bar("indexing", "document", len(documents), len(documents) - len(missing)) as bar:
                for document in missing:
                    batch.add(document)
                    bar.update()
            batch.commit()
        engine.publish()
