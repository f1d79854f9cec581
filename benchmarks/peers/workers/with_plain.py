"""The plain script: sentence-transformers, FAISS and transformers, put together as one does in an hour.

    python with_plain.py FOLDER ENCODER READER

Dense search alone; each of ten passages is read with the question, all in one padded batch, and the span with the
highest sum of logits less the null's wins.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import faiss
import torch
from loop import serve
from sentence_transformers import SentenceTransformer
from transformers import AutoModelForQuestionAnswering, AutoTokenizer

READ, LONGEST_SPAN = 10, 30


class Plain:
    """See the module."""

    def __init__(self, folder: str, encoder: str, reader: str) -> None:
        self.folder = Path(folder)
        self.encoder = SentenceTransformer(encoder, device="cpu")
        self.tokenizer = AutoTokenizer.from_pretrained(reader)
        self.reader = AutoModelForQuestionAnswering.from_pretrained(reader, dtype=torch.float32).eval()
        self.index = faiss.IndexFlatIP(self.encoder.get_sentence_embedding_dimension())
        self.passages: list[dict[str, str]] = []

    def add(self, passages: Sequence[dict[str, str]]) -> None:
        """Encode and index."""
        texts = [passage["text"] for passage in passages]
        self.index.add(self.encoder.encode(texts, normalize_embeddings=True, show_progress_bar=False))
        self.passages.extend(passages)

    def finish(self) -> None:
        """Write the index and the texts."""
        faiss.write_index(self.index, str(self.folder / "index.faiss"))
        (self.folder / "passages.json").write_text(json.dumps(self.passages), encoding="utf-8")

    def load(self) -> None:
        """Read both."""
        self.index = faiss.read_index(str(self.folder / "index.faiss"))
        self.passages = json.loads((self.folder / "passages.json").read_text(encoding="utf-8"))

    def ask(self, question: str) -> dict[str, Any]:
        """Search, read, take the best span."""
        vector = self.encoder.encode([question], normalize_embeddings=True, show_progress_bar=False)
        found = [self.passages[row] for row in self.index.search(vector, READ)[1][0] if row >= 0]
        return {"answer": self.read(question, [one["text"] for one in found]), "found": [one["id"] for one in found]}

    def read(self, question: str, texts: Sequence[str]) -> str:
        """The best span over all passages."""
        batch = self.tokenizer(
            [question] * len(texts),
            list(texts),
            truncation="only_second",
            max_length=384,
            padding=True,
            return_offsets_mapping=True,
            return_tensors="pt",
        )
        offsets = batch.pop("offset_mapping")
        with torch.inference_mode():
            said = self.reader(**batch)
        best, answer = -torch.inf, ""
        for row, text in enumerate(texts):
            inside = torch.tensor([part == 1 for part in batch.sequence_ids(row)])
            start = said.start_logits[row].masked_fill(~inside, -torch.inf)
            end = said.end_logits[row].masked_fill(~inside, -torch.inf)
            scores = start[:, None] + end[None, :]
            allowed = torch.ones_like(scores, dtype=torch.bool).triu().tril(LONGEST_SPAN - 1)
            scores = scores.masked_fill(~allowed, -torch.inf)
            first, last = divmod(int(scores.argmax()), len(start))
            score = float(scores[first, last] - said.start_logits[row, 0] - said.end_logits[row, 0])
            if score > best:
                best, answer = score, text[offsets[row, first, 0] : offsets[row, last, 1]]
        return answer


if __name__ == "__main__":
    serve(Plain(*sys.argv[1:4]))
