"""Thousands of random operations, each answer held against a plain-Python model."""

import random
from datetime import date, timedelta

import numpy as np
import pytest

from index.types import Engine, Filter

OPERATIONS = {"Embedded": 10_000, "Milvus": 3_000, "MilvusAnew": 600}
"""Documents added, updated and deleted, searches and openings, together; Milvus Lite takes some 15 ms for one."""
OF_A_VARIANT = 2_000

WORDS = [f"{a}{b}" for a in "bdfgk" for b in ("ova", "ilu", "ezo", "amu")]
SOURCES = [f"/{folder}/{number}" for folder in ("news", "blog", "mail") for number in range(40)]
DAYS = [None, *(date(2020, 1, 1) + timedelta(days=40 * step) for step in range(20))]


class Player:
    """Does the same to an engine and to the model, and compares."""

    def __init__(self, backend, model, encoder, encoded, seed: int) -> None:
        self.backend, self.model = backend, model
        self.engine: Engine = backend.open()
        self.done = 0
        self.met: list[float] = []
        self._chance = random.Random(seed)
        self._encoded = encoded
        self._vectors = {word: encoder.encode([word])[0] for word in WORDS}

    def step(self) -> None:
        what = self._chance.random()
        if what < 0.2:
            self._add()
        elif what < 0.3:
            self._delete()
        elif what < 0.315:
            self._open_again()
        elif what < 0.65:
            self._ask_dense()
        elif what < 0.88:
            self._ask_lexical()
        elif what < 0.9:
            self._ask_both()
        else:
            self._look()

    def _add(self) -> None:
        sources = self._chance.sample(SOURCES, self._chance.randint(1, 30))
        items = [self._encoded(source, self._text(), published=self._chance.choice(DAYS)) for source in sources]
        self.engine.add(items)
        self.model.add(items)
        self.done += len(items)

    def _delete(self) -> None:
        gone = self._chance.sample(sorted(self.model.items), min(len(self.model.items), self._chance.randint(0, 20)))
        self.engine.delete([*gone, "unknown"])
        self.model.delete(gone)
        self.done += len(gone) + 1

    def _open_again(self) -> None:
        self.engine.close()
        self.engine = self.backend.open()
        self.done += 1

    def _ask_dense(self) -> None:
        vector, limit, where = (
            self._vectors[self._chance.choice(WORDS)],
            self._chance.choice([1, 5, 20]),
            self._filter(),
        )
        hits = self.engine.search_dense(vector, limit, where)
        scores = self.model.dense(vector, where)
        assert [hit.score for hit in hits] == pytest.approx([scores[hit.passage_id] for hit in hits], abs=1e-5)
        assert hits == sorted(hits, key=lambda hit: (-hit.score, hit.passage_id))
        assert len({hit.passage_id for hit in hits}) == len(hits) == min(limit, len(scores))
        best = sorted(scores.values(), reverse=True)[:limit]
        if self.backend.exact or where is not None:
            assert [hit.score for hit in hits] == pytest.approx(best, abs=1e-5)
        elif best:
            self.met.append(float(np.mean([hit.score >= best[-1] - 1e-5 for hit in hits])))
        self.done += 1

    def _ask_lexical(self) -> None:
        words, where = self._chance.sample(WORDS, self._chance.randint(1, 3)), self._filter()
        hits = self.engine.search_lexical(" ".join(words), 9999, where)
        assert {hit.passage_id for hit in hits} == self.model.lexical(words, where)
        assert hits == sorted(hits, key=lambda hit: (-hit.score, hit.passage_id))
        few = self.engine.search_lexical(" ".join(words), 3, where)
        assert few == hits[:3]
        self.done += 1

    def _ask_both(self) -> None:
        query, where = " ".join(self._chance.sample(WORDS, self._chance.randint(0, 3))), self._filter()
        vector, limit = self._vectors[self._chance.choice(WORDS)], self._chance.choice([1, 5, 20])
        both = self.engine.search_both(vector, query, limit, where)
        one_by_one = self.engine.search_dense(vector, limit, where), self.engine.search_lexical(query, limit, where)
        assert both == one_by_one
        self.done += 1

    def _look(self) -> None:
        assert self.engine.count() == self.model.count()
        if self.model.items:
            item = self.model.items[self._chance.choice(sorted(self.model.items))]
            assert self.engine.document(item.document.id) == item.document
            assert self.engine.passages([passage.id for passage in item.passages]) == list(item.passages)
        self.done += 1

    def _filter(self) -> Filter | None:
        if self._chance.random() < 0.6:
            return None
        since, until = sorted(self._chance.sample(DAYS[1:], 2))
        return Filter(
            since=self._chance.choice([None, since]),
            until=self._chance.choice([None, until]),
            source=self._chance.choice([None, "/news/*", "*[0-4]", "/?lo*"]),
        )

    def _text(self) -> str:
        lines = (
            " ".join(self._chance.choices(WORDS, k=self._chance.randint(1, 6)))
            for _ in range(self._chance.randint(0, 4))
        )
        return "\n".join(lines)


def test_random_operations_agree_with_the_model(backend, model, encoder, encoded) -> None:
    player = Player(backend, model, encoder, encoded, seed=7)
    wanted = OPERATIONS.get(type(backend).__name__, OF_A_VARIANT)
    while player.done < wanted:
        player.step()
    documents = [document.id for document in player.engine.documents()]
    assert documents == [
        item.document.id for item in sorted(model.items.values(), key=lambda item: item.document.source)
    ]
    player.engine.close()
    assert backend.exact or np.mean(player.met) > 0.97
