"""PDFs: the order of reading, words parted at line ends, running heads and feet, pages."""

import io
import time
from itertools import pairwise
from pathlib import Path

import pytest
from fpdf import FPDF

from benchmarks.article import Article, Block, plain
from benchmarks.pdf_writer import as_pdf
from corpus.errors import SourceError
from corpus.loaders.apart import Reader
from corpus.loaders.columns import DEFAULT_COLUMNS
from corpus.loaders.limits import LIMITS, Limits
from corpus.loaders.pdf import parse_pdf


def words(text: str) -> str:
    marks = str.maketrans({"·": "•", "“": '"', "”": '"', "’": "'", "–": "-"})
    return " ".join(text.translate(marks).split())


LAYOUTS = [
    pytest.param({"columns": 1}, id="one column"),
    pytest.param({"columns": 2}, id="two columns"),
    pytest.param({"columns": 2, "across": True}, id="two columns drawn across"),
    pytest.param({"columns": 3, "across": True}, id="three columns drawn across"),
    pytest.param({"columns": 2, "hyphens": False}, id="two columns without hyphens"),
]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_text_is_read_in_order_without_heads_and_feet(long_article: Article, layout: dict) -> None:
    extract = parse_pdf(as_pdf(long_article, **layout), LIMITS)
    assert words(extract.text) == words(plain(long_article))
    assert (extract.title, extract.author, extract.created) == (
        long_article.title,
        long_article.author,
        long_article.published,
    )


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_page_begins_where_it_does(long_article: Article, layout: dict) -> None:
    import pypdfium2

    data = as_pdf(long_article, **layout)
    extract = parse_pdf(data, LIMITS)
    file = pypdfium2.PdfDocument(data)
    assert len(extract.pages) == len(file) > 2
    assert list(extract.pages) == sorted(extract.pages)
    bounds = (*extract.pages, len(extract.text))
    for number, (start, end) in enumerate(pairwise(bounds)):
        shown = {word for word in file[number].get_textpage().get_text_range().split() if word.isalpha()}
        own = [word for word in extract.text[start:end].split() if word.isalpha()]
        # Words that were parted at a line's end are whole in the text and not on the page.
        assert sum(word in shown for word in own) > 0.9 * len(own)
    file.close()


def drawn(*pages: list[tuple[float, float, str]], size: int = 11) -> bytes:
    from fpdf import FPDF

    file = FPDF()
    for page in pages:
        file.add_page()
        file.set_font("times", size=size)
        for x, y, text in page:
            file.text(x, y, text)
    return bytes(io.BytesIO(file.output()).getvalue())


def test_a_word_parted_at_a_line_end_is_whole_again() -> None:
    page = [(20, 40, "It is a well-known measure of the"), (20, 46, "infra-")]
    page += [
        (20, 52, "structure, and well-"),
        (20, 58, "known it is in Baden-"),
        (20, 64, "Baden, after the words of 2021-"),
    ]
    text = parse_pdf(drawn([*page, (20, 70, "22 were read.")]), LIMITS).text
    assert "the infrastructure, and well-known it is in Baden-Baden, after the words of 2021-22 were" in " ".join(
        text.split()
    )


def test_paragraphs_and_sentences_go_on_over_a_page() -> None:
    first = [(20, 40 + 6 * row, f"This is line {row} of a text that is set in full lines and") for row in range(30)]
    text = parse_pdf(drawn(first, [(20, 40, "goes on upon the next page. Then it ends.")]), LIMITS)
    assert "lines and goes on upon" in text.text
    assert text.pages == (0, text.text.index("goes on upon"))


def test_a_number_at_the_edge_goes_and_one_in_the_text_stays() -> None:
    pages = [
        [(100, 10, "Courier"), (20, 60, f"Number {n} is in the text."), (20, 70, "42"), (100, 290, f"- {n} -")]
        for n in range(1, 6)
    ]
    text = parse_pdf(drawn(*pages), LIMITS).text
    assert "Courier" not in text
    assert "- 3 -" not in text
    assert "Number 3 is in the text." in text
    assert "42" in text


def test_a_table_is_read_row_by_row() -> None:
    rows = [("Year", "Output", "Staff"), ("2020", "18.1", "200"), ("2021", "19.6", "210"), ("2022", "20.4", "220")]
    cells = [
        (20 + 60 * column, 40 + 6 * row, cell)
        for column in range(3)
        for row, cell in enumerate(c[column] for c in rows)
    ]
    text = parse_pdf(drawn(cells), LIMITS).text
    assert "2021 19.6 210" in text


def test_an_empty_page_begins_where_the_next_does() -> None:
    extract = parse_pdf(drawn([(20, 60, "One is here.")], [], [(20, 60, "Three is here.")]), LIMITS)
    third = extract.text.index("Three")
    assert extract.pages[0] == 0
    assert extract.pages[2] == third
    assert 0 < extract.pages[1] <= third


@pytest.mark.parametrize(
    ("data", "limits", "reason"),
    [
        (b"%PDF-1.7\nnothing", LIMITS, "is a damaged PDF"),
        (drawn([], []), LIMITS, "2 pages and no text layer"),
        (drawn(*[[(20, 20, "x")]] * 5), Limits(pages=4), "has 5 pages, over the limit of 4"),
    ],
)
def test_what_is_refused(data: bytes, limits: Limits, reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        parse_pdf(data, limits)


def test_a_protected_file_is_refused() -> None:
    from fpdf import FPDF

    file = FPDF()
    file.set_encryption(owner_password="o", user_password="u")
    file.add_page()
    with pytest.raises(SourceError, match="protected by a password"):
        parse_pdf(bytes(file.output()), LIMITS)


def test_a_block_is_a_block() -> None:
    article = Article("A", (Block("paragraph", "One sentence stands here."), Block("paragraph", "Another one here.")))
    assert parse_pdf(as_pdf(article), LIMITS).text.endswith("One sentence stands here.\n\nAnother one here.")


def test_a_pdf_of_thousands_of_pages_is_refused_at_once(tmp_path: Path) -> None:
    pdf = FPDF()
    pdf.set_font("helvetica", size=12)
    for number in range(5000):
        pdf.add_page()
        pdf.cell(0, 10, f"page {number}")
    pdf.output(str(tmp_path / "long.pdf"))
    started = time.monotonic()
    with Reader(DEFAULT_COLUMNS) as reader, pytest.raises(SourceError, match="5,000 pages"):
        reader.read(tmp_path / "long.pdf")
    assert time.monotonic() - started < 5
