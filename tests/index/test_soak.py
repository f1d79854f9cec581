"""A short run of benchmarks/soak.py, and its judgement on answers made by hand."""

from pathlib import Path

from benchmarks.soak import judge, soak


def test_readers_beside_a_writer_meet_no_error_and_nothing_stale(tmp_path: Path) -> None:
    found = soak(seconds=4.0, readers=6, work=tmp_path)
    assert (found.errors, found.stale) == ((), 0)
    assert found.answers > 20
    assert found.commits > 3


def test_an_answer_is_stale_when_its_version_had_gone_before_it_was_asked_for() -> None:
    commits = [
        {"at": 1.0, "set": {"a": 0, "b": 0}, "gone": []},
        {"at": 2.0, "set": {"a": 1}, "gone": []},
        {"at": 3.0, "set": {}, "gone": ["b"]},
    ]

    def answer(at: float, *shown: tuple[str, int]) -> dict:
        return {"at": at, "took": 0.1, "shown": list(shown)}

    fresh = [answer(1.9, ("a", 0)), answer(2.1, ("a", 1), ("b", 0)), answer(3.1, ("a", 1)), answer(0.5, ("a", 1))]
    stale = [answer(2.1, ("a", 0)), answer(3.1, ("a", 1), ("b", 0))]
    failed = {"at": 1.0, "took": 2.0, "error": "Boom"}
    found = judge(commits, [*fresh, *stale, failed])
    assert (found.answers, found.stale, found.errors, found.longest) == (6, 2, ("Boom",), 2.0)
