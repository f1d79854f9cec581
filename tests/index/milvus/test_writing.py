"""One writer at a time, and what a killed one leaves behind."""

import json
import time

import numpy as np
import pytest

from corpus.errors import EncoderMismatchError, IndexLockedError, IndexUnavailableError, UsageError
from index.engines.milvus import ledger
from index.engines.milvus.door import Door
from index.engines.milvus.opening import open_milvus, write_milvus
from index.engines.milvus.place import MilvusPlace


class KilledError(Exception):
    """Stands for the end of the process."""


@pytest.fixture
def place(lite_milvus, tmp_path) -> MilvusPlace:
    return lite_milvus.place(tmp_path)


def write(place: MilvusPlace, encoder: str = "bag@1"):
    return write_milvus(place, encoder=encoder, dimension=16, chunker="c1")


def die(engine, monkeypatch, at: str) -> None:
    """Let the writer end without a word at the next `at` of its collection calls."""
    upsert, call = engine._door.upsert, engine._door.call

    def upserting(collection, rows, *at_once):
        if collection == at:
            raise KilledError
        upsert(collection, rows, *at_once)

    def calling(what, **arguments):
        if what == "delete" and at == "cleaning":
            raise KilledError
        return call(what, **arguments)

    monkeypatch.setattr(engine._door, "upsert", upserting)
    monkeypatch.setattr(engine._door, "call", calling)


def hang_up(engine) -> None:
    """Close the connection as the end of a process does: nothing is given back."""
    engine._door._client.close()


@pytest.mark.parametrize("at", ["citespan_passages", "citespan_texts", "citespan_documents", "cleaning"])
def test_a_killed_writer_leaves_nothing_half_visible(place, encoded, monkeypatch, at) -> None:
    old, new = encoded("/a", "the tram opened\nsalt"), encoded("/a", "the bus opened\nmolten salt\nmore")
    other = encoded("/b", "a harbour")
    with write(place) as engine:
        engine.add([old])
    engine = write(place)
    die(engine, monkeypatch, at)
    with pytest.raises(KilledError):
        engine.add([new, other])
    hang_up(engine)
    stands = [new, other] if at == "cleaning" else [old]
    with open_milvus(place) as reader:
        assert list(reader.documents()) == [item.document for item in stands]
        for query in ("tram", "bus", "salt", "harbour"):
            found = {hit.passage_id for hit in reader.search_lexical(query, 9)}
            assert found == {p.id for item in stands for p in item.passages if query in p.text}
    monkeypatch.setattr(ledger, "_is_dead", lambda _who: True)
    with write(place) as engine:
        assert engine.count() == sum(len(item.passages) for item in stands)
        engine.add([new, other])
        assert engine.count() == 4
        assert engine._door.count("citespan_texts") == 2
        assert engine._door.count("citespan_meta") == 2


def test_a_deletion_cut_short_is_finished_by_the_next_writer(place, encoded, monkeypatch) -> None:
    item = encoded("/a", "the tram opened\nsalt")
    engine = write(place)
    engine.add([item])
    clear = engine._clear
    monkeypatch.setattr(engine, "_clear", lambda _versions: clear({}) or (_ for _ in ()).throw(KilledError))
    with pytest.raises(KilledError):
        engine.delete([item.document.id])
    hang_up(engine)
    with open_milvus(place) as reader:
        assert reader.search_dense(item.vectors[0], 9) == reader.search_lexical("salt", 9) == []
    monkeypatch.setattr(ledger, "_is_dead", lambda _who: True)
    with write(place) as engine:
        assert (engine.count(), engine._door.count("citespan_texts")) == (0, 0)


def test_a_second_writer_is_told_who_writes(place, encoded) -> None:
    with write(place) as first:
        first.add([encoded("/a", "tram")])
        with pytest.raises(IndexLockedError, match="writes to citespan at"):
            write(place)
    with write(place) as second:
        assert second.count() == 1


def test_a_writer_whose_lease_was_taken_writes_nothing_more(place, encoded, monkeypatch) -> None:
    first = write(place)
    now = time.time()
    monkeypatch.setattr(ledger.time, "time", lambda: now + ledger.LEASE + 1)
    second = write(place)
    with pytest.raises(IndexLockedError):
        first.add([encoded("/a", "tram")])
    second.add([encoded("/b", "bus")])
    assert [document.source for document in second.documents()] == ["/b"]
    hang_up(first)
    second.close()


def test_a_reader_follows_a_writer(place, encoded) -> None:
    item = encoded("/a", "tram one")
    with write(place) as writer, open_milvus(place) as reader:
        assert reader.search_lexical("tram", 3) == []
        before = reader.generation()
        writer.add([item])
        assert [hit.passage_id for hit in reader.search_lexical("tram", 3)] == [item.passages[0].id]
        assert reader.document(item.document.id) == item.document
        again = encoded("/a", "tram two")
        writer.add([again])
        assert reader.document(item.document.id) == again.document
        assert reader.passages([again.passages[0].id]) == list(again.passages)
        writer.delete([item.document.id])
        with pytest.raises(KeyError):
            reader.document(item.document.id)
        assert reader.generation() == before + 3
        with pytest.raises(UsageError, match="open for reading only"):
            reader.add([item])


def test_a_document_damaged_in_milvus_is_refused_by_name(place, encoded) -> None:
    item = encoded("/a", "tram one")
    with write(place) as writer:
        writer.add([item])
        (row,) = writer._door.each("citespan_texts", ["id", "document", "version", "piece"])
        writer._door.upsert("citespan_texts", [{**row, "piece": row["piece"] + "!", "nowhere": [0.0, 0.0]}])
        with pytest.raises(IndexUnavailableError, match=r"the text of the article .* is not what was stored"):
            writer.document(item.document.id)


def test_ids_that_are_none_are_unknown_and_end_no_expression(place, encoded) -> None:
    with write(place) as engine:
        engine.add([encoded("/a", "tram")])
        for key in ('"] or id like "%', "", "a b", "ü"):
            with pytest.raises(KeyError):
                engine.document(key)
            engine.delete([key])
        assert engine.count() == 1


def test_an_index_of_another_encoder_or_format_or_none_is_told_so(place, encoded) -> None:
    with pytest.raises(IndexUnavailableError, match=r"no index citespan at .*lite\.db: fill it with"):
        open_milvus(place)
    write(place).close()
    with pytest.raises(EncoderMismatchError, match="made by encoder bag@1, not other@1"):
        write(place, encoder="other@1")
    with write(place) as engine:
        rows = engine._door.of_keys("citespan_meta", ["made"], ["value"])
        made = {**json.loads(rows["made"]["value"]), "format": 99}
        engine._door.upsert("citespan_meta", [{"id": "made", "value": json.dumps(made), "nowhere": [0.0, 0.0]}])
    with pytest.raises(IndexUnavailableError, match="is of format 99, this version reads 2"):
        open_milvus(place)


def test_an_index_half_made_is_made_whole(place, encoded, monkeypatch) -> None:
    """A process killed while it made the collections leaves one without its indexes, and others not at all."""
    calls = Door.call

    def dies(door, what, **arguments):
        if what == "create_index" and arguments["collection_name"].endswith("_texts"):
            raise KeyboardInterrupt
        return calls(door, what, **arguments)

    with monkeypatch.context() as patch:
        patch.setattr(Door, "call", dies)
        with pytest.raises(KeyboardInterrupt):
            write(place)
    with pytest.raises(IndexUnavailableError, match="no index citespan"):
        open_milvus(place)
    item = encoded("/a", "tram")
    with write(place) as engine:
        engine.add([item])
    with open_milvus(place) as engine:
        assert engine.document(item.document.id) == item.document


def test_two_indexes_in_one_milvus_are_two(lite_milvus, tmp_path, encoded) -> None:
    one, other = lite_milvus.place(tmp_path, "one"), lite_milvus.place(tmp_path, "other")
    item = encoded("/a", "tram")
    with write(one) as engine, write(other) as beside:
        engine.add([item])
        assert (engine.count(), beside.count()) == (1, 0)
        assert beside.search_dense(np.ones(16, np.float32), 3) == []
