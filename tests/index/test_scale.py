"""The collections of benchmarks/scale.py, its recall held against a look at everything, and its page."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks.scale_base import Base
from benchmarks.scale_data import Grower
from benchmarks.scale_page import read_measured, write_page
from benchmarks.scale_recall import recall, tenth_scores
from corpus.settings import ChunkSettings
from index.builder import writing
from index.dense.plan import Sizes

SAID = "The tram of {0} runs to the harbour. It carries salt number {0}. A ferry follows."


@pytest.fixture(scope="module")
def base() -> Base:
    rows = np.random.default_rng(5).standard_normal((60, 32)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    texts = tuple(SAID.format(number) for number in range(50))
    return Base(("T",) * 50, texts, tuple(f"Which tram is {n}?" for n in range(10)), rows[:50], rows[50:])


def test_a_collection_is_the_beginning_of_every_larger_one(base: Base) -> None:
    small = list(Grower(base, 1).documents(100))
    large = list(Grower(base, 1).documents(300))
    assert sum(len(item.passages) for item in small) == 100
    for one, other in zip(small[:-1], large, strict=False):
        assert one.document == other.document
        assert np.array_equal(one.vectors, other.vectors)
    assert Grower(base, 2).document(0).document.text != small[0].document.text
    assert Grower(base, 1).document(0, version=1).document.text != small[0].document.text


def test_passages_stand_where_they_say_and_vectors_have_unit_length(base: Base) -> None:
    for item in Grower(base, 1).documents(200):
        assert all(passage.span.of(item.document.text) == passage.text for passage in item.passages)
        assert np.linalg.norm(item.vectors, axis=1) == pytest.approx(1.0, abs=1e-5)
        assert len(item.vectors) == len(item.passages)


def test_recall_is_held_against_a_look_at_every_vector(base: Base, tmp_path: Path) -> None:
    encoder = SimpleNamespace(fingerprint="grown@1", dimension=32)
    items = list(Grower(base, 1).documents(400))
    with writing(tmp_path, encoder, ChunkSettings()) as engine:  # type: ignore[arg-type]  # it embeds nothing
        engine.add(items)
        engine.publish()
    stored = np.concatenate([item.vectors for item in items]).astype(np.float16).astype(np.float32)
    tenth = np.sort(base.question_vectors @ stored.T, axis=1)[:, -10]
    assert tenth_scores(tmp_path, base.question_vectors) == pytest.approx(tenth, abs=1e-6)
    assert recall(tmp_path, base) == 1.0


def test_the_page_shows_what_was_measured(tmp_path: Path) -> None:
    times = {kind: {"p50": 9.0, "p95": 16.04} for kind in ("dense", "lexical", "fused", "fused with embedding")}
    served = {"opening_ms": 12.0, "times_ms": times, "recall@10": 0.991}
    served["resident_bytes"] = {"opened": 2e8, "searched": 9e8, "answered": 1.6e9}
    parts = [{"kind": "graph", "rows": 10, "depth": 64}, {"kind": "exact", "rows": 3, "depth": 0}]
    built = {"documents": 5, "seconds": 50.0, "peak_bytes": 1e9, "parts": parts}
    built |= {"truth_bytes": 1e9, "dense_bytes": 5e8, "lexical_bytes": 1e8}
    page = tmp_path / "scale.md"
    tables = "".join(f"<!-- table {name} -->\n<!-- end -->\n" for name in ("search", "memory", "build", "bars"))
    foreign = "<!-- table fanout -->\n| as it was |\n<!-- end -->\n"
    page.write_text(tables + foreign)
    write_page(page, {1_000_000: built | served}, {"documents": 100_000, "seconds": [1.0, 1.5, 3.0]})
    text = page.read_text()
    assert "| 1,000,000 | 9.0 / 16.0 |" in text
    assert "20,000" in text
    assert "1 graph, depth 64; 1 exact part, 3 rows" in text
    assert "| resident memory | 1,500 MB | 1,600 MB | missed |" in text
    assert "| 10 of 100,000 documents changed | 2 s | 1.50 s | met |" in text
    assert text.endswith(foreign)
    assert (tmp_path / "scale-search.svg").stat().st_size > 1000
    assert read_measured(tmp_path) == {}


def test_while_a_build_goes_on_only_what_is_never_merged_again_becomes_a_graph() -> None:
    sizes = Sizes()
    growing = sizes.growing
    assert sizes.graph < growing.graph < sizes.largest
    # What stands behind so large a part is merged with it only from a third of it on, and both are then too large.
    assert growing.graph + growing.graph // sizes.growth >= sizes.largest
