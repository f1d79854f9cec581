"""Which parts of the dense view are written anew when it is published: pure arithmetic over counts and keys.

Parts cover the keys in order, and keys only grow, so what was added since stands behind the last part. It becomes a
part of its own once it is large, and parts of like size are merged into one, as log-structured merge trees do: each row
is written a handful of times however large the index grows, and a search has few parts to look at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.dense.stamp import Kind, Part


@dataclass(frozen=True, slots=True)
class Sizes:
    """Rows at which things change."""

    whole: int = 20_000
    """An index of at most so many is one part, written anew by each build that changes it: some milliseconds' work."""
    exact: int = 131_072
    """An index of at most so many is searched exactly: 4 ms on one core."""
    fold: int = 10_000
    """So many added rows become a part; fewer are read from the truth when an index is opened, and kept in memory."""
    graph: int = 65_536
    """A part of a larger index with at least so many rows is searched by a graph."""
    largest: int = 262_144
    """No part is larger: it bounds what a build holds in memory."""
    growth: int = 3
    """A part is merged with the one behind it unless it is at least so many times as large."""
    dead: float = 0.2
    """A part is written anew once this share of its rows is dead."""

    @property
    def growing(self) -> Sizes:
        """While a build goes on, a part is made a graph once none of those behind it will ever be merged with it.

        Making a graph costs some hundred times what copying rows does: a build of a million made each row's place
        twice over.
        """
        settled = self.largest * self.growth // (self.growth + 1) + 1
        return replace(self, graph=max(self.graph, settled))


@dataclass(frozen=True, slots=True)
class Range:
    """Keys from `first` to `last` that are to be written anew, holding about `live` rows."""

    first: int
    last: int
    live: int


def plan(parts: Sequence[Part | Range], recent: Range, sizes: Sizes) -> list[Part | Range]:
    """What the view is to be made of, in order of key: parts that stay, and ranges to write.

    `parts` holds a range in the place of a part whose file is damaged; `recent` are the rows behind the last one.
    Where they are too few to be written they are left out.
    """
    total = sum(part.live for part in parts) + recent.live
    if not total:
        return []
    if total <= sizes.whole:
        settled = len(parts) == 1 and not recent.live and _is_spotless(parts[0])
        return list(parts) if settled else [Range(1, recent.last, total)]
    planned: list[Part | Range] = []
    for item in [*(_checked(part, total, sizes) for part in parts), *([recent] if recent.live >= sizes.fold else [])]:
        planned.append(item)
        while len(planned) > 1 and _merges(planned[-2], planned[-1], sizes):
            behind, before = planned.pop(), planned.pop()
            planned.append(Range(before.first, behind.last, before.live + behind.live))
    return [item for item in planned if item.live]


def kind_of(live: int, total: int, sizes: Sizes) -> Kind:
    """How a part of `live` rows in an index of `total` is to be searched."""
    return "graph" if total > sizes.exact and live >= sizes.graph else "exact"


def _checked(part: Part | Range, total: int, sizes: Sizes) -> Part | Range:
    """The part, or its range where it holds too much that is dead or is to be searched in another way."""
    if isinstance(part, Range):
        return part
    # A graph stays one in an index that shrinks: it is replaced when it is written for another reason.
    outgrown = part.kind == "exact" and kind_of(part.live, total, sizes) == "graph"
    if outgrown or part.dead > sizes.dead * part.rows:
        return Range(part.first, part.last, part.live)
    return part


def _is_spotless(part: Part | Range) -> bool:
    return isinstance(part, Part) and not part.dead and part.kind == "exact"


def _merges(before: Part | Range, behind: Part | Range, sizes: Sizes) -> bool:
    return before.live < sizes.growth * behind.live and before.live + behind.live <= sizes.largest
