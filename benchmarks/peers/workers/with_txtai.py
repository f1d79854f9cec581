"""txtai: its hybrid index, and its extractive reader in two ways.

    python with_txtai.py FOLDER ENCODER READER first|shipped

`shipped` is its RAG pipeline: ten passages joined into one context, cut where the model's input ends. `first` reads
passage by passage with the same reader, and the first that answers wins; spans are kept inside the passage, without
which its reader raises whenever the null answer is the best one. Rules and threshold are those of its `Questions`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import torch
from loop import serve
from txtai import Embeddings
from txtai.pipeline import RAG, Questions

READ, LEAST_SCORE = 10, 0.05


class Txtai:
    """See the module."""

    def __init__(self, folder: str, encoder: str, reader: str, way: str) -> None:
        self.folder = folder
        self.way = way
        self.embeddings = Embeddings(path=encoder, hybrid=True, content=True, gpu=False)
        self.questions = Questions(reader, gpu=False)
        self.rag: RAG | None = None
        self.indexed = False

    def add(self, passages: Sequence[dict[str, str]]) -> None:
        """Index the first, add the others."""
        take = self.embeddings.upsert if self.indexed else self.embeddings.index
        take([(passage["id"], passage["text"], None) for passage in passages])
        self.indexed = True

    def finish(self) -> None:
        """Save the index."""
        self.embeddings.save(self.folder)

    def load(self) -> None:
        """Open it."""
        self.embeddings.load(self.folder)
        self.rag = RAG(self.embeddings, self.questions, context=READ, output="flatten")

    def ask(self, question: str) -> dict[str, Any]:
        """Search, then read in the way chosen; `shipped` searches for itself and tells no passages."""
        if self.way == "shipped":
            if self.rag is None:
                raise RuntimeError("load comes before ask")
            return {"answer": self.rag([question])[0] or "", "found": []}
        found = self.embeddings.search(question, READ)
        answers = (self.read(question, one["text"]) for one in found)
        return {"answer": next((one for one in answers if one), ""), "found": [one["id"] for one in found]}

    def read(self, question: str, text: str) -> str | None:
        """`Questions` on one passage, the best start and end being looked for inside it."""
        tokenizer, model = self.questions.tokenizer, self.questions.model
        tokens = tokenizer(question, text, truncation="only_second", return_tensors="pt")
        with torch.no_grad():
            said = model(**tokens)
        outside = torch.tensor([part != 1 for part in tokens.sequence_ids(0)])
        start = said.start_logits[0].masked_fill(outside, -torch.inf).argmax()
        end = said.end_logits[0].masked_fill(outside, -torch.inf).argmax()
        score = said.start_logits[0].softmax(-1)[start] * said.end_logits[0].softmax(-1)[end]
        return self.questions.answer(text, tokens, start, end) if score >= LEAST_SCORE else None


if __name__ == "__main__":
    serve(Txtai(*sys.argv[1:5]))
