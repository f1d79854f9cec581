"""Shards joined into an index in a folder: the same as one build, and level again after changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corpus.loaders.apart import Reader
from index import build, status
from index.joining import JoinReport, join
from index.store import Store


@pytest.mark.parametrize(("way", "recut"), [("spread", 8), ("gathered", 2)])
def test_shards_joined_are_the_index_of_one_build(
    folder, tmp_path, encoder, monkeypatch, cut, way, recut, shards_of, assert_same
) -> None:
    cut(way)
    shards = shards_of(folder, tmp_path)
    build([folder], tmp_path / "whole", encoder=encoder)
    encoder.encoded.clear()
    report = join(shards, tmp_path / "joined", opener=lambda _: encoder)
    assert (report.added, report.updated, report.unchanged, report.recut) == (17, 0, 0, recut)
    # Only what a shard could not know is embedded: the words of the pages without their frame.
    assert report.embedded == len(encoder.encoded) == recut
    assert_same(tmp_path / "joined", tmp_path / "whole")
    encoder.encoded.clear()
    monkeypatch.setattr(Reader, "read", lambda *_: pytest.fail("a file was read again"))
    after = build([folder], tmp_path / "joined", encoder=encoder)
    assert (len(after.unchanged), after.generation, encoder.encoded) == (17, report.generation, [])


def test_again_nothing_is_done_and_no_encoder_opened(
    folder, tmp_path, encoder, contents, monkeypatch, shards_of, no_encoder
) -> None:
    shards, directory = shards_of(folder, tmp_path), tmp_path / "joined"
    first = join(shards, directory, opener=lambda _: encoder)
    before = contents(directory)
    with monkeypatch.context() as still:
        for name in ("apply", "remember", "settle"):
            still.setattr(Store, name, lambda *_: pytest.fail("something was written"))
        again = join(shards, directory, opener=no_encoder, prune=True)
    assert again == JoinReport(0, 0, 17, 0, 0, 0, 0, first.generation)
    assert contents(directory) == before
    generation = build([folder], tmp_path / "whole", encoder=encoder).generation
    assert join(shards, tmp_path / "whole", opener=no_encoder, prune=True) == replace(again, generation=generation)


def test_what_repeats_nowhere_needs_no_encoder(articles, tmp_path, encoder, contents, shards_of, no_encoder) -> None:
    shards = shards_of(articles, tmp_path, of=2)
    report = join(shards, tmp_path / "joined", opener=no_encoder)
    assert (report.added, report.embedded) == (3, 0)
    build([articles], tmp_path / "whole", encoder=encoder)
    assert contents(tmp_path / "joined") == contents(tmp_path / "whole")


def test_changed_articles_are_updated_and_gone_ones_pruned(
    folder, tmp_path, encoder, shards_of, no_encoder, assert_same
) -> None:
    directory = tmp_path / "joined"
    join(shards_of(folder, tmp_path), directory, opener=lambda _: encoder)
    (folder / "Mail.txt").write_text("Mail has coal\n\nThe mill in town3 burns coal.\n", encoding="utf-8")
    for name in ("Garth", "Star"):
        (folder / f"{name}.txt").unlink()
    shards = shards_of(folder, tmp_path)
    report = join(shards, directory, opener=lambda _: encoder)
    assert (report.added, report.updated, report.unchanged, report.removed) == (0, 1, 14, 0)
    assert status(directory).documents == 17
    report = join(shards, directory, opener=no_encoder, prune=True)
    assert (report.unchanged, report.removed) == (15, 2)
    build([folder], tmp_path / "whole", encoder=encoder)
    assert_same(directory, tmp_path / "whole")


def test_below_five_pages_the_frame_is_words_again(folder, tmp_path, encoder, shards_of, assert_same, places) -> None:
    directory = tmp_path / "joined"
    join(shards_of(folder, tmp_path), directory, opener=lambda _: encoder)
    for place in places[:5]:
        (folder / f"{place}.txt").unlink()
    report = join(shards_of(folder, tmp_path), directory, opener=lambda _: encoder, prune=True)
    assert (report.removed, report.recut) == (5, 3)
    build([folder], tmp_path / "whole", encoder=encoder)
    assert_same(directory, tmp_path / "whole")


def test_a_row_that_is_gone_stays_until_the_next_build_or_prune(
    folder, tmp_path, encoder, contents, shards_of, no_encoder, write_rows
) -> None:
    directory = tmp_path / "joined"
    join(shards_of(folder, tmp_path), directory, opener=lambda _: encoder)
    write_rows(folder, range(4))
    shards = shards_of(folder, tmp_path)
    for _ in range(2):
        report = join(shards, directory, opener=no_encoder)
        assert (report.unchanged, report.removed, status(directory).documents) == (15, 0, 17)
    assert len(build([folder], directory, encoder=encoder).removed) == 2
    build([folder], tmp_path / "whole", encoder=encoder)
    assert contents(directory) == contents(tmp_path / "whole")
