"""What a server counts of itself, in the text format that Prometheus reads (version 0.0.4). No question is kept."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BOUNDS = (0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Upper bounds of the histogram, in seconds: the bar for one asker is 0.3."""


@dataclass(slots=True)
class _Times:
    """A histogram of one collection."""

    counts: list[int] = field(default_factory=lambda: [0] * len(BOUNDS))
    total: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Gauge:
    """A value as it is when it is asked for."""

    name: str
    about: str
    values: Mapping[str, float]
    """By collection; the name "" stands for the server as a whole."""


class Metrics:
    """Counts questions by collection and outcome, and how long they took. Safe to call from several threads."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._outcomes: Counter[tuple[str, str]] = Counter()
        self._times: defaultdict[str, _Times] = defaultdict(_Times)

    def count(self, collection: str, outcome: str, seconds: float) -> None:
        """Count one question that has come to its end."""
        with self._guard:
            self._outcomes[collection, outcome] += 1
            times = self._times[collection]
            times.total += 1
            times.seconds += seconds
            for number, bound in enumerate(BOUNDS):
                times.counts[number] += seconds <= bound

    def exposition(self, gauges: Iterable[Gauge] = ()) -> str:
        """All counts, and `gauges`, as one page of text."""
        with self._guard:
            lines = [
                *_head("citespan_questions_total", "counter", "Questions put, by how they ended."),
                *(
                    f"citespan_questions_total{_labels(collection=collection, outcome=outcome)} {count}"
                    for (collection, outcome), count in sorted(self._outcomes.items())
                ),
                *_head("citespan_question_seconds", "histogram", "Time from a question to its answer."),
                *(line for name in sorted(self._times) for line in _histogram(name, self._times[name])),
            ]
        for gauge in gauges:
            lines += _head(gauge.name, "gauge", gauge.about)
            lines += [f"{gauge.name}{_labels(collection=name)} {value:g}" for name, value in gauge.values.items()]
        return "\n".join(lines) + "\n"


def _histogram(collection: str, times: _Times) -> Sequence[str]:
    name = "citespan_question_seconds"
    buckets = zip((*map(str, BOUNDS), "+Inf"), (*times.counts, times.total), strict=True)
    return [
        *(f"{name}_bucket{_labels(collection=collection, le=bound)} {count}" for bound, count in buckets),
        f"{name}_sum{_labels(collection=collection)} {times.seconds:.6f}",
        f"{name}_count{_labels(collection=collection)} {times.total}",
    ]


def _head(name: str, kind: str, about: str) -> list[str]:
    return [f"# HELP {name} {about}", f"# TYPE {name} {kind}"]


def _labels(**values: str) -> str:
    shown = [f'{name}="{_escaped(value)}"' for name, value in values.items() if value]
    return f"{{{','.join(shown)}}}" if shown else ""


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
