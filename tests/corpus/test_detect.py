"""Format by name, overruled by content."""

import pytest

from corpus.loaders.detect import Format, detect

PAGE = "<!DOCTYPE html>\n<html><head><title>T</title></head><body><p>Hello.</p></body></html>"
PROSE = "A title\n\nIn the code, a < b and c > d; write <name> for a name."


@pytest.mark.parametrize(
    ("suffix", "text", "expected"),
    [
        (".txt", PROSE, Format.TEXT),
        (".md", PROSE, Format.MARKDOWN),
        (".MARKDOWN", PROSE, Format.MARKDOWN),
        (".html", PAGE, Format.HTML),
        (".HTM", PAGE, Format.HTML),
        (".txt", PAGE, Format.HTML),
        (".md", PAGE, Format.HTML),
        ("", PAGE, Format.HTML),
        (".log", PROSE, Format.TEXT),
        (".html", PROSE, Format.TEXT),
        (".html", "<p>A fragment.", Format.HTML),
        (".txt", "<p>A fragment</p>\n<p>of a page.</p>", Format.HTML),
        (".txt", "<p>is the tag of a paragraph.", Format.TEXT),
        (".txt", "\ufeff" and "  <!-- saved -->\n<?xml version='1.0'?>\n<html><body>x</body></html>", Format.HTML),
        (".md", "<div>Markdown may hold HTML</div>\n\n# Title\n\n<p>a</p>", Format.MARKDOWN),
    ],
)
def test_the_content_overrules_a_name_that_lies(suffix, text, expected):
    assert detect(suffix, text) is expected


@pytest.mark.parametrize("text", ["<!--" * 200_000, "<" * 500_000, " " * 500_000, "<?xml " * 100_000, "<p " * 100_000])
@pytest.mark.timeout(20)
def test_hostile_beginnings_take_no_time(text):
    assert detect(".txt", text) is Format.TEXT
