from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from qa.entities import presence
from training.config import FeatureConfig, Layout
from training.features import UNKNOWN, PassBuilder
from training.records import read_rows
from training.swaps import Swaps
from training.windows import WindowMaker

PASSAGE = "The zone in Xiamen was founded in 1991. Its largest firm left Fujian after 2004."
OTHERS = ("How many firms does the zone in Hefei have?", "When did Ana Ruiz leave?", "Who lives in Ulm?")


def test_each_kind_of_exchange() -> None:
    swaps, seen = Swaps(OTHERS), set()
    for seed in range(40):
        rng = random.Random(seed)
        assert swaps.swapped("When was it founded?", PASSAGE, rng) is None
        seen.add(swaps.swapped("What did the zone in Xiamen name its largest firm in 1991?", PASSAGE, rng))
    assert None not in seen
    changed = [text for text in seen if text is not None]
    assert any("Hefei" in text or "Ulm" in text for text in changed)
    assert any("smallest" in text for text in changed)
    assert any("1991" not in text for text in changed)


def test_what_the_passage_lacks_is_not_exchanged() -> None:
    """A question about Berlin is wrong for this passage already: its exchange would teach nothing."""
    assert Swaps(OTHERS).swapped("What is in Berlin since 1850?", PASSAGE, random.Random(0)) is None


def test_an_opposite_that_the_passage_speaks_of_is_left() -> None:
    text = "The largest and the smallest firm left."
    assert Swaps(()).swapped("Which is the largest firm?", text, random.Random(0)) is None


@given(seed=st.integers(0, 10_000), question=st.sampled_from(["Who left Fujian after 2004?", "What is in Xiamen?"]))
def test_the_exchanged_thing_is_nowhere_in_the_passage(seed: int, question: str) -> None:
    text = Swaps(OTHERS).swapped(question, PASSAGE, random.Random(seed))
    assert text is not None
    assert text != question
    new = set(text.replace("?", "").split()) - set(question.replace("?", "").split())
    assert new
    assert all(presence(word, PASSAGE) == 0.0 for word in new)


def test_windows_of_swapped_questions_have_no_answer(prepared: Path, start: Path) -> None:
    rows = [
        replace(row, question=row.question.replace("Dora", ("Dora", "Anna")[number % 2]))
        for number, row in enumerate(read_rows(Layout(prepared).rows))
    ]
    maker = WindowMaker(start / "tokenizer.json")
    contexts = maker.encode_all([row.context for row in rows])
    config = FeatureConfig(shares=dict.fromkeys({row.dataset for row in rows}, 1.0), swap_rate=1.0)
    swapped = [item for item in PassBuilder(rows, contexts, maker, config).build(0) if item.kind == "swapped question"]
    assert swapped
    assert all(item.start == item.end == 0 and item.relevance == UNKNOWN for item in swapped)
