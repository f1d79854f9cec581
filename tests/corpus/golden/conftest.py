"""The texts of the golden set: long enough for several pages, with all that an article is made of."""

import pytest

from benchmarks.article import Article, Block

SENTENCES = (
    "The council of Marrowick has agreed on a plan for the harbour, which the mayor presented to a full hall.",
    "Considerable infrastructure measurements were undertaken beforehand, among them soundings of the northern basin.",
    "Some 14,000 companies employ 264,000 people in the well-known zone, and 1,450 of them are new.",
    "Critics, however, doubt that the state-owned port authority can finish the reconstruction before 2026.",
    "“We measured twice,” said Ana Ruiz, the engineer; “and the concrete was sound.”",
)
TABLE = (
    ("Indicator", "2020", "2021"),
    ("Output value", "18.1 billion yuan", "19.6 billion yuan"),
    ("Companies", "", "14,000"),
)


def paragraph(number: int) -> Block:
    chosen = [SENTENCES[(number + step) % len(SENTENCES)] for step in range(3 + number % 3)]
    return Block("paragraph", " ".join((f"In part {number} of the plan there is more to be read.", *chosen)))


def article(parts: int, title: str = "Harbour plan agreed in Marrowick") -> Article:
    blocks = [paragraph(0), Block("heading", "What it costs"), Block("table", rows=TABLE)]
    blocks += [Block("list", items=("new quays", "two cranes of the old kind")), paragraph(1)]
    for number in range(2, parts):
        if number % 6 == 0:
            blocks.append(Block("heading", f"Section {number} of the plan"))
        blocks.append(paragraph(number))
    return Article(title, tuple(blocks))


@pytest.fixture(params=[4, 30], ids=["short", "long"])
def golden(request: pytest.FixtureRequest) -> Article:
    return article(request.param)


@pytest.fixture
def long_article() -> Article:
    return article(60)
