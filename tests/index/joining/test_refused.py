"""What is not joined: another writer's index, what does not fit together, what is damaged."""

from __future__ import annotations

import sqlite3

import pytest

from corpus.errors import EncoderMismatchError, IndexDamagedError, IndexLockedError, UsageError
from corpus.settings import ChunkSettings
from index import build
from index.builder import BuildSettings
from index.joining import join
from index.layout import TRUTH
from index.lock import WriterLock


def test_a_second_writer_is_told_who_writes(articles, tmp_path, shards_of, no_encoder) -> None:
    shards, directory = shards_of(articles, tmp_path, of=1), tmp_path / "joined"
    join(shards, directory, opener=no_encoder)
    lock = WriterLock(directory)
    lock.acquire()
    try:
        with pytest.raises(IndexLockedError, match=r"is being written by process \d+ on "):
            join(shards, directory, opener=no_encoder)
    finally:
        lock.release()


def test_what_does_not_fit_together_is_refused(articles, tmp_path, encoder, shards_of, no_encoder) -> None:
    other = type(encoder)("other")
    (of_bag,), (of_other,) = (shards_of(articles, tmp_path / one.fingerprint, by=one, of=1) for one in (encoder, other))
    directory = tmp_path / "joined"
    with pytest.raises(EncoderMismatchError, match="bring in those of one encoder"):
        join([of_bag, of_other], directory)
    with pytest.raises(UsageError, match=r"gallery\.txt is in .* and in .*; bring in one of the two"):
        join([of_bag, *shards_of(articles, tmp_path / "copy", of=1)], directory)
    coarse = ChunkSettings(target=120)
    (otherwise,) = shards_of(articles, tmp_path / "coarse", of=1, settings=coarse)
    with pytest.raises(EncoderMismatchError, match=r"the shard at .* was cut by .*target=120.*, not .*target=128"):
        join([otherwise], directory)
    with pytest.raises(UsageError, match="is one of the shards"):
        join([of_bag], of_bag)
    build([articles], tmp_path / "cut", encoder=encoder, settings=BuildSettings(passages=coarse))
    with pytest.raises(EncoderMismatchError, match=r"the index at .* was cut by .*target=120"):
        join([of_bag], tmp_path / "cut")
    join([of_bag], directory, opener=no_encoder)
    with pytest.raises(EncoderMismatchError, match="was made by encoder bag@1, not other@1"):
        join([of_other], directory)


def test_another_model_of_the_same_name_embeds_nothing(folder, tmp_path, encoder, shards_of) -> None:
    shards = shards_of(folder, tmp_path)
    with pytest.raises(EncoderMismatchError, match="'bag' is encoder other@1 on this machine, not bag@1"):
        join(shards, tmp_path / "joined", opener=lambda _: type(encoder)("other"))
    assert join(shards, tmp_path / "joined", opener=lambda _: encoder).recut == 8


def test_traits_that_a_shard_lacks_are_made_and_damaged_ones_refused(
    folder, tmp_path, encoder, contents, shards_of
) -> None:
    shards = shards_of(folder, tmp_path)
    build([folder], tmp_path / "whole", encoder=encoder)
    with sqlite3.connect(shards[0] / TRUTH) as truth:
        truth.execute("DROP TABLE traits")
        truth.execute("DROP TABLE copies")
    join(shards, tmp_path / "joined", opener=lambda _: encoder)
    assert contents(tmp_path / "joined") == contents(tmp_path / "whole")
    with sqlite3.connect(shards[1] / TRUTH) as truth:
        truth.execute("UPDATE traits SET repeated = x'00' WHERE document = (SELECT min(document) FROM traits)")
    with pytest.raises(IndexDamagedError, match="the traits of document"):
        join(shards, tmp_path / "again", opener=lambda _: encoder)
