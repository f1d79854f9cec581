"""Passages."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.chunking import chunk
from corpus.cleaning import blocks
from corpus.settings import ChunkSettings
from corpus.types import BlockKind, Document

SMALL = ChunkSettings(target=12, overlap=4, maximum=16, sentence=12)
FURNITURE = "Share - WeChat"


def words(text):
    return len(text.split())


def document(text, title="A title"):
    return Document.create(source="/articles/a.txt", text=text, title=title)


def sentence(number, length=4):
    return " ".join([f"Sentence{number}", *["word"] * (length - 2), "end."])


def texts(text, settings=SMALL, title="A title"):
    return [passage.text for passage in chunk(document(text, title), words, settings=settings)]


def test_passages_are_whole_sentences_near_the_target_that_overlap_by_one():
    text = " ".join(sentence(number) for number in range(6))
    assert texts(text) == [
        " ".join(sentence(number) for number in (0, 1, 2)),
        " ".join(sentence(number) for number in (2, 3, 4, 5)),
    ]


def test_the_text_of_a_passage_is_the_text_of_the_document_at_its_span():
    text = "A title\r\n\r\n" + "\u00a0\r\n".join(sentence(number) for number in range(9))
    for passage in chunk(document(text), words, settings=SMALL):
        assert passage.span.of(text) == passage.text
        assert passage.document_id == document(text).id


def test_a_passage_runs_across_paragraphs_but_not_across_furniture():
    text = f"{sentence(1)}\n\n{sentence(2)}\n\n{FURNITURE}\n\n{sentence(3)}"
    assert texts(text) == [f"{sentence(1)}\n\n{sentence(2)}", sentence(3)]


def test_a_heading_begins_a_passage_when_the_last_is_half_full():
    text = f"A title\n\n{sentence(1)} {sentence(2)}\n\nThe Heading\n\n{sentence(3)} {sentence(4)}"
    assert texts(text) == [
        f"A title\n\n{sentence(1)} {sentence(2)}",
        f"The Heading\n\n{sentence(3)} {sentence(4)}",
    ]


def test_a_heading_goes_on_in_a_passage_that_is_hardly_begun():
    text = f"A title\n\n{sentence(1, 3)}\n\nThe Heading\n\n{sentence(2)}"
    assert texts(text) == [text]


def test_a_heading_is_not_left_alone_at_the_end():
    text = f"A title\n\n{sentence(1, 3)}\n\nThe Heading\n\nA Second\n\n{sentence(2, 12)}"
    assert texts(text) == [f"A title\n\n{sentence(1, 3)}", f"The Heading\n\nA Second\n\n{sentence(2, 12)}"]


def test_no_scrap_is_left_over():
    text = " ".join([sentence(1), sentence(2), sentence(3), "Scrap end."])
    assert texts(text) == [text]


def test_a_long_sentence_is_cut_within_the_maximum():
    passages = texts(" ".join(["word"] * 100))
    assert all(words(passage) <= SMALL.maximum for passage in passages)


def test_title_and_heading_are_context_where_the_text_lacks_them():
    body = " ".join(sentence(number) for number in range(6))
    text = f"A title\n\n{sentence(9)}\n\n{sentence(8)}\n\nThe Heading\n\n{body}"
    assert [(passage.context, passage.text.split()[0]) for passage in chunk(document(text), words, settings=SMALL)] == [
        ("", "A"),
        ("A title", "The"),
        ("A title › The Heading", "Sentence1"),
        ("A title › The Heading", "Sentence3"),
    ]


def test_a_picture_does_not_end_a_section_and_a_copyright_line_does():
    head = f"A title\n\n{sentence(1)} {sentence(2)}\n\nThe Heading\n\n{sentence(3)} {sentence(4)}"
    text = f"{head}\n\nA view. [Photo/VCG]\n\n{sentence(5)}\n\nCopyright ©2022 X. All rights reserved.\n\nTel: 0592"
    contexts = {passage.text: passage.context for passage in chunk(document(text), words, settings=SMALL)}
    assert contexts[sentence(5)] == "A title › The Heading"
    assert contexts["Tel: 0592"] == "A title"


def test_nothing_but_furniture_or_blanks_gives_no_passage():
    assert texts("") == []
    assert texts(" \n\u00a0\n") == []
    assert texts(f"{FURNITURE}\n\nRead More") == []


def test_two_calls_give_the_same_passages():
    text = " ".join(sentence(number) for number in range(50))
    assert chunk(document(text), words) == chunk(document(text), words)


PIECES = st.sampled_from(
    [
        *("Word. ", "Another sentence, with a comma; and more words in it. ", "\n\n", "\r\n", "A Heading\n\n", "1. "),
        *(f"\n\n{FURNITURE}\n\n", "\n\nA view. [Photo/VCG]\n\n", "- item\n", "x" * 300, "。", "\u00a0", "e\u0301"),
        *("👩\u200d👩\u200d👧 ", "İstanbul. ", "שלום עולם. ", "مرحبا. "),
    ]
)


@settings(max_examples=200)
@given(st.lists(PIECES, max_size=40).map("".join) | st.text(), st.sampled_from([words, len]))
def test_invariants_over_any_text(text, count):
    passages = chunk(document(text), count, settings=SMALL)
    cut = blocks(text)
    covered = [False] * len(text)
    for passage in passages:
        assert passage.span.of(text) == passage.text
        assert passage.text
        assert passage.text == passage.text.strip()
        covered[passage.span.start : passage.span.end] = [True] * len(passage.span)
    for block in cut:
        inside = covered[block.span.start : block.span.end]
        if block.kind is BlockKind.FURNITURE:
            assert not any(inside)
        else:
            assert all(flag or block.span.of(text)[place].isspace() for place, flag in enumerate(inside))
    starts = [(passage.span.start, passage.span.end) for passage in passages]
    assert starts == sorted(set(starts))
    assert all(first < second for (_, first), (_, second) in pairwise(starts))
    assert len({passage.id for passage in passages}) == len(passages)
    if count is words:
        # Blanks between sentences are no words: the sum over sentences is the count of the whole.
        assert all(words(passage.text) <= SMALL.maximum for passage in passages)
