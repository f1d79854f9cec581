"""What is written anew when the dense view is published: coverage, bounded parts, bounded work."""

from hypothesis import given, settings
from hypothesis import strategies as st

from index.dense.plan import Range, Sizes, kind_of, plan
from index.dense.stamp import Part

SIZES = Sizes(whole=20, exact=200, fold=10, graph=20, largest=160, growth=3, dead=0.2)


def part(first: int, last: int, *, dead: int = 0, kind: str = "exact") -> Part:
    return Part(f"dense-{first}.faiss", kind, first, last, rows=last - first + 1, dead=dead, sha256="")


def recent(first: int, last: int) -> Range:
    return Range(first, last, last - first + 1)


def test_a_small_index_is_one_part_written_anew_when_anything_changed() -> None:
    assert plan([], recent(1, 5), SIZES) == [Range(1, 5, 5)]
    assert plan([part(1, 5)], recent(6, 5), SIZES) == [part(1, 5)]
    assert plan([part(1, 5)], recent(6, 6), SIZES) == [Range(1, 6, 6)]
    assert plan([part(1, 5, dead=1)], recent(6, 5), SIZES) == [Range(1, 5, 4)]
    assert plan([part(1, 5, dead=5)], recent(6, 5), SIZES) == []


def test_few_new_rows_of_a_larger_index_are_left_to_the_truth() -> None:
    assert plan([part(1, 100)], recent(101, 109), SIZES) == [part(1, 100)]
    assert plan([part(1, 100)], recent(101, 110), SIZES) == [part(1, 100), recent(101, 110)]


def test_parts_of_like_size_are_merged_and_unlike_ones_are_not() -> None:
    assert plan([part(1, 80), part(81, 100)], recent(101, 110), SIZES) == [Range(1, 110, 110)]
    assert plan([part(1, 90), part(91, 110)], recent(111, 120), SIZES) == [part(1, 90), Range(91, 120, 30)]
    assert plan([part(1, 90), part(91, 100)], recent(101, 105), SIZES) == [part(1, 90), part(91, 100)]
    full = [part(1, 130, kind="graph"), part(131, 260, kind="graph")]
    assert plan(full, recent(261, 280), SIZES) == [*full, recent(261, 280)]  # together they would be too large


def test_a_part_with_many_dead_rows_is_written_anew() -> None:
    parts = [part(1, 90, dead=18), part(91, 110)]
    assert plan(parts, recent(111, 110), SIZES)[0] == part(1, 90, dead=18)
    assert plan([part(1, 90, dead=19), part(91, 110)], recent(111, 110), SIZES)[0] == Range(1, 90, 71)


def test_exact_parts_become_graphs_once_the_index_is_large() -> None:
    parts = [part(1, 150), part(151, 165)]
    assert plan(parts, recent(166, 200), SIZES)[0] == part(1, 150)
    planned = plan(parts, recent(166, 210), SIZES)
    assert planned[0] == Range(1, 150, 150)
    assert kind_of(150, 210, SIZES) == "graph"
    assert (kind_of(19, 210, SIZES), kind_of(150, 200, SIZES)) == ("exact", "exact")


@settings(max_examples=60)
@given(st.lists(st.integers(1, 60), min_size=1, max_size=60))
def test_all_keys_are_covered_with_few_parts_and_little_writing(batches: list[int]) -> None:
    parts: list[Part] = []
    until = last = written = 0
    for batch in batches:
        last += batch
        planned = []
        for item in plan(parts, recent(until + 1, last), SIZES):
            if isinstance(item, Range):
                written += item.live
                planned.append(part(item.first, item.last, kind=kind_of(item.live, last, SIZES)))
            else:
                planned.append(item)
        parts = planned
        until = parts[-1].last if parts else 0
        assert [entry.first for entry in parts] == [1, *(entry.last + 1 for entry in parts[:-1])][: len(parts)]
        assert last - until < SIZES.fold or last <= SIZES.whole
        small = [entry for entry in parts if entry.rows < SIZES.largest / SIZES.growth]
        assert len(small) <= 6
        assert all(entry.rows <= max(SIZES.largest, batch) for entry in parts)
    # Each row is written once a level of the merge tree, three levels here, and while the index is small.
    assert written <= 6 * last + SIZES.whole * len(batches)
