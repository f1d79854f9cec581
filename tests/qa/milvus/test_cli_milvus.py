"""The command line over Milvus: build, embed, load and ask; the same answers; a call that is half of either refused."""

from __future__ import annotations

import json

import pytest

BERTHS = "How many berths does the harbour of Port Ellery have?"


def test_the_answers_of_both_engines_are_the_same(citespan, articles, lite_milvus, tmp_path):
    place, built = lite_milvus.place(tmp_path), tmp_path / "own.index"
    outcome = citespan("build", articles, "--index", built, "--engine", "milvus", "--uri", place.uri)
    assert outcome.code == 0
    assert f"citespan at {place.uri}: added" in outcome.out
    told = {}
    for engine in (("--index", built), ("--engine", "milvus", "--uri", place.uri)):
        outcome = citespan("ask", BERTHS, *engine, "--json")
        assert outcome.code == 0
        told[engine[0]] = json.loads(outcome.out)
    embedded, milvus = told["--index"], told["--engine"]
    assert not embedded["abstained"]
    for answer in (embedded, milvus):
        for citation in answer["citations"]:
            citation.pop("score")
    assert (milvus["answer"], milvus["citations"]) == (embedded["answer"], embedded["citations"])


def test_shards_are_embedded_and_loaded(citespan, articles, lite_milvus, tmp_path):
    place = lite_milvus.place(tmp_path)
    for number in (1, 2):
        outcome = citespan("embed", articles, "--shard", f"{number}/2", "--out", tmp_path / "shards")
        assert outcome.code == 0
        assert f"shard {number} of 2 is at" in outcome.out
    one = citespan("load", tmp_path / "shards" / "shard-1-of-2", "--uri", place.uri, "--prune")
    assert one.code == 2
    assert "--prune needs all 2 shards, 1 are there" in one.error
    loaded = citespan("load", tmp_path / "shards", "--uri", place.uri, "--prune")
    assert loaded.code == 0
    assert "added 2" in loaded.out
    assert "unchanged 2; 0 passages written" in citespan("load", tmp_path / "shards", "--uri", place.uri).out
    assert "31" in citespan("ask", BERTHS, "--engine", "milvus", "--uri", place.uri).out


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["ask", "Why?"], "no index was named"),
        (["serve"], "no index was named"),
        (["ask", "Why?", "--engine", "milvus"], "--engine milvus needs --uri"),
        (["ask", "Why?", "--index", "d", "--uri", "http://h"], "--uri goes with --engine milvus"),
        (["ask", "Why?", "--index", "d", "--engine", "milvus", "--uri", "http://h"], "leave it out"),
        (["ask", "Why?", "--engine", "milvus", "--uri", "h:1"], "h:1 is no address of Milvus"),
        (["ask", "Why?", "--engine", "milvus", "--uri", "x.db", "--collection", "a-b"], "cannot name collections"),
        (["serve", "--engine", "milvus", "--uri", "x.db", "--uploads", "d"], "--uploads adds to an index in a folder"),
        (["load", "none", "--uri", "x.db"], "no shard is at none"),
        (["load", "none"], "--engine milvus needs --uri"),
        (["embed", "none", "--shard", "3/2", "--out", "d"], "there is no shard 3 of 2"),
    ],
)
def test_a_call_that_is_half_of_either_is_refused(citespan, tmp_path, monkeypatch, arguments, expected):
    monkeypatch.chdir(tmp_path)
    outcome = citespan(*arguments)
    assert outcome.code == 2
    assert expected in outcome.error
    assert outcome.error.count("\n") == 1


def test_an_engine_that_is_not_there_is_one_line(citespan, monkeypatch):
    from index.engines.milvus import door

    monkeypatch.setattr(door, "PAUSES", ())
    outcome = citespan("ask", BERTHS, "--engine", "milvus", "--uri", "http://127.0.0.1:9")
    assert outcome.code == 1
    assert "cannot be reached" in outcome.error
    assert outcome.error.count("\n") == 1
