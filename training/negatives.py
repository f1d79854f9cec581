"""Hard negatives: passages that a lexical search ranks high for a question and that lack its answer."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

import tantivy

from training.config import WIKI
from training.records import Row
from training.squad import holds, normalise

CANDIDATES = 20
KEPT = 4
_WORD = re.compile(r"\w+")


def pool_of(dataset: str) -> str:
    """Encyclopaedic sets share one pool, as a reader's retriever would search one; others keep to themselves."""
    return "wiki" if dataset in WIKI else dataset


def add_hard_negatives(rows: Sequence[Row]) -> list[Row]:
    """Give every answerable row up to four negative contexts, best ranked first."""
    members: dict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        members[pool_of(row.dataset)].append(number)
    result = list(rows)
    for numbers in members.values():
        for number, hard in _pool_negatives(rows, numbers):
            result[number] = replace(rows[number], hard=hard)
    return result


def _pool_negatives(rows: Sequence[Row], numbers: Sequence[int]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """(row number, negatives) of one pool; a context is known by the first row that has it."""
    first: dict[str, int] = {}
    for number in numbers:
        first.setdefault(rows[number].context, number)
    index = _build(rows, list(first.values()))
    searcher = index.searcher()
    for number in numbers:
        row = rows[number]
        words = " ".join(_WORD.findall(row.question.lower()))
        if not row.answerable or not words:
            continue
        query, _ = index.parse_query_lenient(words, ["body"])
        hits = searcher.search(query, CANDIDATES).hits
        found = [int(searcher.doc(address)["number"][0]) for _, address in hits]
        usable = (other for other in found if _is_negative(row, rows[other].context))
        yield number, tuple(other for other, _ in zip(usable, range(KEPT), strict=False))


def _build(rows: Sequence[Row], numbers: Sequence[int]) -> tantivy.Index:
    """An in-memory index of the pool's distinct contexts; one thread, so that document order is fixed."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("body", stored=False, tokenizer_name="en_stem")
    builder.add_unsigned_field("number", stored=True)
    index = tantivy.Index(builder.build())
    writer = index.writer(heap_size=128_000_000, num_threads=1)
    for number in numbers:
        writer.add_document(tantivy.Document(body=rows[number].context, number=number))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return index


def _is_negative(row: Row, context: str) -> bool:
    """Another context that holds none of the golds."""
    return normalise(context) != normalise(row.context) and not any(holds(context, gold) for gold in row.golds)
