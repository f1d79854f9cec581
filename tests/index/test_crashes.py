"""Killing a build, and reading during one."""

import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from index import build, hybrid_search, open_index, status
from index.store import Store

SCRIPT = """
import runpy, sys
import index.batch
from index import build
index.batch.PASSAGES_A_BATCH = 4
encoder = runpy.run_path(sys.argv[1])["BagOfWords"](seconds_a_text=0.004)
print("ready", flush=True)
build([sys.argv[2]], sys.argv[3], encoder=encoder)
"""

CONFTEST = Path(__file__).with_name("conftest.py")
ROOT = CONFTEST.parents[2]


@pytest.fixture
def many(tmp_path: Path) -> Path:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(80):
        body = f"Article {number} says that the figure was {number * 7} in town{number % 9}."
        (folder / f"{number:03}.txt").write_text(f"Title {number}\n\n{body}\n")
    return folder


def contents(directory: Path) -> list[tuple[str, str]]:
    store = Store(directory)
    try:
        return [(row.context, row.text) for row in store.rows_since(0)]
    finally:
        store.close()


def start(folder: Path, directory: Path) -> subprocess.Popen:
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(CONFTEST), str(folder), str(directory)], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert process.stdout is not None and process.stdout.readline() == b"ready\n"
    return process


def test_a_killed_build_loses_nothing_committed(many: Path, encoder, tmp_path: Path) -> None:
    directory, chance, committed = tmp_path / "index", random.Random(5), 0
    for _ in range(5):
        process = start(many, directory)
        time.sleep(chance.uniform(0.02, 0.5))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        if (directory / "citespan.db").exists() and (directory / "citespan.db").stat().st_size > 0:
            found = status(directory)
            assert found.passages == found.documents >= committed
            committed = found.documents
            with open_index(directory) as engine:
                assert len(engine.search_dense(encoder.encode(["figure"])[0], 999)) == committed
                assert len(engine.search_lexical("figure", 999)) == committed
                hybrid_search(engine, encoder, "figure in town3", 5)
    encoder.encoded.clear()
    report = build([many], directory, encoder=encoder)
    assert (len(report.unchanged), len(report.added), len(encoder.encoded)) == (
        committed,
        80 - committed,
        80 - committed,
    )
    build([many], tmp_path / "undisturbed", encoder=encoder)
    assert contents(directory) == contents(tmp_path / "undisturbed")
    for query in ("figure 21", "town3", "article says"):
        with open_index(directory) as mended, open_index(tmp_path / "undisturbed") as whole:
            assert hybrid_search(mended, encoder, query, 99) == hybrid_search(whole, encoder, query, 99)


def test_readers_are_unharmed_by_a_build(many: Path, encoder, tmp_path: Path) -> None:
    directory = tmp_path / "index"
    build([many / "000.txt"], directory, encoder=encoder)
    failures: list[BaseException] = []
    counts: list[list[int]] = [[], []]
    stop = threading.Event()

    def ask(seen: list[int]) -> None:
        try:
            with open_index(directory) as engine:
                while not stop.is_set():
                    found = hybrid_search(engine, encoder, "figure in town3", 200)
                    for hit in found:
                        text = engine.document(hit.passage.document_id).text
                        assert hit.passage.span.of(text) == hit.passage.text
                    seen.append(len(found))
        except BaseException as error:
            failures.append(error)
            raise

    process = start(many, directory)
    threads = [threading.Thread(target=ask, args=(seen,)) for seen in counts]
    for thread in threads:
        thread.start()
    assert process.wait(60) == 0
    time.sleep(0.2)
    stop.set()
    for thread in threads:
        thread.join()
    process.stdout.close()
    assert failures == []
    for seen in counts:
        assert seen == sorted(seen) and seen[-1] == 80


def test_documents_removed_during_reading_never_show_again(many: Path, encoder, tmp_path: Path) -> None:
    directory = tmp_path / "index"
    build([many], directory, encoder=encoder)
    with open_index(directory) as reader:
        for round_ in range(4):
            for path in sorted(many.iterdir())[:10]:
                path.unlink()
            report = build([many], directory, encoder=encoder)
            assert len(report.removed) == 10, round_
            found = hybrid_search(reader, encoder, "figure in town3", 200)
            assert {reader.document(hit.passage.document_id).source for hit in found} == {
                str(path) for path in many.iterdir()
            }
