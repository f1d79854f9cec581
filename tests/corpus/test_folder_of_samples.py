"""The rules that look across a folder, over the sample articles: nothing of them is lost, no figure is merged."""

import random
import re
from pathlib import Path

import pytest

import corpus
from corpus.cleaning import blocks
from corpus.loaders import load
from corpus.metadata import title_in
from corpus.repetition import Page, Role, cores, edges, is_passed, repeated_lines, repeated_spans
from corpus.story import likeness, story_of
from corpus.types import BlockKind, Document

SAMPLES = sorted(path for path in (Path(corpus.__file__).parent / "sample").iterdir() if path.suffix == ".txt")
HEAD = ["The Courier – Evening edition"]
FOOT = ["More from The Courier", "Courier Media, Quay Street"]


def removed(texts: list[str]) -> list[list[str]]:
    pages = [
        Page(1, frozenset(edge.line for edge in edges(text) if edge.role is Role.LINE), cores(text)) for text in texts
    ]
    found = {line for _, line in repeated_lines(pages, {1: len(texts)})}
    return [[span.of(text) for span in repeated_spans(edges(text), found)] for text in texts]


def test_nothing_of_the_articles_repeats() -> None:
    assert removed([load(path).text for path in SAMPLES]) == [[]] * len(SAMPLES)


def test_only_the_frame_of_a_page_is_taken_off() -> None:
    documents = [load(path) for path in SAMPLES]
    texts = ["\n\n".join([*HEAD, document.text.strip(), *FOOT]) for document in documents]
    assert removed(texts) == [[*HEAD, *FOOT]] * len(SAMPLES)
    for text, document in zip(texts, documents, strict=True):
        spans = [span for edge in edges(text) if (span := edge.span).of(text) in (*HEAD, *FOOT)]
        assert title_in(text, spans) == document.title


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_an_article_with_another_figure_is_never_a_copy(path: Path) -> None:
    document = load(path)
    own = story_of(document.text, document.title)
    own_words = [block.span for block in blocks(document.text) if block.kind is not BlockKind.FURNITURE]
    # The date of publication is no figure of the story: the index compares it by itself.
    own_words = [span for span in own_words if not is_passed(span.of(document.text))]
    places = [span.start + match.start() for span in own_words for match in re.finditer(r"\d", span.of(document.text))]
    rng = random.Random(path.stem)
    for place in rng.sample(places, min(12, len(places))):
        digit = str((int(document.text[place]) + rng.randint(1, 9)) % 10)
        text = document.text[:place] + digit + document.text[place + 1 :]
        other = Document.create(source="/other.txt", text=text, title=title_in(text) or document.title)
        assert story_of(other.text, other.title).key != own.key, text[max(0, place - 30) : place + 30]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_an_article_in_another_papers_frame_is_a_copy(path: Path) -> None:
    document = load(path)
    _, _, rest = document.text.strip().partition("\n")
    text = f"Another headline\n\nBy Our Own Staff\n\n{rest.strip()}\n\nMore from The Courier\n"
    one, other = story_of(document.text, document.title), story_of(text, document.title)
    assert one.key == other.key
    assert likeness(one, other) >= 0.8
