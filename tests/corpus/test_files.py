"""Reading one file: what is refused before a byte of it is read."""

import os
import socket
from pathlib import Path

import pytest

from corpus.errors import SourceError
from corpus.loaders.files import read_bytes


def test_a_file_comes_back_whole(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"\x00\r\n\xff")
    assert read_bytes(path) == b"\x00\r\n\xff"


def test_a_huge_file_is_refused_by_its_size_alone(tmp_path):
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    with pytest.raises(SourceError, match=r"200\.0 MB, over the limit of 50 MB"):
        read_bytes(path)


def test_the_limit_itself_is_allowed(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"12345")
    assert read_bytes(path, limit=5) == b"12345"
    with pytest.raises(SourceError, match="over the limit"):
        read_bytes(path, limit=4)


def test_a_file_that_grows_after_it_was_looked_at_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_bytes(b"12345")
    small = path.stat()
    monkeypatch.setattr(os, "fstat", lambda descriptor: os.stat_result((*small[:6], 1, *small[7:])))
    monkeypatch.setattr(Path, "stat", lambda self: os.stat_result((*small[:6], 1, *small[7:])))
    with pytest.raises(SourceError, match="over the limit"):
        read_bytes(path, limit=3)


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(SourceError, match="a folder, not a regular file"):
        read_bytes(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_named_pipe_is_refused_without_waiting_for_a_writer(tmp_path):
    path = tmp_path / "pipe.txt"
    os.mkfifo(path)
    with pytest.raises(SourceError, match="a named pipe"):
        read_bytes(path)


def test_a_device_is_refused():
    with pytest.raises(SourceError, match="a device"):
        read_bytes(Path(os.devnull))


def test_a_socket_is_refused(tmp_path):
    path = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        with pytest.raises(SourceError, match="a socket"):
            read_bytes(path)


def test_a_file_that_is_gone_or_a_link_to_nothing_is_refused(tmp_path):
    with pytest.raises(SourceError, match="is gone"):
        read_bytes(tmp_path / "a.txt")
    (tmp_path / "link.txt").symlink_to(tmp_path / "nowhere.txt")
    with pytest.raises(SourceError, match="is gone"):
        read_bytes(tmp_path / "link.txt")


def test_a_link_to_itself_is_refused(tmp_path):
    path = tmp_path / "loop.txt"
    path.symlink_to(path)
    with pytest.raises(SourceError, match="cannot be read"):
        read_bytes(path)


def test_a_file_that_vanishes_between_look_and_open_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_text("text")

    def vanish(*_arguments):
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr(os, "open", vanish)
    with pytest.raises(SourceError, match="is gone"):
        read_bytes(path)


def test_a_file_that_may_not_be_read_is_refused(tmp_path, monkeypatch):
    # The permission bits alone would not stop a test that runs as root.
    path = tmp_path / "a.txt"
    path.write_text("text")

    def forbid(*_arguments):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", forbid)
    with pytest.raises(SourceError, match="change its permissions"):
        read_bytes(path)


def test_a_disk_error_is_refused_with_its_own_words(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_text("text")

    def fail(*_arguments):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "open", fail)
    with pytest.raises(SourceError, match="Input/output error"):
        read_bytes(path)


def test_a_name_with_a_nul_in_it_is_refused():
    with pytest.raises(SourceError, match="cannot be read"):
        read_bytes(Path("a\0b.txt"))
