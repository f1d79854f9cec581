"""Light noise on questions: people mistype, and leave the question mark out."""

from __future__ import annotations

import random


def mistype(question: str, rng: random.Random) -> str:
    """Swap, drop or double one letter inside a word of four letters or more."""
    words = question.split(" ")
    long = [place for place, word in enumerate(words) if len(word) >= 4 and word.isalpha()]
    if not long:
        return question
    place = rng.choice(long)
    word = words[place]
    at = rng.randrange(1, len(word) - 1)
    kind = rng.choice(("swap", "drop", "double"))
    if kind == "swap":
        word = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    elif kind == "drop":
        word = word[:at] + word[at + 1 :]
    else:
        word = word[: at + 1] + word[at:]
    return " ".join([*words[:place], word, *words[place + 1 :]])


def disturb(question: str, typo_rate: float, unmarked_rate: float, rng: random.Random) -> str:
    """Perhaps one typo, perhaps no question mark; mostly the question as it is."""
    if rng.random() < typo_rate:
        question = mistype(question, rng)
    if rng.random() < unmarked_rate:
        question = question.rstrip("? ") or question
    return question
