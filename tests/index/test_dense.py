from pathlib import Path

import numpy as np
import pytest

from index.dense import DenseIndex, dense_is_whole, load_dense, read_dense_stamp


@pytest.fixture
def vectors() -> np.ndarray:
    rows = np.random.default_rng(0).standard_normal((20, 8)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def dense(vectors: np.ndarray) -> DenseIndex:
    index = DenseIndex(8)
    index.add(np.arange(100, 120), vectors)
    return index


def test_round_trip(dense: DenseIndex, vectors: np.ndarray, tmp_path: Path) -> None:
    dense.save(tmp_path, "id", 7)
    stamp = read_dense_stamp(tmp_path)
    assert stamp is not None and (stamp.index_id, stamp.generation, stamp.count) == ("id", 7, 20)
    loaded = load_dense(tmp_path, stamp, 8)
    assert loaded is not None
    for row in vectors:
        assert loaded.search(row, 5) == dense.search(row, 5)


def test_search_is_exact(dense: DenseIndex, vectors: np.ndarray) -> None:
    found = dense.search(vectors[3], 20)
    expected = np.argsort(-(vectors @ vectors[3]), kind="stable") + 100
    assert [key for key, _ in found] == expected.tolist()
    assert found[0] == (103, pytest.approx(1.0))


def test_removed_rows_are_not_found_and_the_rest_is(dense: DenseIndex, vectors: np.ndarray) -> None:
    dense.remove([103, 999])
    assert len(dense) == 19
    assert 103 not in {key for key, _ in dense.search(vectors[3], 50)}
    dense.add(np.array([103]), vectors[3:4])
    assert dense.search(vectors[3], 1)[0][0] == 103


def test_an_empty_view_finds_nothing(vectors: np.ndarray) -> None:
    empty = DenseIndex(8)
    empty.remove([1])
    assert empty.search(vectors[0], 3) == []


def test_saving_again_drops_the_file_before(dense: DenseIndex, tmp_path: Path) -> None:
    dense.save(tmp_path, "id", 1)
    dense.save(tmp_path, "id", 2)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dense-2.faiss", "dense.json"]


def test_a_failed_save_keeps_the_view_before(dense: DenseIndex, tmp_path: Path, monkeypatch) -> None:
    dense.save(tmp_path, "id", 1)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("index.layout.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        dense.save(tmp_path, "id", 2)
    stamp = read_dense_stamp(tmp_path)
    assert stamp is not None and stamp.generation == 1 and dense_is_whole(tmp_path, stamp)
    assert not list(tmp_path.glob("*.tmp"))


@pytest.mark.parametrize("damage", ["missing", "truncated", "flipped", "stamp", "empty stamp", "another shape"])
def test_a_damaged_view_is_not_loaded(dense: DenseIndex, tmp_path: Path, damage: str) -> None:
    dense.save(tmp_path, "id", 1)
    file, stamp_file = tmp_path / "dense-1.faiss", tmp_path / "dense.json"
    content = bytearray(file.read_bytes())
    if damage == "missing":
        file.unlink()
    elif damage == "truncated":
        file.write_bytes(content[:-100])
    elif damage == "flipped":
        content[-50] ^= 64
        file.write_bytes(content)
    elif damage == "stamp":
        stamp_file.write_bytes(b"\x00\xff")
    elif damage == "empty stamp":
        stamp_file.write_text("{}")
    stamp = read_dense_stamp(tmp_path)
    assert stamp is None or load_dense(tmp_path, stamp, 9 if damage == "another shape" else 8) is None
