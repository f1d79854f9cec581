"""What any engine must do, one thing at a time."""

import random
from datetime import date

import numpy as np
import pytest

from corpus.errors import UsageError
from index.search import SearchSettings, hybrid_search
from index.types import EncodedDocument, Engine, Filter, SearchHit


def ids(hits: list[SearchHit]) -> list[str]:
    return [hit.passage_id for hit in hits]


def test_what_is_added_is_found_at_once(engine: Engine, encoded) -> None:
    item = encoded("/a", "the tram opened\nmolten salt stores heat", "Trams")
    engine.add([item])
    assert ids(engine.search_dense(item.vectors[1], 5)) == [item.passages[1].id, item.passages[0].id]
    assert engine.search_dense(item.vectors[0], 1)[0].score == pytest.approx(1.0, abs=1e-3)
    assert ids(engine.search_lexical("salty heating", 5)) == [item.passages[1].id]
    assert engine.passages([item.passages[1].id, item.passages[0].id]) == [item.passages[1], item.passages[0]]
    assert engine.document(item.document.id) == item.document
    assert list(engine.documents()) == [item.document]
    assert engine.count() == 2


def test_what_is_updated_is_found_by_its_new_words_alone(engine: Engine, encoded) -> None:
    first, second = encoded("/a", "the tram opened\nsalt"), encoded("/a", "the bus opened")
    engine.add([first])
    engine.add([second])
    assert engine.search_lexical("tram salt", 5) == []
    assert ids(engine.search_dense(first.vectors[0], 5)) == [second.passages[0].id]
    assert (engine.count(), engine.document(second.document.id)) == (1, second.document)


def test_what_is_deleted_is_gone_at_once(engine: Engine, encoded) -> None:
    first, second = encoded("/a", "the tram opened"), encoded("/b", "the bus opened")
    engine.add([first, second])
    engine.delete([first.document.id, "unknown"])
    assert ids(engine.search_lexical("tram opened", 5)) == ids(engine.search_dense(first.vectors[0], 5))
    assert ids(engine.search_dense(first.vectors[0], 5)) == [second.passages[0].id]
    engine.delete([second.document.id])
    assert (engine.count(), engine.search_lexical("bus", 5), engine.search_dense(first.vectors[0], 5)) == (0, [], [])
    with pytest.raises(KeyError):
        engine.document(first.document.id)
    with pytest.raises(KeyError):
        engine.passages([first.passages[0].id])


def test_what_is_deleted_can_be_added_again(engine: Engine, encoded) -> None:
    item = encoded("/a", "the tram opened")
    for _ in range(3):
        engine.add([item])
        engine.delete([item.document.id])
    engine.add([item])
    assert (
        ids(engine.search_lexical("tram", 5)) == ids(engine.search_dense(item.vectors[0], 5)) == [item.passages[0].id]
    )


def test_an_empty_engine_finds_nothing(engine: Engine) -> None:
    for where in (None, Filter(source="*"), Filter(since=date(2020, 1, 1))):
        assert engine.search_dense(np.ones(16, np.float32), 3, where) == []
        assert engine.search_lexical("tram", 3, where) == []
    assert (engine.count(), list(engine.documents()), engine.passages([])) == (0, [], [])
    engine.add([])
    engine.delete(["no"])
    assert engine.count() == 0


def test_a_document_without_passages_is_kept(engine: Engine, encoded) -> None:
    item = encoded("/a", "\n \n")
    engine.add([item])
    assert (list(engine.documents()), engine.count()) == ([item.document], 0)
    assert engine.search_dense(np.ones(16, np.float32), 3) == []


def test_unicode(engine: Engine, encoded) -> None:
    item = encoded("/ü 🧂", "北京 高新区\ncafe\u0301 🧂 Ünïcode\nשלום עולם\nnul \x00 and\u2028line", "İ")
    engine.add([item])
    assert engine.document(item.document.id) == item.document
    assert engine.passages([p.id for p in item.passages]) == list(item.passages)
    assert ids(engine.search_lexical("café", 3)) == [item.passages[1].id]
    assert ids(engine.search_lexical("北京", 3)) == [item.passages[0].id]
    assert ids(engine.search_lexical("עולם", 3)) == [item.passages[2].id]
    assert ids(engine.search_lexical("\ud800 café", 3)) == [item.passages[1].id]
    assert len(engine.search_dense(item.vectors[0], 9, Filter(source="/ü ?"))) == 4


@pytest.mark.parametrize("query", ["", "  ", "!!!", '"tram', "tram) OR (", "words:tram", "tram*", "key:0", "\x00"])
def test_no_character_of_a_query_is_an_error(engine: Engine, encoded, query: str) -> None:
    item = encoded("/a", "the tram opened")
    engine.add([item])
    assert ids(engine.search_lexical(query, 3)) in ([], [item.passages[0].id])


def test_a_limit_of_none_one_and_more_than_there_are(engine: Engine, encoded) -> None:
    item = encoded("/a", "tram one\ntram two\ntram three")
    engine.add([item])
    for limit, wanted in ((0, 0), (1, 1), (3, 3), (1000, 3)):
        assert len(engine.search_lexical("tram", limit)) == wanted
        assert len(engine.search_dense(item.vectors[0], limit)) == wanted


def test_equal_scores_are_ordered_by_passage_id_even_at_the_cut(engine: Engine, backend, encoded) -> None:
    items = [encoded(f"/{number}", "same words here") for number in range(60)]
    random.Random(0).shuffle(items)
    for start in range(0, 60, 20):
        engine.add(items[start : start + 20])
    expected = sorted(item.passages[0].id for item in items)
    assert ids(engine.search_lexical("same words", 7)) == expected[:7]
    if backend.exact:
        assert ids(engine.search_dense(items[0].vectors[0], 7)) == expected[:7]
    assert ids(engine.search_dense(items[0].vectors[0], 7, Filter(source="/*"))) == expected[:7]


def test_a_batch_with_a_fault_changes_nothing(engine: Engine, encoded) -> None:
    engine.add([encoded("/a", "kept words")])
    bad = encoded("/b", "lost words\nmore")
    with pytest.raises(ValueError, match="zip"):
        engine.add([encoded("/c", "other words"), EncodedDocument(bad.document, bad.passages, bad.vectors[:1])])
    assert engine.count() == len(engine.search_lexical("words", 9)) == 1


def test_documents_come_in_order_of_source(engine: Engine, encoded) -> None:
    for source in ("/b", "/a/z", "/a", "/ä", "/B"):
        engine.add([encoded(source, "words")])
    sources = [document.source for document in engine.documents()]
    assert sources == sorted(sources)


def test_everything_is_there_after_opening_again(backend, encoded) -> None:
    items = [encoded(f"/{number}", f"tram number{number}\nsalt", "Title") for number in range(30)]
    engine = backend.open()
    engine.add(items)
    engine.delete([items[3].document.id])
    before = [engine.search_lexical("tram salt", 9), engine.search_dense(items[5].vectors[0], 9)]
    engine.close()
    again = backend.open()
    assert again.count() == 58
    assert again.search_dense(items[5].vectors[0], 9) == before[1]
    assert ids(again.search_lexical("number7", 9)) == [items[7].passages[0].id]
    assert again.search_lexical("number3", 9) == []
    again.close()


DATED = {
    "/news/a.txt": date(2020, 1, 1),
    "/news/b.txt": date(2021, 6, 15),
    "/news/b.md": date(2022, 12, 31),
    "/blog/c.txt": None,
    "/blog/[d].txt": date(2021, 6, 15),
}
FILTERS = [
    (Filter(), set(DATED)),
    (Filter(since=date(2021, 6, 15)), {"/news/b.txt", "/news/b.md", "/blog/[d].txt"}),
    (Filter(until=date(2021, 6, 15)), {"/news/a.txt", "/news/b.txt", "/blog/[d].txt"}),
    (Filter(since=date(2020, 1, 2), until=date(2022, 12, 30)), {"/news/b.txt", "/blog/[d].txt"}),
    (Filter(source="/news/*"), {"/news/a.txt", "/news/b.txt", "/news/b.md"}),
    (Filter(source="*.TXT"), set()),
    (Filter(source="/????/?.txt"), {"/news/a.txt", "/news/b.txt", "/blog/c.txt"}),
    (Filter(source="/blog/[[]d].txt"), {"/blog/[d].txt"}),
    (Filter(source="/news/[!b].txt"), {"/news/a.txt"}),
    (Filter(since=date(2021, 1, 1), source="*b.*"), {"/news/b.txt", "/news/b.md"}),
    (Filter(since=date(2030, 1, 1)), set()),
]


@pytest.mark.parametrize(("where", "expected"), FILTERS)
def test_filters_choose_documents_and_leave_scores(engine: Engine, encoded, where: Filter, expected: set[str]) -> None:
    items = [encoded(source, f"tram words of {day}\ntram", published=day) for source, day in DATED.items()]
    engine.add(items)
    for search, question in ((engine.search_dense, items[0].vectors[1]), (engine.search_lexical, "tram")):
        everything = {hit.passage_id: hit.score for hit in search(question, 99)}
        found = search(question, 99, where)
        assert {engine.passages([hit.passage_id])[0].document_id for hit in found} == {
            item.document.id for item in items if item.document.source in expected
        }
        assert len(found) == 2 * len(expected)
        assert {hit.passage_id: hit.score for hit in found} == pytest.approx(
            {hit.passage_id: everything[hit.passage_id] for hit in found}, abs=1e-6
        )
        assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)


def test_a_filter_follows_what_changes(engine: Engine, encoded) -> None:
    where = Filter(since=date(2022, 1, 1))
    engine.add([encoded("/a", "tram", published=date(2021, 1, 1)), encoded("/b", "tram", published=date(2022, 1, 1))])
    assert len(engine.search_lexical("tram", 9, where)) == 1
    engine.add([encoded("/a", "tram", published=date(2023, 1, 1))])
    assert len(engine.search_lexical("tram", 9, where)) == len(engine.search_dense(np.ones(16, "f4"), 9, where)) == 2
    engine.delete([document.id for document in engine.documents()])
    assert engine.search_lexical("tram", 9, where) == engine.search_dense(np.ones(16, "f4"), 9, where) == []


def test_a_range_without_a_day_is_refused() -> None:
    with pytest.raises(UsageError, match="no day lies from 2022-01-02 until 2022-01-01"):
        Filter(since=date(2022, 1, 2), until=date(2022, 1, 1))


@pytest.mark.parametrize("where", [None, Filter(source="/*[13579]")])
def test_fusion_orders_by_the_weighted_sum_of_scaled_scores(engine: Engine, encoder, encoded, where) -> None:
    words = ["tram", "salt", "council", "harbour", "bridge"]
    chance = random.Random(4)
    engine.add([encoded(f"/{number}", " ".join(chance.choices(words, k=6))) for number in range(40)])
    question, weight = "tram harbour", 0.3
    found = hybrid_search(
        engine, encoder, question, 12, settings=SearchSettings(weight=weight, candidates=15), where=where
    )
    expected: dict[str, float] = {}
    searches = (
        (weight, engine.search_dense(encoder.encode([question])[0], 15, where)),
        (1 - weight, engine.search_lexical(question, 15, where)),
    )
    for share, hits in searches:
        low, high = min(hit.score for hit in hits), max(hit.score for hit in hits)
        for hit in hits:
            expected[hit.passage_id] = expected.get(hit.passage_id, 0) + share * (hit.score - low) / (high - low)
    order = sorted(expected, key=lambda passage_id: (-expected[passage_id], passage_id))[:12]
    assert [hit.passage.id for hit in found] == order
    assert [hit.score for hit in found] == pytest.approx([expected[passage_id] for passage_id in order])
    assert all(where is None or where.covers(engine.document(h.passage.document_id).source, None) for h in found)
