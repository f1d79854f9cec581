import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from corpus.types import Document, Passage, Span
from qa.decoding import MAX_SPAN_TOKENS, WindowLogits, best_cell, decode, paragraph_numbers, span_scores
from qa.model_folder import BUNDLED
from qa.windows import Tokens, Window, WindowSettings, WordPieces

PIECES = WordPieces.load(BUNDLED / "tokenizer.json")
NOTHING = Tokens((), ())
TEXT = st.text(
    alphabet=st.one_of(
        st.sampled_from(list("ab 1,.()\"'-é中\n\u00a0\u0301😀")), st.characters(exclude_categories=["Cs"])
    ),
    max_size=120,
)


def passage_of(text: str, before: str = "") -> Passage:
    document = Document.create(source="a.txt", text=before + text, title="A")
    return Passage.of(document, Span(len(before), len(before) + len(text)))


def windows_of(passage: Passage, settings: WindowSettings | None = None) -> tuple[Tokens, list[Window]]:
    tokens = PIECES.encode(passage.text)
    return tokens, PIECES.windows(PIECES.encode("who?"), tokens, NOTHING, settings or WindowSettings())


def logits(window: Window, **peaks: dict[int, float]) -> WindowLogits:
    """Zero everywhere, but for `start` and `end` at passage token numbers."""
    start, end = (np.zeros(len(window.input_ids), dtype=np.float32) for _ in range(2))
    for values, wanted in ((start, peaks.get("start", {})), (end, peaks.get("end", {}))):
        for token, value in wanted.items():
            values[window.position + token - window.first] = value
    return WindowLogits(window, start, end)


def test_the_joint_best_span_not_two_independent_ones() -> None:
    passage = passage_of("Ada met Bob in Rome")
    tokens, (window,) = windows_of(passage)
    # Alone, the best start is "Rome" and the best end "Ada"; together those are no span.
    reading = logits(window, start={4: 5.0, 0: 4.0}, end={0: 5.0, 2: 2.0})
    best = decode(passage, tokens, [reading], 1)[0]
    assert best.span.of(passage.text) == "Ada"
    assert best.score == pytest.approx(9.0)


def test_the_score_is_relative_to_the_null_of_the_window() -> None:
    passage = passage_of("Ada met Bob")
    tokens, (window,) = windows_of(passage)
    reading = logits(window, start={2: 3.0}, end={2: 3.0})
    reading.start[0], reading.end[0] = 1.5, 2.0
    assert decode(passage, tokens, [reading], 1)[0].score == pytest.approx(2.5)


def test_logits_of_question_and_closing_token_do_not_count() -> None:
    passage = passage_of("Ada met Bob")
    tokens, (window,) = windows_of(passage)
    reading = logits(window, start={1: 1.0}, end={1: 1.0})
    for position in (0, 1, 2, window.position - 1, window.position + window.count):
        reading.start[position] = reading.end[position] = 50.0
    assert decode(passage, tokens, [reading], 1)[0].span.of(passage.text) == "met"


def test_spans_are_in_document_coordinates() -> None:
    passage = passage_of("Ada met Bob", before="Once upon a time 😀. ")
    tokens, (window,) = windows_of(passage)
    best = decode(passage, tokens, [logits(window, start={2: 1.0}, end={2: 1.0})], 1)[0]
    assert best.span == Span(passage.span.end - 3, passage.span.end)


def test_the_same_span_from_two_windows_is_one_candidate_with_the_better_score() -> None:
    passage = passage_of(" ".join(f"w{number}x" for number in range(60)))
    tokens, windows = windows_of(passage, WindowSettings(length=120, overlap=80, question=10))
    shared = windows[1].first
    first, second = (
        logits(window, start={shared: peak}, end={shared: peak})
        for window, peak in zip(windows[:2], (3.0, 4.0), strict=True)
    )
    best, *others = decode(passage, tokens, [first, second], 5)
    assert best.score == pytest.approx(8.0)
    assert not any(best.span.overlaps(other.span) for other in others)


def test_no_span_longer_than_the_cap_before_words_are_made_whole() -> None:
    passage = passage_of("a " * 100)
    tokens, (window,) = windows_of(passage)
    reading = logits(window, start={10: 9.0}, end={10 + MAX_SPAN_TOKENS: 9.0, 10 + MAX_SPAN_TOKENS - 1: 8.0})
    assert len(decode(passage, tokens, [reading], 1)[0].span.of(passage.text).split()) == MAX_SPAN_TOKENS


def test_punctuation_alone_is_no_answer() -> None:
    passage = passage_of("... --- Bob ...")
    tokens, (window,) = windows_of(passage)
    reading = logits(window, start={0: 9.0}, end={0: 9.0})
    assert [found.span.of(passage.text) for found in decode(passage, tokens, [reading], 5)] == ["Bob"]


@pytest.mark.parametrize("text", ["", "   \n", "... !!", "😀 😀"])
def test_a_passage_without_a_word_has_no_candidate(text: str) -> None:
    passage = passage_of(text)
    tokens, windows = windows_of(passage)
    assert decode(passage, tokens, [logits(window) for window in windows], 5) == ()


@given(TEXT, st.integers(0, 2**32 - 1), st.integers(1, 6))
def test_candidates_are_words_inside_the_passage_best_first_without_overlaps(text: str, seed: int, limit: int) -> None:
    passage = passage_of(text, before="Before. ")
    tokens, windows = windows_of(passage, WindowSettings(length=40, overlap=10, question=10))
    noise = np.random.default_rng(seed)
    readings = [
        WindowLogits(window, *noise.normal(size=(2, len(window.input_ids))).astype(np.float32)) for window in windows
    ]
    found = decode(passage, tokens, readings, limit)
    assert len(found) <= limit
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    for number, one in enumerate(found):
        quote = one.span.shift(-passage.span.start).of(passage.text)
        assert passage.span.contains(one.span)
        assert quote.strip() == quote != ""
        assert not any(one.span.overlaps(other.span) for other in found[:number])
    assert bool(found) == any(char.isalnum() for start, end in tokens.offsets for char in text[start:end])


@given(
    st.integers(1, 45).flatmap(
        lambda size: st.tuples(
            *(arrays(np.float32, size, elements=st.floats(-8, 8, width=16)) for _ in range(2)), arrays(np.bool_, size)
        )
    )
)
def test_span_scores_agree_with_the_plain_double_loop(rows: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    start, end, words = rows
    scores = span_scores(start, end, words)
    by_hand = {
        (first, last): float(start[first]) + float(end[last])
        for first in range(len(start))
        for last in range(first, min(first + MAX_SPAN_TOKENS, len(start)))
        if words[first : last + 1].any()
    }
    finite = {(first, first + extra): scores[first, extra] for first, extra in np.argwhere(np.isfinite(scores))}
    assert finite == by_hand
    if by_hand:
        assert by_hand[best_cell(scores)] == max(by_hand.values())


def test_no_span_crosses_a_blank_line() -> None:
    passage = passage_of("of high value\n\nXiamen grew")
    tokens, windows = windows_of(passage)
    reading = logits(windows[0], start={1: 5.0}, end={3: 9.0})
    texts = [candidate.span.of(passage.text) for candidate in decode(passage, tokens, [reading], 20)]
    assert texts
    assert not any("\n" in text for text in texts)


@given(TEXT)
def test_paragraphs_are_numbered_as_blank_lines_part_them(text: str) -> None:
    tokens = PIECES.encode(text)
    offsets = np.array(tokens.offsets, dtype=np.int64).reshape(-1, 2)
    numbers = paragraph_numbers(text, offsets)
    pairs = zip(offsets[:-1], offsets[1:], numbers[:-1], numbers[1:], strict=True)
    for (_, left), (right, _), before, after in pairs:
        between = text[left:right]
        if not between.strip():
            old_mac = any(part.count("\r") > 1 for part in between.split("\n"))
            assert (after > before) == (between.count("\n") > 1 or old_mac or "\u2029" in between)


def test_a_number_is_quoted_with_its_qualifier_where_the_reader_loses_little() -> None:
    passage = passage_of("It has more than 14,000 companies.")
    tokens, (window,) = windows_of(passage)
    pieces = [passage.text[left:right] for left, right in tokens.offsets]
    number, qualifier, last = pieces.index("14"), pieces.index("more"), pieces.index("000")
    near = logits(window, start={number: 5.0, qualifier: 4.0}, end={last: 5.0})
    far = logits(window, start={number: 5.0, qualifier: 1.0}, end={last: 5.0})
    assert [one.span.of(passage.text) for one in decode(passage, tokens, [near], 1)] == ["more than 14,000"]
    assert [one.span.of(passage.text) for one in decode(passage, tokens, [far], 1)] == ["14,000"]
    assert decode(passage, tokens, [near], 1)[0].score == pytest.approx(10.0)


def test_a_counted_number_is_quoted_with_what_it_counts() -> None:
    passage = passage_of("It has 14 companies.")
    tokens, (window,) = windows_of(passage)
    pieces = [passage.text[left:right] for left, right in tokens.offsets]
    number, noun = pieces.index("14"), pieces.index("companies")
    reading = logits(window, start={number: 5.0}, end={number: 5.0, noun: 4.0})
    (short,) = decode(passage, tokens, [reading], 1)
    (full,) = decode(passage, tokens, [reading], 1, "How many companies does it have?")
    assert [one.span.of(passage.text) for one in (short, full)] == ["14", "14 companies"]
