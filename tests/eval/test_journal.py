from __future__ import annotations

import pytest

from corpus.errors import DatasetError, UsageError
from eval.journal import Journal, check_manifest, claimed, read_rows


def test_rows_survive_and_are_read_back(tmp_path):
    journal = Journal(tmp_path / "rows.jsonl")
    journal.append({"id": "a", "text": "ü\u2028x"})
    assert read_rows(tmp_path / "rows.jsonl") == [{"id": "a", "text": "ü\u2028x"}]  # before any close
    journal.append({"id": "b"})
    journal.close()
    again = Journal(tmp_path / "rows.jsonl")
    again.close()
    assert list(again.rows) == ["a", "b"]


def test_a_row_that_was_cut_off_is_dropped_and_written_again(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b'{"id": "a"}\n{"id": "b", "te')
    assert [row["id"] for row in read_rows(path)] == ["a"]
    journal = Journal(path)
    journal.append({"id": "b", "text": "whole"})
    journal.close()
    assert path.read_bytes() == b'{"id": "a"}\n{"id": "b", "text": "whole"}\n'


@pytest.mark.parametrize("line", [b"nonsense", b"[]", b"{}", b"\xff"])
def test_a_damaged_row_in_the_middle_is_named(tmp_path, line):
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b'{"id": "a"}\n' + line + b'\n{"id": "b"}\n')
    with pytest.raises(DatasetError, match=r"rows\.jsonl:2: "):
        Journal(path)


def test_a_manifest_guards_against_mixing(tmp_path):
    path = tmp_path / "run.json"
    check_manifest(path, {"seed": 0, "stage": "all"})
    check_manifest(path, {"seed": 0, "stage": "all"})
    with pytest.raises(UsageError, match="seed 0, not 1"):
        check_manifest(path, {"seed": 1, "stage": "all"})
    with pytest.raises(UsageError, match="stage"):
        check_manifest(path, {"seed": 0})
    path.write_text("x")
    with pytest.raises(UsageError, match="not a run's manifest"):
        check_manifest(path, {"seed": 0})


def test_one_run_a_folder(tmp_path):
    with claimed(tmp_path / "out"), pytest.raises(UsageError, match="another run"), claimed(tmp_path / "out"):
        pass
    with claimed(tmp_path / "out"):
        pass
