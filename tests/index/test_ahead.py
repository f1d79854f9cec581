"""A search that is begun beside another one."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from index.ahead import Ahead
from index.ties import SPARE

FOUND = [(1, 0.5)]


def test_the_first_answer_comes_from_the_other_thread_and_the_next_from_this_one() -> None:
    asked: list[tuple[int, bool]] = []

    def search(wanted: int) -> list[tuple[int, float]]:
        asked.append((wanted, threading.current_thread() is threading.main_thread()))
        return FOUND

    with ThreadPoolExecutor(1) as pool, Ahead(pool, search, 10) as ahead:
        assert ahead(10 + SPARE) == FOUND
        assert ahead(400) == FOUND
    assert asked == [(10 + SPARE, False), (400, True)]


def test_without_a_pool_nothing_is_asked_before_its_time() -> None:
    asked: list[int] = []
    with Ahead(None, lambda wanted: asked.append(wanted) or FOUND, 10) as ahead:  # type: ignore[func-returns-value]
        assert asked == []
        assert ahead(10 + SPARE) == FOUND
    assert asked == [10 + SPARE]


def test_nothing_runs_any_more_once_the_block_is_left() -> None:
    """Whoever holds the engine's lock next may change what the search reads."""
    done = threading.Event()

    def search(_: int) -> list[tuple[int, float]]:
        threading.Event().wait(0.2)
        done.set()
        return FOUND

    def leave_by_an_error(pool: ThreadPoolExecutor) -> None:
        with Ahead(pool, search, 10):
            raise KeyError("the search beside it found damage")

    with ThreadPoolExecutor(1) as pool:
        with pytest.raises(KeyError):
            leave_by_an_error(pool)
        assert done.is_set()


def test_what_the_search_raises_is_raised_where_it_is_asked_for() -> None:
    def search(_: int) -> list[tuple[int, float]]:
        raise ValueError("damaged")

    with ThreadPoolExecutor(1) as pool, Ahead(pool, search, 10) as ahead, pytest.raises(ValueError, match="damaged"):
        ahead(10 + SPARE)
