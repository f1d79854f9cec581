import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fusion import convex_combination, min_max, ranked, reciprocal_rank_fusion
from index.search import SearchSettings, fuse
from index.types import SearchHit


def hits(**scores: float) -> list[SearchHit]:
    return [SearchHit(passage_id, score) for passage_id, score in scores.items()]


def test_min_max_scales_between_worst_and_best() -> None:
    assert min_max(hits(a=9.0, b=6.0, c=3.0)) == {"a": 1.0, "b": 0.5, "c": 0.0}


def test_min_max_with_the_least_possible_score() -> None:
    assert min_max(hits(a=8.0, b=2.0), floor=0.0) == {"a": 1.0, "b": 0.25}
    assert min_max(hits(a=1.0, b=0.5), floor=-1.0) == {"a": 1.0, "b": 0.75}


def test_min_max_never_goes_below_zero_where_the_floor_is_too_high() -> None:
    assert min_max(hits(a=1.0, b=-3.0), floor=-1.0) == {"a": 1.0, "b": 0.0}


@pytest.mark.parametrize("found", [hits(a=3.0), hits(a=3.0, b=3.0), hits(a=0.0)])
def test_hits_that_score_alike_all_get_one(found: list[SearchHit]) -> None:
    assert set(min_max(found).values()) == {1.0}


def test_no_hits_scale_to_nothing() -> None:
    assert min_max([]) == {}


def test_convex_combination_by_hand() -> None:
    fused = convex_combination({"a": 1.0, "b": 0.5}, {"b": 1.0, "c": 0.25}, 0.75)
    assert fused == [SearchHit("a", 0.75), SearchHit("b", 0.625), SearchHit("c", 0.0625)]


def test_reciprocal_rank_fusion_by_hand() -> None:
    fused = reciprocal_rank_fusion(hits(a=9.0, b=8.0), hits(b=0.3, c=0.1))
    assert [hit.passage_id for hit in fused] == ["b", "a", "c"]
    assert [hit.score for hit in fused] == pytest.approx([30.5 * (1 / 62 + 1 / 61), 30.5 / 61, 30.5 / 62])


def test_first_in_every_ranking_scores_one() -> None:
    assert reciprocal_rank_fusion(hits(a=1.0), hits(a=7.0))[0].score == pytest.approx(1.0)


def test_equal_scores_are_ordered_by_passage_id() -> None:
    assert [hit.passage_id for hit in ranked({"c": 1.0, "a": 1.0, "b": 2.0})] == ["b", "a", "c"]


@pytest.mark.parametrize("method", ["min-max", "rrf", "dense", "lexical"])
def test_two_empty_searches_fuse_to_nothing(method: str) -> None:
    assert fuse([], [], SearchSettings(method=method)) == []


scores = st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.floats(-1, 40), max_size=9)


@given(scores, scores, st.sampled_from(["min-max", "rrf", "dense", "lexical"]), st.floats(0, 1))
def test_fused_scores_lie_in_the_unit_interval_and_fall(dense, lexical, method, weight) -> None:
    dense = {name: min(score, 1.0) for name, score in dense.items()}
    lexical = {name: abs(score) for name, score in lexical.items()}
    fused = fuse(ranked(dense), ranked(lexical), SearchSettings(method=method, weight=weight))
    values = [hit.score for hit in fused]
    assert values == sorted(values, reverse=True)
    assert all(0.0 <= value <= 1.0 + 1e-9 for value in values)
    found = {"dense": set(dense), "lexical": set(lexical)}.get(method, set(dense) | set(lexical))
    assert {hit.passage_id for hit in fused} == found


@given(scores)
def test_scaling_keeps_the_order(found) -> None:
    scaled = min_max(ranked(found))
    for first in found:
        for second in found:
            if found[first] > found[second]:
                assert scaled[first] >= scaled[second]
