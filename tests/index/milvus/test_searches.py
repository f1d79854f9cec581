"""The searches of Milvus rank as those of the embedded engine do, headings counting as much on top."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from index.engines.embedded import open_for_writing
from index.engines.milvus import searches
from index.engines.milvus.opening import write_milvus
from index.lock import WriterLock
from index.schema import create_truth
from index.types import Engine

WORDS = [f"{syllable}{number}" for syllable in ("tram", "salt", "mill") for number in range(9)]


NEAR = 0.002
"""The embedded engine counts its stamp among 210 passages, and so knows their mean length only nearly."""


def found(engine: Engine, query: str, limit: int) -> dict[str, float]:
    """Scores by passage, best first, as shares of the best: engines may count in units of their own."""
    hits = engine.search_lexical(query, limit)
    return {hit.passage_id: hit.score / hits[0].score for hit in hits}


@pytest.fixture
def both(lite_milvus, tmp_path, encoded) -> Iterator[tuple[Engine, Engine]]:
    chance = random.Random(5)

    def words(most: int) -> str:
        return " ".join(chance.choice(WORDS) for _ in range(chance.randint(1, most)))

    # At most 40 words a passage: up to there the embedded engine, too, knows lengths to the word.
    items = [encoded(f"/{number}", "\n".join(words(30) for _ in range(3)), words(4)) for number in range(70)]
    create_truth(tmp_path, encoder="bag@1", dimension=16, chunker="c1")
    lock = WriterLock(tmp_path)
    lock.acquire()
    place = lite_milvus.place(tmp_path)
    with (
        open_for_writing(tmp_path, lock) as embedded,
        write_milvus(place, encoder="bag@1", dimension=16, chunker="c1") as milvus,
    ):
        for engine in (embedded, milvus):
            engine.add(items)
            engine.publish()
        yield embedded, milvus


@pytest.mark.parametrize("wider", [1, searches.WIDER])
def test_both_engines_score_words_alike(both, monkeypatch, wider) -> None:
    monkeypatch.setattr(searches, "WIDER", wider)
    embedded, milvus = both
    chance = random.Random(6)
    for _ in range(25):
        query = " ".join(chance.choice(WORDS) for _ in range(chance.randint(1, 5)))
        here, there = found(embedded, query, 210), found(milvus, query, 10)
        assert list(there.values()) == pytest.approx(list(here.values())[:10], abs=NEAR), query
        assert there == pytest.approx({passage: here[passage] for passage in there}, abs=NEAR), query
