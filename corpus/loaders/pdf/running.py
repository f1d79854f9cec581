"""Running heads and feet: lines at the edge of a page that say the same on many pages, and the numbers of pages."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from corpus.loaders.pdf.lines import Line

_EDGE = 0.12
"""Share of a page's height, from the top and from the bottom, in which they stand."""
_WHITE = 0.5
"""Heights of a line that part them from the text."""
_MOST = 4
"""Lines at one edge that can be such."""
_FEW = 3
"""Of so few pages two are enough; else three, because left and right pages and every chapter may have their own."""
_SAME_SIZE = 0.15
_LONGEST = 150
_NUMBER = re.compile(
    r"[-–—|\s]*(?:(?:page|p\.?|seite)\s*)?(?:\d{1,4}|[ivxlc]{1,7})(?:\s*(?:/|of|von)\s*\d{1,4})?[-–—|\s]*",
    re.IGNORECASE,
)


def without_running(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> list[list[Line]]:
    """The lines of each page, given its height, without running heads and feet and without page numbers."""
    edges = [_edges(lines, height) for lines, height in zip(pages, heights, strict=True)]
    sizes: defaultdict[str, dict[int, float]] = defaultdict(dict)
    for number, edge in enumerate(edges):
        for line in edge:
            sizes[_key(line)][number] = line.height
    needed = 2 if len(pages) <= _FEW else 3
    running = {key: median(found.values()) for key, found in sizes.items() if len(found) >= needed}

    def goes(line: Line) -> bool:
        if _NUMBER.fullmatch(line.text):
            return True
        # The title of the article may be its running head as well: where it is larger, it is the title.
        size = running.get(_key(line))
        return size is not None and abs(line.height - size) <= _SAME_SIZE * size

    return [
        [line for line in lines if not (line in edge and goes(line))] for lines, edge in zip(pages, edges, strict=True)
    ]


def _edges(lines: Sequence[Line], height: float) -> set[Line]:
    """The lines that stand at an edge of their page."""
    top = [line for line in lines if line.bottom >= (1 - _EDGE) * height]
    foot = [line for line in lines if line.top <= _EDGE * height]
    inward = sorted(lines, key=lambda line: -line.top), sorted(lines, key=lambda line: line.bottom)
    return {
        line
        for zone, ordered in zip((top, foot), inward, strict=True)
        for line in _apart(ordered)
        if line in zone and len(line.text) <= _LONGEST
    }


def _apart(ordered: Sequence[Line]) -> Sequence[Line]:
    """The lines before the first white space on the way into the page: what stands close to the text belongs to it."""
    for number, (outer, inner) in enumerate(pairwise(ordered[: _MOST + 1]), start=1):
        white = max(outer.bottom - inner.top, inner.bottom - outer.top)
        if white > _WHITE * max(outer.height, inner.height):
            return ordered[:number]
    return ordered if len(ordered) <= _MOST else ()


def _key(line: Line) -> str:
    """What two lines have in common that differ in their page number only."""
    return re.sub(r"\d+", "#", "".join(line.text.casefold().split()))
