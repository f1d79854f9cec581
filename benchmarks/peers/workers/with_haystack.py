"""Haystack: BM25 and embedding retrievers joined by reciprocal rank fusion, its extractive reader over the ten best.

python with_haystack.py FOLDER ENCODER READER
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from haystack import Document, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)
from haystack_integrations.components.readers.transformers import TransformersExtractiveReader
from loop import serve

READ = 10


class Haystack:
    """See the module."""

    def __init__(self, folder: str, encoder: str, reader: str) -> None:
        self.folder = Path(folder)
        self.encoder, self.reader = encoder, reader
        self.store = InMemoryDocumentStore(embedding_similarity_function="cosine")
        self.embedder = SentenceTransformersDocumentEmbedder(model=encoder, progress_bar=False)
        self.pipeline: Pipeline | None = None

    def add(self, passages: Sequence[dict[str, str]]) -> None:
        """Embed and write."""
        self.embedder.warm_up()
        documents = [Document(id=passage["id"], content=passage["text"]) for passage in passages]
        self.store.write_documents(self.embedder.run(documents=documents)["documents"])

    def finish(self) -> None:
        """Save the store."""
        self.store.save_to_disk(str(self.folder / "store.json"))

    def load(self) -> None:
        """Read the store and put the asking pipeline together."""
        self.store = InMemoryDocumentStore.load_from_disk(str(self.folder / "store.json"))
        pipeline = Pipeline()
        pipeline.add_component("embedder", SentenceTransformersTextEmbedder(model=self.encoder, progress_bar=False))
        pipeline.add_component("dense", InMemoryEmbeddingRetriever(self.store, top_k=READ))
        pipeline.add_component("lexical", InMemoryBM25Retriever(self.store, top_k=READ))
        pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=READ))
        pipeline.add_component("reader", TransformersExtractiveReader(model=self.reader, top_k=1, no_answer=False))
        pipeline.connect("embedder.embedding", "dense.query_embedding")
        pipeline.connect("dense", "joiner")
        pipeline.connect("lexical", "joiner")
        pipeline.connect("joiner", "reader.documents")
        pipeline.warm_up()
        self.pipeline = pipeline

    def ask(self, question: str) -> dict[str, Any]:
        """One run of the pipeline."""
        if self.pipeline is None:
            raise RuntimeError("load comes before ask")
        given = {"embedder": {"text": question}, "lexical": {"query": question}, "reader": {"query": question}}
        done = self.pipeline.run(given, include_outputs_from={"joiner"})
        answers = done["reader"]["answers"]
        return {
            "answer": answers[0].data or "" if answers else "",
            "found": [document.id for document in done["joiner"]["documents"]],
        }


if __name__ == "__main__":
    serve(Haystack(*sys.argv[1:4]))
