"""A folder in BEIR layout: corpus.jsonl, queries.jsonl, qrels.tsv (or qrels/test.tsv), each plain or .gz.

An optional questions.jsonl (`{"id", "question", "answers", "documents"}`) adds the answers, and with them the reader
and end-to-end stages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from corpus.errors import DatasetError
from corpus.types import Document
from eval.formats.fields import distinct, optional_text, required_id, required_text, text_list
from eval.formats.lines import Place, find_file, json_rows, read_text
from eval.types import Question

Judgements = dict[str, dict[str, int]]


def beir_files(folder: Path) -> tuple[Path, ...]:
    """The files that make up the set: corpus, queries, judgements and, where there is one, the answers."""
    corpus = find_file(folder, "corpus.jsonl")
    queries = find_file(folder, "queries.jsonl")
    qrels = find_file(folder, "qrels.tsv", "qrels/test.tsv", "qrels/dev.tsv")
    if corpus is None or queries is None or qrels is None:
        have = (("corpus.jsonl", corpus), ("queries.jsonl", queries), ("qrels.tsv", qrels))
        missing = ", ".join(name for name, path in have if path is None)
        raise DatasetError(f"{folder}: no {missing} (plain or .gz) in it; name a folder in BEIR layout")
    questions = find_file(folder, "questions.jsonl")
    return (corpus, queries, qrels) if questions is None else (corpus, queries, qrels, questions)


def read_beir(files: tuple[Path, ...]) -> tuple[tuple[Question, ...], tuple[Document, ...]]:
    """Judged queries and all documents; `files` as `beir_files` returns them."""
    documents = tuple(_documents(files[0]))
    judgements = _judgements(files[2])
    queries = dict(_queries(files[1], judgements))
    if len(files) == 3:
        questions = {identity: query for identity, (_, query) in queries.items() if query.documents}
        if not questions:
            raise DatasetError(
                f"{files[2]}: judges none of the queries in {files[1]}; name the pair that belongs together"
            )
        return tuple(questions.values()), documents
    return distinct(_with_answers(files[3], queries)), documents


def _documents(path: Path) -> Iterator[Document]:
    seen: set[str] = set()
    for place, row in json_rows(path):
        identity = required_id(row, "_id", place)
        if identity in seen:
            raise place.error(f"the document {identity!r} occurs twice; ids must differ")
        seen.add(identity)
        text = optional_text(row, "text", place)
        yield Document.create(source=f"beir:{identity}", text=text, title=optional_text(row, "title", place))


def _judgements(path: Path) -> Judgements:
    judged: Judgements = {}
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        cells = line.rstrip("\r").split("\t")
        if not line.strip() or (number == 1 and cells[-1].strip() == "score"):
            continue
        if len(cells) != 3 or not cells[2].strip().lstrip("-").isdecimal():
            raise Place(str(path), number).error("not query<TAB>document<TAB>whole number; write three cells")
        judged.setdefault(cells[0], {})[f"beir:{cells[1]}"] = int(cells[2])
    return judged


def _queries(path: Path, judgements: Judgements) -> Iterator[tuple[str, tuple[Place, Question]]]:
    seen: set[str] = set()
    for place, row in json_rows(path):
        identity = required_id(row, "_id", place)
        if identity in seen:
            raise place.error(f"the query {identity!r} occurs twice; ids must differ")
        seen.add(identity)
        relevant = {source: grade for source, grade in judgements.get(identity, {}).items() if grade > 0}
        text = required_text(row, "text", place)
        question = Question(identity, text, documents=tuple(relevant), grades=tuple(relevant.values()))
        yield identity, (place, question)


def _with_answers(path: Path, queries: dict[str, tuple[Place, Question]]) -> Iterator[tuple[Place, Question]]:
    """The rows of questions.jsonl, with the judgements of the query of the same id."""
    for place, row in json_rows(path):
        identity = required_id(row, "id", place)
        text = required_text(row, "question", place)
        answers = text_list(row, "answers", place)
        known = queries[identity][1] if identity in queries else Question(identity, text)
        named = tuple(f"beir:{name}" for name in text_list(row, "documents", place))
        documents = known.documents or named
        yield (
            place,
            replace(
                known,
                text=text,
                answers=answers,
                answerable=bool(answers),
                documents=documents,
                grades=known.grades or (1,) * len(documents),
                context=documents[0] if documents else "",
            ),
        )
