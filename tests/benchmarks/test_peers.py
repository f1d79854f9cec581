"""The comparison with the peers: a worker is driven and stopped, and what was measured is summed up as it should be."""

from __future__ import annotations

import sys
from pathlib import Path
from time import monotonic, sleep

import numpy as np
import pytest

from benchmarks.peers.driver import Worker
from benchmarks.peers.material import Asked, Material, read_material
from benchmarks.peers.page import Run, write_page
from benchmarks.peers.run import Record
from benchmarks.peers.summary import build_ratio, ratio, summary
from benchmarks.peers.systems import HERE, PEERS

ECHO = """
import sys
sys.path.insert(0, {workers!r})
from loop import serve

class Echo:
    def ask(self, question):
        print("noise on standard output")
        if question == "raise":
            raise ValueError("as told")
        return {{"answer": question, "found": []}}

serve(Echo())
"""


@pytest.fixture
def worker(tmp_path):
    script = tmp_path / "echo.py"
    script.write_text(ECHO.format(workers=str(HERE / "workers")), encoding="utf-8")
    with Worker([sys.executable, str(script)], tmp_path / "echo.log") as started:
        yield started


def state(worker: Worker) -> str:
    stat = Path(f"/proc/{worker._process.pid}/stat").read_text(encoding="utf-8")
    return stat.rpartition(")")[2].split()[0]


def test_a_worker_answers_over_its_pipe_and_is_stopped_in_between(worker) -> None:
    reply, taken = worker.request({"do": "ask", "question": "Wer?"})
    assert reply == {"answer": "Wer?", "found": []}
    assert taken > 0
    deadline = monotonic() + 60  # a process that waits for a core stops when it gets one
    while state(worker) != "T" and monotonic() < deadline:
        sleep(0.01)
    assert state(worker) == "T"


def test_what_a_system_raises_is_a_reply_and_the_worker_lives_on(worker) -> None:
    assert worker.request({"do": "ask", "question": "raise"})[0] == {"error": "ValueError: as told"}
    with pytest.raises(RuntimeError, match="as told"):
        worker.told({"do": "ask", "question": "raise"})
    assert worker.told({"do": "memory"})[0]["peak"] > 0


def test_a_ratio_is_of_percentiles_and_its_interval_holds_it() -> None:
    ours = np.array([10.0, 20.0, 30.0, 40.0])
    whole, low, high = ratio(3 * ours, ours, 50)
    assert whole == 3.0
    assert low <= whole <= high


def test_blocks_are_compared_with_blocks() -> None:
    rows = [
        {"system": name, "what": "add", "block": block, "ms": ms}
        for name, times in {"citespan": (10, 20), "plain": (30, 20)}.items()
        for block, ms in enumerate(times)
    ]
    assert build_ratio(rows, "plain") == [2.0, 1.5, 2.5]


def write_set(folder: Path) -> None:
    texts = [f'{{"_id": "d{at}", "title": "", "text": "Text {at}."}}' for at in range(20)]
    (folder / "corpus.jsonl").write_text("\n".join(texts), encoding="utf-8")
    queries = [f'{{"_id": "q{at}", "text": "Which {at}?"}}' for at in range(4)]
    (folder / "queries.jsonl").write_text("\n".join(queries), encoding="utf-8")
    (folder / "qrels.tsv").write_text("".join(f"q{at}\td{at}\t1\n" for at in range(4)), encoding="utf-8")
    rows = [f'{{"id": "q{at}", "question": "Which {at}?", "answers": ["{at}"]}}' for at in range(4)]
    (folder / "questions.jsonl").write_text("\n".join(rows), encoding="utf-8")


def test_the_passages_that_answer_are_among_those_drawn(tmp_path) -> None:
    write_set(tmp_path)
    drawn = read_material(tmp_path, passages=7, questions=3, seed=1)
    held = {passage["id"] for passage in drawn.passages}
    assert len(held) == 7
    assert all(set(one.relevant) <= held for one in drawn.questions)
    assert drawn == read_material(tmp_path, passages=7, questions=3, seed=1)


def measured(tmp_path: Path, *, ahead: bool = False) -> Run:
    """A run of two questions over one passage, summed up."""
    material = Material(
        ({"id": "a", "text": "Ada"},), (Asked("Who?", ("Ada",), ("a",)), Asked("When?", ("1815",), ("b",)))
    )
    built, asked = Record(tmp_path / "build.jsonl"), Record(tmp_path / "asked.jsonl")
    for rank, (name, peer) in enumerate(PEERS.items(), start=1):
        if peer.built_by is None and ahead:
            built.add({"system": name, "what": "finish", "peak": 5_000_000})
        elif peer.built_by is None:
            built.add({"system": name, "what": "add", "block": 0, "passages": 1, "ms": 100 * rank})
            built.add({"system": name, "what": "finish", "ms": 0, "peak": 5_000_000})
        for number in range(3):
            row = {"system": name, "what": "ask", "round": number, "ms": 10 * rank + number}
            asked.add(row | {"question": 0, "answer": "Ada", "found": ["a", "c"]})
            asked.add(row | {"question": 1, "error": "ValueError: no"})
    about = {"processor": "Abacus", "features": ["beads"], "cores": 2}
    return summary(tmp_path, material) | {"set": "tiny", "machine": about}


def test_a_run_is_summed_up_and_shown(tmp_path) -> None:
    found = measured(tmp_path)
    ours = found["systems"]["citespan"]
    assert (found["rounds"], ours["EM"], ours["F1"], ours["recall@10"], ours["raised"]) == (3, 50.0, 50.0, 1.0, 1)
    assert (ours["p50"], ours["passages/s"], ours["building MB"]) == (11.0, 10.0, 5)
    assert found["systems"]["haystack"]["build ratio"] == [2.0, 2.0, 2.0]
    page = tmp_path / "page.md"
    places = ("told", "peers", "bars", "asking", "building")
    page.write_text("".join(f"<!-- table {name} -->\nstale\n<!-- end -->\n" for name in places), encoding="utf-8")
    write_page(page, [found])
    text = page.read_text(encoding="utf-8")
    assert "stale" not in text
    assert "| 1 | Citespan | 10.0 | 11 / 11 | 1.000 | 50.0 / 50.0 |" in text.replace(" (1 of 2 raised)", "")
    assert "| F1 above the best of the others | more than 0 | 0.00 | missed |" in text
    assert (tmp_path / "performance-asking.svg").stat().st_size > 1000
    assert "- 1 passages of tiny, 2 questions, asked 3 times; 2 cores of an Abacus (beads)\n" in text
    for name in ("performance-asking.svg", "performance-building.svg"):
        assert f"]({name})" in text
        assert (tmp_path / name).exists()


def test_a_run_that_was_built_ahead_tells_no_build_times(tmp_path) -> None:
    found = measured(tmp_path, ahead=True)
    assert "passages/s" not in found["systems"]["citespan"]
    assert "build ratio" not in found["systems"]["haystack"]
    assert found["systems"]["citespan"]["building MB"] == 5
    page = tmp_path / "page.md"
    page.write_text("<!-- table bars -->\n<!-- end -->\n<!-- table building -->\n<!-- end -->\n", encoding="utf-8")
    write_page(page, [found])
    text = page.read_text(encoding="utf-8")
    assert "Haystack's p50 over ours" in text
    assert "time to build" not in text
    assert "svg" not in text
