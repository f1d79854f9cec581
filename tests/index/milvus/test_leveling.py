"""Milvus brought level with indexes on disk: the same articles and hits; killed and resumed, nothing twice."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from corpus.errors import EncoderMismatchError, UsageError
from index import build, open_index
from index.builder import BuildSettings
from index.engines.milvus import ledger
from index.engines.milvus.engine import MilvusEngine
from index.engines.milvus.opening import open_milvus
from index.engines.milvus.place import MilvusPlace
from index.leveling import LevelReport, level
from index.shards import Shard, shards_below

CONFTEST = Path(__file__).parents[1] / "conftest.py"
ROOT = CONFTEST.parents[2]
LOADER = """
import sys
from pathlib import Path
import index.leveling
from index.engines.milvus.place import MilvusPlace
index.leveling.PASSAGES_A_BATCH = 5
print("ready", flush=True)
place = MilvusPlace(sys.argv[2])
index.leveling.level([Path(sys.argv[1])], place, progress=lambda done, _total: print(done, flush=True))
"""
KILLS = 4


@pytest.fixture
def place(lite_milvus, tmp_path) -> MilvusPlace:
    return lite_milvus.place(tmp_path)


@pytest.fixture
def built(articles, tmp_path, encoder) -> Path:
    """The three articles and a copy of one of them."""
    text = "Copied\n\n" + " ".join(f"Sentence {number} tells of mill {number * 7}." for number in range(40))
    for name in ("one", "two"):
        (articles / f"{name}.txt").write_text(text)
    build([articles], tmp_path / "index", encoder=encoder)
    return tmp_path / "index"


def everything(engine, encoder) -> list[object]:
    """All that an engine tells, whichever it is."""
    documents = list(engine.documents())
    ids = [document.id for document in documents]
    vector = encoder.encode(["the tram opened"])[0]
    dense = engine.search_dense(vector, 1000)
    passages = engine.passages(sorted(hit.passage_id for hit in dense))
    words = {hit.passage_id for hit in engine.search_lexical("battery tram mill copied", 1000)}
    # By passage, for two of one text are as near to the last bit but one, and so in either order.
    found = {hit.passage_id: pytest.approx(hit.score, abs=1e-5) for hit in dense}
    return [documents, passages, found, words, engine.copies(ids), engine.count()]


def test_both_engines_hold_and_find_the_same(built, place, encoder) -> None:
    report = level([built], place)
    with open_index(built) as embedded, open_milvus(place) as milvus:
        assert (report.added, report.passages) == (5, embedded.count())
        assert embedded.copies([document.id for document in embedded.documents()])
        assert everything(milvus, encoder) == everything(embedded, encoder)
        listed = milvus.listing()
        assert [one.source for one in listed.documents] == [document.source for document in embedded.documents()]
        assert listed.passages == embedded.count() == milvus.count()


def test_only_what_differs_is_written(built, place, articles, encoder, monkeypatch) -> None:
    level([built], place)
    with monkeypatch.context() as still:  # what the fixtures have patched stays
        still.setattr(MilvusEngine, "_write", lambda *_: pytest.fail("something was written"))
        assert level([built], place, prune=True) == LevelReport(0, 0, 5, 0, 0)
    (articles / "tram.txt").write_text("The tram line\n\nThe tram closed in Marrowick.\n")
    (articles / "salt.txt").unlink()
    build([articles], built, encoder=encoder)
    assert level([built], place) == LevelReport(0, 1, 3, 0, 1)
    with open_milvus(place) as milvus:
        assert milvus.search_lexical("opened", 5) == []
        assert len(milvus.search_lexical("molten", 5)) == 1
    assert level([built], place, prune=True).removed == 1
    with open_index(built) as embedded, open_milvus(place) as milvus:
        assert everything(milvus, encoder) == everything(embedded, encoder)


def test_a_load_killed_again_and_again_loses_and_doubles_nothing(tmp_path, milvus_server, encoder, monkeypatch) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(60):
        (folder / f"{number:03}.txt").write_text(
            f"Title {number}\n\nThe figure was {number * 7} in town{number % 9}.\n"
        )
    build([folder], tmp_path / "index", encoder=encoder)
    place, chance, killed = MilvusPlace(milvus_server.uri), random.Random(3), 0
    for _ in range(KILLS):
        loader = subprocess.Popen(
            [sys.executable, "-c", LOADER, str(tmp_path / "index"), place.uri], cwd=ROOT, stdout=subprocess.PIPE
        )
        with loader:
            assert loader.stdout is not None
            for _line in range(chance.randint(1, 4)):
                loader.stdout.readline()
            time.sleep(chance.random() * 0.05)
            loader.send_signal(signal.SIGKILL)
        killed += loader.returncode == -signal.SIGKILL
        with open_milvus(place) as milvus:  # what is there is whole
            documents = list(milvus.documents())
            found = milvus.search_lexical("figure town title", 1000)
            assert {hit.passage_id.partition(":")[0] for hit in found} == {document.id for document in documents}
    assert killed
    report = level([tmp_path / "index"], place)
    assert report.unchanged + report.added == 60
    with open_index(tmp_path / "index") as embedded, open_milvus(place) as milvus:
        assert everything(milvus, encoder) == everything(embedded, encoder)
        rows = [row["id"] for row in milvus._door.each("citespan_texts", ["id"])]
        assert len(rows) == len(set(rows)) == 60


def test_shards_together_are_the_whole(articles, place, tmp_path, encoder) -> None:
    for number in range(20):
        (articles / f"{number}.txt").write_text(f"Number {number}\n\nThe count was {number} in all.\n")
    for number in (1, 2, 3):
        shard = Shard(number, 3)
        build([articles], tmp_path / shard.folder, encoder=encoder, settings=BuildSettings(shard=shard))
    shards = shards_below([tmp_path])
    assert shards.complete
    assert level(shards.folders, place).added == 23
    build([articles], tmp_path / "whole", encoder=encoder)
    assert level([tmp_path / "whole"], place, prune=True).unchanged == 23
    with open_index(tmp_path / "whole") as embedded, open_milvus(place) as milvus:
        assert everything(milvus, encoder) == everything(embedded, encoder)


def test_every_file_falls_to_one_shard() -> None:
    sources = [f"/articles/{number}.txt" for number in range(3000)]
    held = [[source for source in sources if Shard(number, 7).holds(source)] for number in range(1, 8)]
    assert sorted(source for some in held for source in some) == sorted(sources)
    assert min(map(len, held)) > 300


@pytest.mark.parametrize("text", ["0/3", "4/3", "3", "a/b", "1/0", "-1/3", "1/3 "])
def test_a_shard_that_there_cannot_be_is_refused(text) -> None:
    with pytest.raises(UsageError):
        Shard.parse(text)


def test_shards_of_two_cuts_or_none_are_refused(tmp_path) -> None:
    with pytest.raises(UsageError, match="no shard is at"):
        shards_below([tmp_path])
    for name in ("shard-1-of-2", "shard-1-of-3"):
        (tmp_path / name).mkdir()
    with pytest.raises(UsageError, match="in 2 and in 3"):
        shards_below([tmp_path])
    assert not shards_below([tmp_path / "shard-1-of-2"]).complete


def test_what_does_not_fit_together_is_refused(built, articles, place, tmp_path) -> None:
    with pytest.raises(UsageError, match=r"is in .*index and in .*copy"):
        build([articles], tmp_path / "copy", encoder=_bag("bag"))
        level([built, tmp_path / "copy"], place)
    build([articles], tmp_path / "other", encoder=_bag("other"))
    with pytest.raises(EncoderMismatchError, match="bring in those of one encoder"):
        level([built, tmp_path / "other"], place)
    level([built], place)
    with pytest.raises(EncoderMismatchError, match="made by encoder bag@1, not other@1"):
        level([tmp_path / "other"], place)


def test_the_lease_of_a_dead_process_of_this_machine_is_not_waited_for() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    host = ledger.socket.gethostname()
    assert ledger._is_dead(f"{gone.pid} on {host}")
    assert not ledger._is_dead(ledger._who())
    assert not ledger._is_dead(f"{gone.pid} on elsewhere.{host}")
    assert not ledger._is_dead("")


def _bag(name: str):
    import runpy

    return runpy.run_path(str(CONFTEST))["BagOfWords"](name)
