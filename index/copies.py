"""Which articles are copies of one story: a pure function of all articles, whatever the order they came in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from corpus.story import Story, likeness

ALIKE = 0.8
"""Share of runs of four words in common from which on two articles with the same figures are one story."""
DAYS = 7
"""Copies are published within a week: the same notice a year later speaks of another year."""
_PROBES = 16
"""Smallest hashes by which candidates are looked up: two stories as alike as `ALIKE` share none once in 10^11."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article as copies are looked for: `key` is that of its row."""

    key: int
    source: str
    published: date | None
    story: Story


@dataclass(slots=True)
class _Group:
    """Copies so far; the first is the original that all others are compared with."""

    members: list[Candidate]
    earliest: date | None
    latest: date | None

    def admits(self, other: Candidate) -> bool:
        """Whether it is a copy of the original, of the same week as all the dated members."""
        day = other.published
        if day is not None and self.earliest is not None and self.latest is not None:
            week = timedelta(days=DAYS)
            if day > self.earliest + week or day < self.latest - week:
                return False
        return likeness(self.members[0].story, other.story) >= ALIKE

    def take(self, other: Candidate) -> None:
        """Make it a member."""
        self.members.append(other)
        if other.published is not None:
            self.earliest = min(self.earliest or other.published, other.published)
            self.latest = max(self.latest or other.published, other.published)


def copies(candidates: Iterable[Candidate]) -> list[list[int]]:
    """The keys of each set of copies, the original first: the one that tells most, then the earliest."""
    by_story: dict[bytes, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        if candidate.story.sketch:
            by_story[candidate.story.key].append(candidate)
    found = [group for same in by_story.values() if len(same) > 1 for group in _groups(same)]
    return sorted([member.key for member in group.members] for group in found if len(group.members) > 1)


def _groups(same: Sequence[Candidate]) -> Iterator[_Group]:
    """The groups among articles whose figures, names and turns are the same."""
    made: list[_Group] = []
    near: dict[int, list[int]] = defaultdict(list)
    for candidate in sorted(same, key=_order):
        probes = candidate.story.sketch[:_PROBES]
        numbers = sorted({number for probe in probes for number in near[probe]})
        group = next((made[number] for number in numbers if made[number].admits(candidate)), None)
        if group is not None:
            group.take(candidate)
            continue
        for probe in probes:
            near[probe].append(len(made))
        made.append(_Group([candidate], candidate.published, candidate.published))
    yield from made


def _order(candidate: Candidate) -> tuple[int, date, str]:
    return -candidate.story.words, candidate.published or date.max, candidate.source
