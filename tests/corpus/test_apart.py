"""The process that parses: killed when it takes too long, started again, and never able to reach out."""

import os
import sys
import time

import pytest

from benchmarks.packed_writers import packed
from corpus.errors import SourceError
from corpus.loaders.apart import Reader
from corpus.loaders.columns import Columns
from corpus.loaders.limits import Limits

PAGE = (
    b"<!DOCTYPE html><html><head><title>T</title></head><body><p>The council has agreed on the plan.</p></body></html>"
)
ROW = b"text\nThe council has agreed on the plan.\n"
FAULTY = """
import json, os, sys, time; sys.path[:] = json.loads(sys.argv[1])
import corpus.loaders.worker as worker
parse = worker.load_member
def load_member(member, columns):
    if "hang" in member.name: time.sleep(60)
    if "crash" in member.name: os._exit(11)
    if "memory" in member.name: return bytearray(1 << 34)
    if "network" in member.name:
        import socket
        socket.create_connection(("127.0.0.1", 9))
    return parse(member, columns)
worker.load_member = load_member
worker.main()
"""


@pytest.fixture
def faulty():
    import json

    with Reader(limits=Limits(seconds=4.0), command=(sys.executable, "-c", FAULTY, json.dumps(sys.path))) as reader:
        yield reader


def written(path, data):
    path.write_bytes(data)
    return path


def test_plain_text_starts_no_process(tmp_path):
    with Reader(command=("/nowhere/to/be/found",)) as reader:
        found = reader.read(written(tmp_path / "a.txt", b"The council has agreed."))
        assert found.documents[0].text == "The council has agreed."
        with pytest.raises(OSError, match="nowhere"):
            reader.read(written(tmp_path / "b.txt", PAGE))


def test_the_process_reads_what_a_call_here_would(tmp_path):
    from corpus.loaders.load import load_all

    files = {"a.html": PAGE, "b.txt": "Caf\u00e9 one.".encode(), "c.csv": b"title,text\nA,Words.\n", "d.jpg": b"x"}
    path = written(tmp_path / "a.zip", packed(files))
    with Reader(Columns(text="text")) as reader:
        assert reader.read(path) == load_all(path, Columns(text="text"))
        assert reader.fingerprint.endswith("/text=text")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("hang.csv", "took more than 4 s"),
        ("crash.csv", "its parser broke down, code 11"),
        ("memory.csv", "more memory"),
        ("network.csv", r"may not use socket|cannot be parsed|broke down"),
    ],
)
@pytest.mark.timeout(60)
def test_what_a_parser_does_costs_one_file(tmp_path, faulty, name, reason):
    started = time.monotonic()
    with pytest.raises(SourceError, match=reason):
        faulty.read(written(tmp_path / name, ROW))
    assert time.monotonic() - started < 30
    assert faulty.read(written(tmp_path / "fine.csv", ROW)).documents


@pytest.mark.timeout(60)
def test_a_member_that_is_stopped_costs_only_itself(tmp_path, faulty):
    path = written(tmp_path / "a.zip", packed(dict.fromkeys(("a.csv", "crash.csv", "hang.csv", "z.csv"), ROW)))
    found = faulty.read(path)
    assert [document.source.rpartition("/")[2] for document in found.documents] == ["a.csv#row=2", "z.csv#row=2"]
    assert [refusal.source.rpartition("/")[2] for refusal in found.refused] == ["crash.csv", "hang.csv"]


@pytest.mark.timeout(60)
def test_a_file_that_always_stops_the_process_is_given_up(tmp_path, faulty):
    path = written(
        tmp_path / "a.zip", packed(dict.fromkeys(("a.csv", *(f"crash-{number}.csv" for number in range(9))), ROW))
    )
    found = faulty.read(path)
    assert len(found.documents) == 1
    assert found.refused[-1].reason == "was given up after 3 of its parts had to be stopped"


def test_a_process_that_was_killed_from_outside_is_started_again(tmp_path):
    path = written(tmp_path / "a.html", PAGE)
    with Reader() as reader:
        assert reader.read(path).documents
        os.kill(reader._process.pid, 9)
        reader._process.wait()
        assert reader.read(path).documents


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / "a.pdf")
    with Reader() as reader, pytest.raises(SourceError, match="named pipe"):
        reader.read(tmp_path / "a.pdf")
