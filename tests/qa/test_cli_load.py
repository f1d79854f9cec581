"""`citespan load --index`: shards brought into an index in a folder, asked and checked like one that was built."""

from __future__ import annotations

import json

import pytest

from index.lock import WriterLock

BERTHS = "How many berths does the harbour of Port Ellery have?"


@pytest.fixture(scope="module")
def shards(articles, tmp_path_factory):
    """Two shards of the two articles, not to be changed."""
    from index import build
    from index.builder import BuildSettings
    from index.encoder import open_encoder
    from index.shards import Shard

    out = tmp_path_factory.mktemp("shards")
    for number in (1, 2):
        shard = Shard(number, 2)
        build([articles], out / shard.folder, encoder=open_encoder(), settings=BuildSettings(shard=shard))
    return out


def test_the_answers_are_those_of_one_build(citespan, shards, built, tmp_path):
    directory = tmp_path / "loaded.index"
    loaded = citespan("load", shards, "--index", directory)
    assert loaded.code == 0
    assert f"{directory}: added 2; 3 passages written in" in loaded.out
    told = []
    for index in (built, directory):
        outcome = citespan("ask", BERTHS, "--index", index, "--json")
        assert outcome.code == 0
        told.append({name: value for name, value in json.loads(outcome.out).items() if name != "timings_ms"})
    assert told[0] == told[1]
    assert "31" in told[0]["answer"]
    assert citespan("status", "--index", directory, "--check").code == 0


def test_again_it_writes_nothing_and_prunes_only_with_all_shards(citespan, shards, tmp_path):
    directory = tmp_path / "loaded.index"
    citespan("load", shards / "shard-1-of-2", shards / "shard-2-of-2", "--engine", "embedded", "--index", directory)
    generation = citespan("load", shards, "--index", directory).out.partition("generation")[2]
    again = citespan("load", shards, "--index", directory, "--prune")
    assert f"{directory}: unchanged 2; 0 passages written in" in again.out
    assert again.out.endswith(f"generation{generation}")
    one = citespan("load", shards / "shard-1-of-2", "--index", directory, "--prune")
    assert one.code == 2
    assert "--prune needs all 2 shards, 1 are there" in one.error_line


def test_while_another_process_writes_it_says_which(citespan, shards, tmp_path):
    directory = tmp_path / "loaded.index"
    directory.mkdir()
    lock = WriterLock(directory)
    lock.acquire()
    try:
        outcome = citespan("load", shards, "--index", directory)
    finally:
        lock.release()
    assert outcome.code == 1
    assert "is being written by process" in outcome.error_line


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--index", "d", "--uri", "http://h"], "--uri goes with --engine milvus"),
        (["--index", "d", "--engine", "milvus", "--uri", "http://h"], "leave it out"),
        (["--engine", "embedded"], "no index was named"),
        (["--index", "d"], "no shard is at none"),
    ],
)
def test_a_call_that_is_half_of_either_is_refused(citespan, tmp_path, monkeypatch, arguments, expected):
    monkeypatch.chdir(tmp_path)
    outcome = citespan("load", "none", *arguments)
    assert outcome.code == 2
    assert expected in outcome.error_line
