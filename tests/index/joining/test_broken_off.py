"""Joining that is killed, or meets damage: the next one ends alike, and nothing is lost or done twice."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from corpus.errors import IndexDamagedError
from index import build, check, open_index, repair
from index.joining import join
from index.layout import TRUTH

ROOT = Path(__file__).parents[3]
LOADER = """
import sys
from pathlib import Path
import index.joining
index.joining.PASSAGES_A_BATCH = 4
print("ready", flush=True)
shards, directory = [Path(name) for name in sys.argv[2:]], Path(sys.argv[1])
index.joining.join(shards, directory, progress=lambda done, _total: print(done, flush=True))
"""
KILLS = 3


def test_a_file_half_of_whose_rows_are_new_is_not_taken_for_the_old_one(
    folder, tmp_path, encoder, contents, monkeypatch, shards_of
) -> None:
    directory = tmp_path / "joined"
    join(shards_of(folder, tmp_path), directory, opener=lambda _: encoder)
    before, old = contents(directory), (folder / "rows.csv").read_text(encoding="utf-8")
    (folder / "rows.csv").write_text(old.replace("mill", "kiln"), encoding="utf-8")
    shards = shards_of(folder, tmp_path)

    def killed(*_: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("index.joining.PASSAGES_A_BATCH", 2)
        with pytest.raises(KeyboardInterrupt):
            join(shards, directory, progress=killed)
    assert contents(directory) != before
    (folder / "rows.csv").write_text(old, encoding="utf-8")
    assert len(build([folder], directory, encoder=encoder).updated) == 2
    assert contents(directory) == before


def test_a_damaged_document_comes_from_its_shard_again(folder, tmp_path, encoder, contents, shards_of) -> None:
    shards, directory = shards_of(folder, tmp_path), tmp_path / "joined"
    join(shards, directory, opener=lambda _: encoder)
    before = contents(directory)
    with sqlite3.connect(directory / TRUTH) as truth:
        truth.execute("UPDATE documents SET text = replace(text, 'tonnes', 'sacks') WHERE source LIKE '%Mail.txt'")
    with pytest.raises(IndexDamagedError):
        repair(directory)
    assert join(shards, directory, opener=lambda _: encoder).updated == 1
    assert contents(directory) == before
    assert check(directory).damage == ()


def test_killed_between_any_two_transactions_the_next_join_ends_alike(
    folder, tmp_path, memory_path, encoder, contents, interrupted_after, monkeypatch, shards_of, files, places
) -> None:
    for place in places[5:]:
        (folder / f"{place}.txt").unlink()
    shards = shards_of(folder, memory_path)
    build([folder], tmp_path / "whole", encoder=encoder)
    expected = contents(tmp_path / "whole")
    monkeypatch.setattr("index.joining.PASSAGES_A_BATCH", 4)
    monkeypatch.setattr("index.batch.PASSAGES_A_BATCH", 4)
    steps = 0
    while True:
        directory = memory_path / f"joined{steps}"
        with interrupted_after(steps, "change", "remember", "settle", "publish"):
            try:
                join(shards, directory, opener=lambda _: encoder)
            except KeyboardInterrupt:
                pass
            else:
                break
        report = join(shards, directory, opener=lambda _: encoder)
        assert report.added + report.unchanged == 14, steps
        assert contents(directory) == expected, steps
        assert files(directory) == files(tmp_path / "whole"), steps
        steps += 1
    assert steps > 8


def test_a_join_killed_again_and_again_loses_and_doubles_nothing(
    tmp_path, encoder, shards_of, no_encoder, assert_same
) -> None:
    many, directory, chance = tmp_path / "many", tmp_path / "joined", random.Random(3)
    many.mkdir()
    for number in range(60):
        (many / f"{number:03}.txt").write_text(f"Mill {number}\n\nThe mill in town{number % 9} is {number * 7} old.\n")
    shards = shards_of(many, tmp_path, of=2)
    killed, there = 0, 0
    for _ in range(KILLS):
        call = [sys.executable, "-c", LOADER, str(directory), *map(str, shards)]
        with subprocess.Popen(call, cwd=ROOT, stdout=subprocess.PIPE) as loader:
            assert loader.stdout is not None
            for _line in range(chance.randint(2, 4)):
                loader.stdout.readline()
            time.sleep(chance.random() * 0.02)
            loader.send_signal(signal.SIGKILL)
        killed += loader.returncode == -signal.SIGKILL
        with open_index(directory) as engine:  # what is there is whole, and found
            ids = {document.id for document in engine.documents()}
            found = engine.search_lexical("mill town", 1000)
            assert {hit.passage_id.partition(":")[0] for hit in found} == ids
        assert len(ids) >= there
        there = len(ids)
    assert killed and there
    report = join(shards, directory, opener=no_encoder)
    assert (report.unchanged, report.added) == (there, 60 - there)
    build([many], tmp_path / "whole", encoder=encoder)
    assert_same(directory, tmp_path / "whole")
