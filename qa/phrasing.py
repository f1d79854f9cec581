"""How confidence, dates and addresses are put to a person: the same in the terminal and on the page."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

_LIKELIHOOD = (
    (0.99, "virtually certain"),
    (0.90, "very likely"),
    (0.66, "likely"),
    (0.33, "about as likely as not"),
    (0.10, "unlikely"),
    (0.0, "very unlikely"),
)
"""The calibrated language of the IPCC's uncertainty guidance note (Mastrandrea et al. 2010), lower bounds."""


def likelihood(confidence: float) -> str:
    """Word a probability in [0, 1], for example "likely" for 0.82."""
    return next(word for bound, word in _LIKELIHOOD if confidence >= bound)


def percent(confidence: float) -> str:
    """Write a probability as a whole percentage that never claims certainty: "82 %", "> 99 %", "< 1 %"."""
    if confidence > 0.99:
        return "> 99 %"
    if confidence < 0.01:
        return "< 1 %"
    return f"{100 * confidence:.0f} %"


NOT_CALIBRATED = "not calibrated for this reader"


def confidence_phrase(confidence: float) -> str:
    """Give word and number together: "likely, 82 %"."""
    return f"{likelihood(confidence)}, {percent(confidence)}"


def long_date(day: date | None) -> str:
    """Write a date in words, "5 January 2022", or "no date given"."""
    return f"{day.day} {day:%B %Y}" if day else "no date given"


def web_address(url: str | None) -> str | None:
    """Return the address if a browser may safely follow it (http or https with a host), else None."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.netloc else None


def plural(count: int, singular: str, many: str | None = None) -> str:
    """Count with a noun: "1 article", "12 articles", "1,204 passages"."""
    return f"{count:,} {singular if count == 1 else many or singular + 's'}"


def duration(milliseconds: float) -> str:
    """How long something took, as exactly as anybody wants it: "31 ms", "1.3 s"; never "0.0 s"."""
    return f"{max(1, round(milliseconds)):,} ms" if milliseconds < 999.5 else f"{milliseconds / 1000:.1f} s"
