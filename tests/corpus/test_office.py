"""Word files, OpenDocument texts and books beyond what the golden set holds."""

import io

import pytest

from benchmarks.packed_writers import packed
from corpus.errors import SourceError
from corpus.loaders.docx import parse_docx
from corpus.loaders.epub import parse_epub
from corpus.loaders.limits import LIMITS
from corpus.loaders.odt import parse_odt

NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text", "table")
)
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'


def odt(body: str) -> bytes:
    content = f"<office:document-content {NAMES}><office:body><office:text>{body}</office:text></office:body>"
    files = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": f"{content}</office:document-content>",
    }
    return packed({name: words.encode() for name, words in files.items()})


def word(write) -> bytes:
    import docx

    file = docx.Document()
    write(file)
    stream = io.BytesIO()
    file.save(stream)
    return stream.getvalue()


def test_blanks_notes_and_changes_of_an_opendocument_text():
    body = (
        "<text:tracked-changes><text:p>old</text:p></text:tracked-changes>"
        '<text:p>a<text:s text:c="3"/>b<text:tab/>c<text:line-break/>d<text:note><text:p>note</text:p></text:note>'
        "</text:p>"
        "<text:section><text:p>In a section.</text:p></text:section>"
        "<text:list><text:list-item><text:p>one</text:p><text:list><text:list-item><text:p>two</text:p></text:list-item>"
        "</text:list></text:list-item></text:list>"
    )
    assert parse_odt(odt(body), LIMITS).text == "a   b\tc\nd\n\nIn a section.\n\n• one\n• two"


def test_cells_that_are_repeated_to_the_edge_of_a_sheet_cost_nothing():
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    filler = '<table:table-cell table:number-columns-repeated="16384"/>'
    rows = "".join(
        f"<table:table-row>{cell.format(a)}{cell.format(b)}{filler}</table:table-row>"
        for a, b in (("Mayor", "Ana"),) * 2
    )
    assert "Mayor" in parse_odt(odt(f"<table:table>{rows}</table:table>"), LIMITS).text


def test_a_table_in_a_table_of_a_word_file():
    def write(file):
        outer = file.add_table(2, 2)
        outer.cell(0, 0).text, outer.cell(0, 1).text = "Part", "Figures"
        outer.cell(1, 0).text = "Harbour"
        inner = outer.cell(1, 1).add_table(2, 2)
        for number, words in enumerate(("Founded", "1991", "Staff", "200")):
            inner.cell(number // 2, number % 2).text = words

    text = parse_docx(word(write), LIMITS).text
    assert "Founded: 1991." in text
    assert "Harbour" in text


def test_a_date_that_the_writing_library_left_in_dates_nothing():
    found = parse_docx(word(lambda file: file.add_paragraph("Words.")), LIMITS)
    assert (found.created, found.updated, found.author) == (None, None, None)


def test_chapters_come_in_the_order_of_the_spine_and_a_broken_one_costs_itself():
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="a.opf"/></rootfiles></container>'
    )
    items = "".join(f'<item id="{n}" href="{n}%20.html" media-type="text/html"/>' for n in "abc")
    opf = (
        f'<package xmlns="http://www.idpf.org/2007/opf"><metadata/><manifest>{items}</manifest>'
        '<spine><itemref idref="c"/><itemref idref="b"/><itemref idref="a"/><itemref idref="a"/>'
        '<itemref idref="x"/></spine>'
        "</package>"
    )
    files = {"mimetype": "application/epub+zip", "META-INF/container.xml": container, "a.opf": opf}
    files |= {
        "a .html": "<p>Last<br>one.</p>",
        "b .html": "",
        "c .html": "<body>First <i>one</i>.<ul><li>x<ul><li>y</li></ul></li></ul>",
    }
    found = parse_epub(packed({name: words.encode() for name, words in files.items()}), LIMITS)
    assert found.text == "First one.\n\n• x\n• y\n\nLast\none."


@pytest.mark.parametrize(
    ("parse", "files", "reason"),
    [
        (
            parse_docx,
            {"[Content_Types].xml": "<x/>", "word/document.xml": BOMB},
            "defines entities of its own in word/",
        ),
        (parse_docx, {"[Content_Types].xml": "<x/>", "word/document.xml": "<x>"}, "is a damaged Word file"),
        (parse_odt, {"mimetype": "x", "content.xml": BOMB}, "defines entities of its own in content.xml"),
        (parse_odt, {"mimetype": "x"}, "lacks its part 'content.xml'"),
        (parse_odt, {"mimetype": "x", "content.xml": "<a><b>"}, "has a damaged part content.xml"),
        (parse_epub, {"mimetype": "x", "META-INF/container.xml": "<x/>"}, "names no package file"),
        (parse_epub, {"mimetype": "x", "META-INF/container.xml": BOMB}, "defines entities"),
    ],
)
def test_what_is_refused(parse, files, reason):
    with pytest.raises(SourceError, match=reason):
        parse(packed({name: words.encode() for name, words in files.items()}), LIMITS)
