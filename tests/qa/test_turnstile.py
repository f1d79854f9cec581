"""One line for all questions: in the order they came, bounded, and nobody who leaves it blocks it."""

from __future__ import annotations

import asyncio

import pytest

from qa.turnstile import BusyError, Turnstile


def test_turns_come_in_order_and_no_newcomer_slips_in():
    turnstile = Turnstile(at_once=1, waiting=3)
    first, second, third = turnstile.enter(), turnstile.enter(), turnstile.enter()
    assert [place.ahead for place in (first, second, third)] == [0, 1, 2]
    assert [place.turn.done() for place in (first, second, third)] == [True, False, False]
    turnstile.leave(first)
    newcomer = turnstile.enter()
    assert second.turn.done()
    assert not third.turn.done()
    turnstile.leave(second)
    assert third.turn.done()
    assert not newcomer.turn.done()


def test_the_line_is_bounded_and_frees_up_again():
    turnstile = Turnstile(at_once=2, waiting=1)
    places = [turnstile.enter() for _ in range(3)]
    with pytest.raises(BusyError):
        turnstile.enter()
    for place in places:
        turnstile.leave(place)
    again = [turnstile.enter() for _ in range(2)]
    assert all(place.turn.done() for place in again)


def test_who_gives_up_waiting_leaves_the_line():
    turnstile = Turnstile(at_once=1, waiting=2)
    first, impatient, patient = (turnstile.enter() for _ in range(3))
    turnstile.leave(impatient)
    turnstile.leave(first)
    assert not impatient.turn.done()
    assert patient.turn.done()


def test_a_task_that_is_cancelled_while_it_waits_hands_on_nothing_it_has_not():
    async def scenario():
        turnstile, order = Turnstile(at_once=1, waiting=10), []

        async def ask(name):
            async with turnstile.turn():
                order.append(name)
                await asyncio.sleep(0)

        held = turnstile.enter()
        tasks = [asyncio.create_task(ask(name)) for name in "abcd"]
        await asyncio.sleep(0)
        tasks[1].cancel()
        await asyncio.sleep(0)
        turnstile.leave(held)
        await asyncio.gather(*tasks, return_exceptions=True)
        assert order == ["a", "c", "d"]
        assert turnstile.enter().turn.done()

    asyncio.run(scenario())


def test_a_failing_question_gives_its_turn_back():
    async def scenario():
        turnstile = Turnstile(at_once=1, waiting=0)
        with pytest.raises(ZeroDivisionError):
            async with turnstile.turn():
                raise ZeroDivisionError
        async with turnstile.turn():
            with pytest.raises(BusyError):
                async with turnstile.turn():
                    pass

    asyncio.run(scenario())
