"""Whether a question asks for an explanation: why, how, what something is."""

from __future__ import annotations

import re

_EXPLAIN = re.compile(
    r"^\W*(?:(?:and|so|but)\s)?(?:why\b|how\scome\b|for\swhat\sreason\b|what\s(?:caused|explains|led\sto|happened|happens)\b"
    r"|how\s(?:do|does|did|is|are|was|were|can|could|should|will|would|has|have)\b"
    r"|what\s(?:does|did)\s.+\s(?:mean|do|say|stand\sfor)\b|what\s(?:is|are)\s(?:an?\s|the\s)?[\w’'-]+(?:\s[\w’'-]+)?\W*$"
    r"|what\s(?:is|was|are|were)\sthe\s(?:reason|cause|purpose|aim|idea|difference|point)s?\b|explain\b|describe\b)",
    re.IGNORECASE,
)
_REASONS = re.compile(
    r"^\W*(?:(?:and|so|but)\s)?(?:why\b|how\scome\b|for\swhat\sreason\b|what\s(?:caused|explains|led\sto|happened|happens)\b"
    r"|how\s(?:do|does|did|is|are|was|were|can|could|should|will|would|has|have)\b|what\s(?:does|did)\s.+\s(?:mean|stand\sfor)\b"
    r"|what\s(?:is|are)\san?\s[\w’'-]+(?:\s[\w’'-]+)?\W*$|explain\b|describe\b)",
    re.IGNORECASE,
)


def asks_for_reasons(question: str) -> bool:
    """Whether any words of the right sentence are right: why, how, what it means; not "What is the fare?"."""
    return _REASONS.match(question) is not None


def asks_to_explain(question: str) -> bool:
    """Whether a sentence is a better answer than a phrase."""
    return _EXPLAIN.match(question) is not None
