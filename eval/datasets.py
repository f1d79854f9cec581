"""Reading a set of questions: `FORMAT:PATH` in, a `Dataset` out, whatever the format."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from corpus.errors import UsageError
from eval.formats.beir import beir_files, read_beir
from eval.formats.citespan import read_citespan
from eval.formats.rows import read_rows
from eval.formats.squad import read_squad
from eval.types import Dataset, Question

FORMATS = ("citespan", "squad", "beir", "rows")


def load_dataset(name: str) -> Dataset:
    """Read the set that `name` (FORMAT:PATH) stands for.

    Raises UsageError for an unknown format or a missing path, DatasetError "file:line: what" for a malformed row.
    """
    form, _, place = name.partition(":")
    if form not in FORMATS or not place:
        raise UsageError(f"--dataset {name!r} is not FORMAT:PATH; FORMAT is one of {', '.join(FORMATS)}")
    path = Path(place).expanduser()
    if not path.exists():
        raise UsageError(f"--dataset names {place!r}, which does not exist; give the path of a set")
    if path.is_dir() != (form == "beir"):
        wanted = "a folder" if form == "beir" else "a file"
        raise UsageError(f"--dataset {name!r}: {form} wants {wanted}; give its path")
    return _READERS[form](name, path)


def sample_questions(dataset: Dataset, limit: int | None, seed: int) -> Dataset:
    """The set cut to `limit` questions drawn with `seed`, in their order of before; documents stay whole."""
    if limit is None or limit >= len(dataset.questions):
        return dataset
    if limit < 1:
        raise UsageError(f"--limit {limit} leaves no question; give at least 1")
    # Drawing a sample has nothing to do with secrets.
    chosen = sorted(random.Random(seed).sample(range(len(dataset.questions)), limit))
    return replace(dataset, questions=tuple(dataset.questions[position] for position in chosen))


def question_kind(question: Question) -> str:
    """The kind that the set gives, else the question word (the first one that occurs)."""
    if question.kind:
        return question.kind
    words = question.text.lower().split()
    for position, word in enumerate(words):
        bare = word.strip("\"'“”‘’(),.?!")
        following = words[position + 1] if position + 1 < len(words) else ""
        if bare == "how" and following in {"many", "much"}:
            return "how many"
        if bare in _QUESTION_WORDS:
            return _QUESTION_WORDS[bare]
    return "other"


_QUESTION_WORDS = {
    **dict.fromkeys(("who", "whom", "whose", "who's"), "who"),
    **{word: word for word in ("what", "when", "where", "which", "why", "how")},
}


def _citespan(name: str, path: Path) -> Dataset:
    return Dataset(name, read_citespan(path), (), _sha256([path]), documents_exhaustive=True)


def _squad(name: str, path: Path) -> Dataset:
    read = read_squad(path)
    return Dataset(name, read.questions, read.documents, _sha256([path]), rules=read.rules)


def _rows(name: str, path: Path) -> Dataset:
    questions, documents = read_rows(path)
    return Dataset(name, questions, documents, _sha256([path]))


def _beir(name: str, path: Path) -> Dataset:
    files = beir_files(path)
    questions, documents = read_beir(files)
    return Dataset(name, questions, documents, _sha256(files))


_READERS = {"citespan": _citespan, "squad": _squad, "beir": _beir, "rows": _rows}


def _sha256(paths: Sequence[Path]) -> str:
    """One digest over the bytes of all files, each closed off by its length."""
    digest = hashlib.sha256()
    for path in paths:
        data = path.read_bytes()
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()
