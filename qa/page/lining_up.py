"""A question from the page waits for its turn like any other, without a thread, and is told how long the line is."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator

from starlette.concurrency import iterate_in_threadpool, run_in_threadpool

from qa.page.events import Asked, Events
from qa.page.turns import Conversation
from qa.turnstile import BusyError, Turnstile, come


async def in_turn(
    turnstile: Turnstile,
    events: Events,
    question: str | None,
    conversation: Conversation,
    name: object,
    *controls: object,
) -> AsyncGenerator[Asked]:
    """Put a question once its turn comes; draws the waiting, then the stages of the answer."""
    question = question or ""  # what a browser sends may be nothing
    try:
        place = turnstile.enter()
    except BusyError:
        yield await run_in_threadpool(events.turn_away, question, conversation)
        return
    try:
        if place.ahead:
            yield await run_in_threadpool(events.wait, question, conversation, name, place.ahead)
        await come(place)
        stages: Iterator[Asked] = events.ask(question, conversation, name, *controls)
        async for stage in iterate_in_threadpool(stages):
            yield stage
    finally:
        turnstile.leave(place)
