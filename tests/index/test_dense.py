from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.dense.exact import DenseIndex, faiss, merged, score
from index.dense.files import load_part, part_is_whole, write_index
from index.dense.stamp import DenseStamp, Part, read_dense_stamp, write_dense_stamp
from index.trust import Trust


@pytest.fixture
def vectors() -> np.ndarray:
    rows = np.random.default_rng(0).standard_normal((20, 8)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def dense(vectors: np.ndarray) -> DenseIndex:
    index = DenseIndex(8)
    index.add(np.arange(100, 120), vectors)
    return index


@pytest.fixture
def part(dense: DenseIndex, tmp_path: Path) -> Part:
    sha256 = write_index(tmp_path / "dense-1.faiss", dense.faiss)
    return Part("dense-1.faiss", "exact", 1, 119, rows=20, dead=0, sha256=sha256)


def whole(directory: Path, part: Part) -> bool:
    return part_is_whole(directory, part, Trust(directory))


def test_round_trip(dense: DenseIndex, part: Part, vectors: np.ndarray, tmp_path: Path) -> None:
    write_dense_stamp(tmp_path, DenseStamp("id", 7, 20, 119, (part,)))
    stamp = read_dense_stamp(tmp_path)
    assert stamp == DenseStamp("id", 7, 20, 119, (part,))
    loaded = load_part(tmp_path, stamp.parts[0], 8)
    assert loaded is not None and loaded.keys().tolist() == list(range(100, 120))
    for row in vectors:
        assert loaded.search(row, 5) == dense.search(row, 5)


def test_search_is_exact(dense: DenseIndex, vectors: np.ndarray) -> None:
    found = dense.search(vectors[3], 30)
    halves = vectors.astype(np.float16).astype(np.float32)
    expected = np.argsort(-(halves @ vectors[3]), kind="stable") + 100
    assert [key for key, _ in found] == expected.tolist()
    assert found[0] == (103, pytest.approx(1.0, abs=1e-3))
    assert [value for _, value in found] == pytest.approx(sorted(halves @ vectors[3], reverse=True), abs=1e-6)


def test_equal_rows_score_equal_wherever_they_lie(vectors: np.ndarray) -> None:
    one, other = DenseIndex(8), DenseIndex(8)
    one.add(np.arange(1, 8), vectors[:7])
    one.add(np.arange(50, 90), np.repeat(vectors[9:10], 40, axis=0))
    other.add(np.array([3, 9]), vectors[8:10])
    alone = score(np.array([9]), vectors[9:10], vectors[2])[0][1]
    found = dict([*one.search(vectors[2], 99), *other.search(vectors[2], 99)])
    assert {found[key] for key in (*range(50, 90), 9)} == {alone}


def test_rankings_are_merged_best_first_and_equal_scores_by_key() -> None:
    assert merged([[(5, 0.9), (1, 0.2)], [(2, 0.9), (9, 0.5)], []], 3) == [(2, 0.9), (5, 0.9), (9, 0.5)]


def test_an_empty_view_finds_nothing(vectors: np.ndarray) -> None:
    empty = DenseIndex(8)
    assert empty.search(vectors[0], 3) == []
    assert empty.keys().tolist() == []


def test_a_new_stamp_drops_the_files_that_it_does_not_name(dense: DenseIndex, part: Part, tmp_path: Path) -> None:
    write_index(tmp_path / "dense-2.faiss", dense.faiss)
    write_dense_stamp(tmp_path, DenseStamp("id", 2, 20, 119, (replace(part, file="dense-2.faiss"),)))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dense-2.faiss", "dense.json"]


@pytest.mark.parametrize("failing", ["fsync", "write"])
def test_a_failed_write_keeps_the_file_before(
    dense: DenseIndex, part: Part, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    if failing == "fsync":

        def full(_: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("index.layout.os.fsync", full)
    else:
        monkeypatch.setattr(Path, "open", lambda *_: open("/dev/full", "wb"))  # noqa: SIM115, PTH123
    with pytest.raises(OSError, match="No space"):
        write_index(tmp_path / "dense-1.faiss", dense.faiss)
    monkeypatch.undo()
    assert whole(tmp_path, part)
    assert not list(tmp_path.glob("*.tmp"))


@pytest.mark.parametrize("damage", ["missing", "truncated", "flipped", "another shape", "more rows"])
def test_a_damaged_part_is_not_used(dense: DenseIndex, part: Part, tmp_path: Path, damage: str) -> None:
    file = tmp_path / part.file
    content = bytearray(file.read_bytes())
    if damage == "missing":
        file.unlink()
    elif damage == "truncated":
        file.write_bytes(content[:-100])
    elif damage == "flipped":
        content[-50] ^= 64
        file.write_bytes(content)
    else:
        assert load_part(tmp_path, replace(part, rows=21) if damage == "more rows" else part, 9) is None
        return
    assert not whole(tmp_path, part)


@pytest.mark.parametrize("content", [b"\x00\xff", b"{}", b'{"parts": [{}]}', b"[]", b'{"parts": 3}'])
def test_a_damaged_stamp_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "dense.json").write_bytes(content)
    assert read_dense_stamp(tmp_path) is None


def test_rows_are_added_by_one_thread_alone() -> None:
    """A team of threads costs more than the few rows of one question, and waits where the cores are busy."""
    threads: list[int] = []

    class Noting:
        def __init__(self, real) -> None:
            self._real = real

        def add_with_ids(self, *arguments) -> None:
            threads.append(faiss.omp_get_max_threads())
            self._real.add_with_ids(*arguments)

    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(2)
    try:
        index = DenseIndex(4)
        index.faiss = Noting(index.faiss)
        index.add(np.array([1]), np.ones((1, 4), np.float32))
        assert threads == [1]
        assert faiss.omp_get_max_threads() == 2
    finally:
        faiss.omp_set_num_threads(before)
