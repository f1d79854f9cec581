"""What is indexed and asked: passages and questions of a retrieval set with answers, drawn by a seed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from eval.formats.beir import beir_files, read_beir


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, its accepted answers and the ids of the passages that were judged to answer it."""

    text: str
    answers: tuple[str, ...]
    relevant: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Material:
    """Every system gets the same passages in the same order."""

    passages: tuple[dict[str, str], ...]
    questions: tuple[Asked, ...]

    def blocks(self, size: int) -> list[list[dict[str, str]]]:
        """The passages in runs of `size`."""
        return [list(self.passages[start : start + size]) for start in range(0, len(self.passages), size)]


def read_material(folder: Path, passages: int, questions: int, seed: int) -> Material:
    """`questions` answerable questions, and the passages that answer them among others up to `passages`."""
    asked, documents = read_beir(beir_files(folder))
    draws = random.Random(seed)
    chosen = draws.sample([one for one in asked if one.answers and one.documents], questions)
    wanted = {source for one in chosen for source in one.documents}
    others = [document for document in documents if document.source not in wanted]
    kept = wanted | {document.source for document in draws.sample(others, min(len(others), passages - len(wanted)))}
    return Material(
        tuple({"id": one.source, "text": one.text} for one in documents if one.source in kept),
        tuple(Asked(one.text, one.answers, tuple(one.documents)) for one in chosen),
    )
