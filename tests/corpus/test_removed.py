"""What is shown of an article's furniture, and why each line counts as such."""

from corpus.removed import Why, removed_from
from corpus.types import Document, Span

TEXT = "Home> News\n\nA bridge\n\nThe bridge opened. [Photo/Agency]\n\nIt is 40 metres long.\n\nCourier Media"


def test_each_line_has_its_reason_and_its_place() -> None:
    document = Document.create(source="/a.txt", text=TEXT, title="A bridge")
    repeated = [Span(TEXT.index("Courier"), len(TEXT))]
    found = removed_from(document, repeated)
    assert [(line.text, line.why) for line in found] == [
        ("Home> News", Why.ITS_WORDS),
        ("The bridge opened. [Photo/Agency]", Why.CAPTION),
        ("Courier Media", Why.REPEATED),
    ]
    assert all(line.span.of(TEXT) == line.text for line in found)
    assert [line.text for line in removed_from(document, ())] == [line.text for line in found[:2]]
