"""The terminal as a place to draw: how wide it is, how words are set in it, and what is kept from steering it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass

from qa.highlight import segments, to_terminal

_WIDEST = 100
INDENT = "  "


@dataclass(frozen=True, slots=True)
class Terminal:
    """What the drawing may use: bold and reverse video, and how many columns."""

    colour: bool
    width: int

    @classmethod
    def here(cls, *, colour: bool) -> Terminal:
        """Measure the terminal at hand; lines stay readable on a wide one."""
        return cls(colour, max(40, min(_WIDEST, shutil.get_terminal_size().columns)))

    def bold(self, text: str) -> str:
        """Set a headline."""
        return f"\x1b[1m{plain(text)}\x1b[0m" if self.colour else plain(text)

    def dim(self, text: str) -> str:
        """Set what matters less."""
        return f"\x1b[2m{plain(text)}\x1b[0m" if self.colour else plain(text)


def plain(text: str) -> str:
    """Show text on one line, with nothing in it that could steer a terminal."""
    return to_terminal(segments(" ".join(text.split()), spans=()), colour=False)
