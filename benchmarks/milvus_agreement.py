"""Do both engines give the same answers? `python -m benchmarks.milvus_agreement SET --work DIR`.

SET is a folder with corpus.jsonl.gz and questions.jsonl.gz, as openqa_wiki_dev. Its documents (or `--documents N` of
them: those that the questions asked are about, and others by seed) are embedded once, into an index in DIR that is
found again by a second run; Milvus Lite, a server of its own, is brought level with it; every question is put to the
same reader over both. Two answers agree where both give the same words or neither gives any. Each difference is listed
with what the two found: the places in both rankings say where it comes from.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.milvus_scale import served
from corpus.types import Document
from eval.corpus_index import index_documents
from index import open_encoder
from index.engines.milvus.place import DenseIndex, MilvusPlace
from index.leveling import level
from qa.pipeline import Pipeline
from qa.retriever import HybridRetriever
from qa.types import Answer

SEED = 0
FOUND = 10


@dataclass(frozen=True, slots=True)
class Difference:
    """One question that the engines answer differently."""

    question: str
    embedded: str | None
    milvus: str | None
    confidences: tuple[float, float]
    shared: int
    """Passages that are among the ten found by both."""
    first_alike: bool
    why: str


def run(folder: Path, work: Path, documents: int | None, questions: int | None, dense: DenseIndex) -> dict[str, Any]:
    """Index, bring level, ask, compare."""
    asked = _rows(folder / "questions.jsonl.gz")
    random.Random(SEED).shuffle(asked)
    asked = asked[:questions]
    directory = work / f"agreement-{documents or 'all'}.index"
    encoder = open_encoder()
    index_documents(_documents(folder, asked, documents), directory, encoder)
    with served(work / f"agreement-{documents or 'all'}-{dense}") as (uri, _):
        place = MilvusPlace(uri, dense_index=dense)
        level([directory], place, prune=True)
        here, there = HybridRetriever.open(directory, encoder), HybridRetriever.open_place(place, encoder)
        with closing(here), closing(there):
            pipelines = [Pipeline.over(one, reader=None) for one in (here, there)]
            outcomes: Counter[str] = Counter()
            differences = []
            for row in asked:
                one, other = (pipeline.ask(row["question"]) for pipeline in pipelines)
                same = one.text == other.text
                outcomes["agree" if same else "differ"] += 1
                outcomes["same passages found"] += _found(here, row) == _found(there, row)
                outcomes["same order found"] += _found(here, row, ordered=True) == _found(there, row, ordered=True)
                if not same:
                    differences.append(_difference(row["question"], one, other, here, there))
    return {
        "questions": len(asked),
        **outcomes,
        "agreement": outcomes["agree"] / len(asked),
        "differences": [asdict(one) for one in differences],
    }


def _difference(question: str, one: Answer, other: Answer, here: HybridRetriever, there: HybridRetriever) -> Difference:
    found = [[hit.passage.id for hit in retriever.search(question, FOUND)] for retriever in (here, there)]
    shared = len(set(found[0]) & set(found[1]))
    cited = [answer.citations[0] if answer.citations else None for answer in (one, other)]
    places = [[_place(citation.document_id, ranking) if citation else None for ranking in found] for citation in cited]
    why = f"the embedded answer's article stands {places[0]} in both rankings, Milvus's {places[1]}"
    return Difference(
        question, one.text, other.text, (one.confidence, other.confidence), shared, found[0][:1] == found[1][:1], why
    )


def _place(document: str, ranking: Sequence[str]) -> int | None:
    """At which place the first passage of the document was found, from 1."""
    return next((n for n, passage in enumerate(ranking, 1) if passage.startswith(f"{document}:")), None)


def _found(retriever: HybridRetriever, row: dict[str, Any], *, ordered: bool = False) -> object:
    ids = [hit.passage.id for hit in retriever.search(row["question"], FOUND)]
    return ids if ordered else set(ids)


def _documents(folder: Path, asked: Sequence[dict[str, Any]], most: int | None) -> list[Document]:
    rows = {row["_id"]: row for row in _rows(folder / "corpus.jsonl.gz")}
    wanted = list(rows)
    if most is not None:
        needed = dict.fromkeys(key for row in asked for key in row["documents"] if key in rows)
        others = [key for key in rows if key not in needed]
        random.Random(SEED).shuffle(others)
        wanted = sorted([*needed, *others[: max(0, most - len(needed))]])
    return [Document.create(source=f"/set/{key}", text=rows[key]["text"], title=rows[key]["title"]) for key in wanted]


def _rows(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def main() -> int:
    """Measure, keep the figures in DIR, print them; exit code 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--documents", type=int)
    parser.add_argument("--questions", type=int)
    parser.add_argument("--dense", choices=("FLAT", "HNSW"), default="FLAT")
    call = parser.parse_args()
    call.work.mkdir(parents=True, exist_ok=True)
    found = run(call.set, call.work, call.documents, call.questions, call.dense)
    text = json.dumps(found, indent=1, ensure_ascii=False)
    (call.work / f"agreement-{call.documents or 'all'}.json").write_text(text, encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
