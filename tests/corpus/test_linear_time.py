"""No text makes the cutting slow: twice as long takes about twice the time, and a megabyte takes seconds."""

import time

import pytest

from corpus.chunking import chunk
from corpus.types import Document

SENTENCE = "The zone, founded by Mr. Smith in 1991, grew by 3.5 percent in the past year. "
UNITS = {
    "prose on one line": SENTENCE,
    "prose in paragraphs": SENTENCE * 4 + "\n\n",
    "letters": "a",
    "words": "word ",
    "full stops": ".",
    "full stops and blanks": ". ",
    "marks": "!?",
    "closing marks": '.") ',
    "initials": "A.B.C. ",
    "items": "1. 2. 3. a) ",
    "lines": "x\n",
    "headings": "Some Short Line\n",
    "speech": 'x?" y ',
    "commas": "a, b; ",
    "accents": "e\u0301",
    "families": "👩\u200d👩\u200d👧",
    "Chinese": "新华社北京电，厦门市。",
    "trail": "Home > ",
    "dates": "Updated: Jan 5, 2022 x\n",
    "credits": "[Photo " * 40 + "\n",
    "rights": "Copyright © all rights \n",
}


def seconds(text):
    document = Document.create(source="/a", text=text, title="t")
    started = time.perf_counter()
    chunk(document, len)
    return time.perf_counter() - started


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS.keys())
@pytest.mark.timeout(60)
def test_four_times_the_text_takes_no_more_than_a_fair_share_longer(unit):
    seconds(SENTENCE)
    size = 25_000
    small = min(seconds((unit * size)[:size]) for _ in range(2))
    large = seconds((unit * (4 * size))[: 4 * size])
    # A quadratic search would take sixteen times as long; a busy machine may well take eight.
    assert large < 12 * small + 0.5


@pytest.mark.parametrize("blank", [" ", "\n", "\u00a0", "\r\n", "\t"])
@pytest.mark.timeout(20)
def test_a_desert_of_blanks(blank):
    text = "a" + blank * 1_000_000 + "b"
    passages = chunk(Document.create(source="/a", text=text, title="t"), len)
    assert [passage.text for passage in passages] == ["a", "b"]
