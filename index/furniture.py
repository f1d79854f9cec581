"""Which lines of a site are furniture, by the counts of `index.tallies`: as much is read as the answer takes."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.repetition import are_apart, least_articles
from index.rows import Rows
from index.traits import TraitsDamagedError, cores_of, is_whole

_OFTEN = "SELECT line FROM line_counts WHERE site = ? AND documents > 1 AND documents >= ?"
_ARTICLES = """SELECT t.repeated, t.site, t.edges, t.cores, t.story, t.words, t.sketch, t.seal
               FROM lines l LEFT JOIN traits t ON t.document = l.document
               WHERE l.site = ? AND l.line = ? ORDER BY l.place, l.document"""


class Furniture:
    """The counts of one open truth; sites and lines are hashes as `index.tallies.signed` gives them."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def sites(self) -> list[int]:
        """All sites."""
        return [row[0] for row in self._rows.all("SELECT site FROM sites")]

    def on_record(self, site: int) -> frozenset[int]:
        """The lines that were furniture when the folder was last looked at."""
        return frozenset(row[0] for row in self._rows.all("SELECT line FROM furniture WHERE site = ?", site))

    def by_the_rule(self, site: int) -> frozenset[int]:
        """The lines that are furniture now: of a site, few stand in a tenth of its articles."""
        size = self._rows.all("SELECT documents FROM sites WHERE site = ?", site)
        often = self._rows.all(_OFTEN, site, least_articles(size[0][0] if size else 0))
        return frozenset(line for (line,) in often if are_apart(self._cores(site, line)))

    def articles(self, site: int, line: int) -> list[str]:
        """Ids of the documents of the site that have the line."""
        sql = "SELECT d.id FROM lines l JOIN documents d ON d.key = l.document WHERE l.site = ? AND l.line = ?"
        return [row[0] for row in self._rows.all(sql, site, line)]

    def _cores(self, site: int, line: int) -> Iterator[frozenset[int]]:
        for row in self._rows.each(_ARTICLES, site, line):
            if not is_whole(row):
                raise TraitsDamagedError(f"an article with line {line} of site {site}")
            yield cores_of(row)
