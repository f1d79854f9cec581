"""Whether the counts of the folder's lines are those of its articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from index.store import Store
from index.tallies import all_lines
from index.types import Damage

_BITS = (1 << 64) - 1
_COUNTED = "SELECT site, line, count(*) FROM lines GROUP BY site, line"
_ON_RECORD = "SELECT site, line, documents FROM line_counts"


def tally_damage(store: Store) -> Iterator[Damage]:
    """What is wrong with the counts, where they are believed: after a killed build, the next makes them anew."""
    if not store.folder.settled():
        return
    sizes: Counter[int] = Counter()
    of_articles = _sum(all_lines(store.rows.connection, sizes))
    level = (
        of_articles == _sum(store.rows.each("SELECT site, line, place, document FROM lines"))
        and not store.rows.all(f"{_COUNTED} EXCEPT {_ON_RECORD}")
        and not store.rows.all(f"{_ON_RECORD} EXCEPT {_COUNTED}")
        and sizes == Counter(dict(store.rows.all("SELECT site, documents FROM sites WHERE documents > 0")))
        and all(store.folder.furniture.by_the_rule(site) == store.folder.furniture.on_record(site) for site in sizes)
    )
    if not level:
        yield Damage(
            "truth", "the counts of repeated lines are not those of the articles (a build after `repair` recounts)"
        )


def _sum(rows: Iterable[tuple[int, ...]]) -> tuple[int, int]:
    """How many rows there are, and a sum of hashes that does not hang on their order."""
    count = total = 0
    for row in rows:
        count += 1
        total = (total + hash(tuple(row))) & _BITS
    return count, total
