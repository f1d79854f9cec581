"""Citespan as it is shipped, but for passages that are not cut further and a target error that lets every answer out.

    python with_citespan.py FOLDER READER|-

`-` is the reader that comes along. All the abilities of an answer stay on.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from loop import serve

from corpus.settings import ChunkSettings
from corpus.types import Document
from index.batch import Batch
from index.builder import writing
from index.encoder import open_encoder
from qa.pipeline import Pipeline

READ = 10
WHOLE = ChunkSettings(target=4096, maximum=4096, sentence=2048, overlap=0)
"""Each text is one passage, as for the others."""


class Citespan:
    """See the module."""

    def __init__(self, folder: str, reader: str) -> None:
        self.index = Path(folder) / "index"
        self.reader = None if reader == "-" else reader
        self.ids: dict[str, str] = {}
        self.pipeline: Pipeline | None = None
        self.encoder = open_encoder()
        self.open: Any = None
        self.batch: Batch | None = None

    def add(self, passages: Sequence[dict[str, str]]) -> None:
        """Cut, embed and commit, as a build does."""
        if self.batch is None:
            self.open = writing(self.index, self.encoder, WHOLE)
            self.engine = self.open.__enter__()
            self.batch = Batch(self.engine, self.encoder, WHOLE)
        for passage in passages:
            self.batch.add(Document.create(source=passage["id"], title="", text=passage["text"]))
        self.batch.commit()

    def finish(self) -> None:
        """Write the views; the rest is on disk already."""
        self.engine.publish()
        self.open.__exit__(None, None, None)

    def load(self) -> None:
        """Open index and reader."""
        self.pipeline = Pipeline.load(self.index, reader=self.reader)

    def ask(self, question: str) -> dict[str, Any]:
        """The best answer, however sure, and what was retrieved."""
        if self.pipeline is None:
            raise RuntimeError("load comes before ask")
        calibrated = self.pipeline.note is None
        answer = self.pipeline.ask(question, top_k=READ, target_error=1.0 if calibrated else None)
        best = answer.text or next((other.answer for other in answer.alternatives), "")
        return {"answer": best, "found": [self._source(one.passage.document_id) for one in answer.nearest]}

    def _source(self, document_id: str) -> str:
        if document_id not in self.ids and self.pipeline is not None:
            self.ids[document_id] = self.pipeline.document(document_id).source
        return self.ids[document_id]


if __name__ == "__main__":
    serve(Citespan(*sys.argv[1:3]))
