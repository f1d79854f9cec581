"""A collection that counts what is asked of it, whoever asks: the page, programs or an MCP client."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import perf_counter

from corpus.errors import UsageError
from corpus.types import Document
from index.listing import Listing
from qa.collection import EVERYTHING, Collection, Counts, Found, Terms, counts_of
from qa.metrics import Metrics
from qa.types import Answer


class MeteredCollection:
    """Implements `qa.collection.Collection` by another one."""

    def __init__(self, inner: Collection, metrics: Metrics) -> None:
        self._inner = inner
        self._metrics = metrics

    @property
    def name(self) -> str:
        """What it is called."""
        return self._inner.name

    @property
    def default_target_error(self) -> float | None:
        """The share of wrong answers accepted where nothing else is said."""
        return self._inner.default_target_error

    def ask(
        self,
        question: str,
        terms: Terms = EVERYTHING,
        previous: Sequence[str] = (),
        notice: Callable[[Found], None] | None = None,
    ) -> Answer:
        """Answer or abstain, and count which."""
        begun = perf_counter()
        outcome = "failed"
        try:
            answer = self._inner.ask(question, terms, previous, notice)
            outcome = "abstained" if answer.abstained else "answered"
        except UsageError:
            outcome = "refused"
            raise
        finally:
            self._metrics.count(self.name, outcome, perf_counter() - begun)
        return answer

    def document(self, document_id: str) -> Document:
        """Return the article with this id; raises KeyError for an unknown one."""
        return self._inner.document(document_id)

    def listing(self) -> Listing:
        """List what it holds now."""
        return self._inner.listing()

    def counts(self) -> Counts:
        """Count what it holds now."""
        return counts_of(self._inner)

    def caveat(self, target_error: float) -> str | None:
        """What to tell a user whose target error cannot be promised; None where it can."""
        return self._inner.caveat(target_error)
