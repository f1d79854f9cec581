"""What holds of any text on its way through the loaders."""

import gzip
import io

from hypothesis import given
from hypothesis import strategies as st

from corpus.loaders.columns import NAMES, Columns
from corpus.loaders.frames import document_from_frame, document_to_frame, receive, send
from corpus.loaders.limits import LIMITS
from corpus.loaders.pdf.lines import Line
from corpus.loaders.pdf.paragraphs import flow
from corpus.loaders.table import table_text
from corpus.loaders.unpack import gunzip
from corpus.types import Details, Document

WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
TEXT = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=200)


@given(
    TEXT, st.none() | st.dates(), st.none() | WORDS, st.lists(st.integers(0, 200), max_size=5), st.none() | st.dates()
)
def test_a_document_comes_out_of_the_other_process_as_it_went_in(text, published, author, pages, updated):
    details = Details(author, updated, "en", tuple(sorted(pages)))
    document = Document.create(source="/a", text=text, title="T", published=published, details=details)
    stream = io.BytesIO()
    send(stream, document_to_frame(document))
    stream.seek(0)
    assert document_from_frame(receive(stream)) == document
    assert receive(stream) is None


@given(st.lists(st.lists(WORDS, max_size=5), max_size=6), st.sampled_from([True, False, None]))
def test_no_cell_of_a_table_is_lost(rows, header):
    text = " ".join(table_text(rows, header=header).split())
    wide = [number for number, row in enumerate(rows) if sum(bool(cell.strip()) for cell in row) > 1]
    # The row of headers itself is only told by the cells below it.
    for row in rows[wide[0] + 1 :] if wide else rows:
        for cell in row[1:]:
            assert " ".join(cell.split()).rstrip(" :") in text


@given(st.lists(st.binary(max_size=300), max_size=4))
def test_gzip_of_any_bytes(pieces):
    assert gunzip(b"".join(map(gzip.compress, pieces)), LIMITS) == b"".join(pieces)


@given(
    st.lists(st.lists(st.text("ab-. A1", min_size=1, max_size=9).map(str.strip).filter(bool), max_size=6), max_size=5)
)
def test_pages_begin_in_order_and_hold_their_words(pages):
    drawn = [
        [
            [
                Line(words, 10.0, 700.0 - 12 * row, 10.0 + 5 * len(words), 710.0 - 12 * row, 5.0)
                for row, words in enumerate(page)
            ]
        ]
        if page
        else []
        for page in pages
    ]
    text, starts = flow(drawn)
    assert len(starts) == len(pages)
    assert list(starts) == sorted(starts)
    bounds = (*starts, len(text))
    for page, start, end in zip(pages, starts, bounds[1:], strict=True):
        assert "".join(text[start:end].split()) == "".join("".join(page).split())


@given(
    st.dictionaries(
        st.sampled_from(sorted(NAMES)), st.text("abc Ü", min_size=1).map(str.strip).filter(bool), max_size=4
    )
)
def test_columns_are_spelled_as_they_are_parsed(given_names):
    columns = Columns(**given_names)
    assert not given_names or Columns.parse(columns.spelled) == columns
