"""Buttons that the page's script turns into events: it sends back the numbers in their `data-` attributes."""

from __future__ import annotations

from qa.page.turns import Opened


def opening_attributes(style: str, turn: int, exhibit: int, opened: Opened | None) -> dict[str, str]:
    """Give the attributes of a button that opens an exhibit."""
    current = opened is not None and (opened.turn, opened.exhibit) == (turn, exhibit)
    return {
        "class": style,
        "type": "button",
        "data-act": "show",
        "data-turn": str(turn),
        "data-exhibit": str(exhibit),
        "aria-pressed": "true" if current else "false",
    }


def acting(style: str, act: str, /, **data: str) -> dict[str, str]:
    """Give the attributes of a button for any other act."""
    return {
        "class": style,
        "type": "button",
        "data-act": act,
        **{f"data-{name}": value for name, value in data.items()},
    }
