from __future__ import annotations

import pytest

from corpus.errors import UsageError
from eval.lint import lint


@pytest.mark.parametrize(
    ("row", "finding"),
    [
        ({"answers": ["48 million pounds"], "document": "tram.txt"}, None),
        ({"answers": ["48 Million pounds"], "document": "tram.txt"}, "'48 Million pounds' is not verbatim in tram.txt"),
        ({"answers": ["x"], "document": "harbour.txt"}, "'harbour.txt' is not among the documents"),
        ({"answers": ["Monday"], "document": "tram.txt", "also": ["salt.txt"]}, "none of the answers is verbatim in"),
        ({"answers": ["Monday", "The"], "document": "tram.txt", "also": ["salt.txt"]}, None),
        ({"answers": [], "document": None, "distractor": "tram.txt", "wrong_answers": ["50 million"]}, None),
        (
            {"answers": [], "document": None, "distractor": "tram.txt", "wrong_answers": ["48 million"]},
            "the wrong answer '48 million' stands in the distractor tram.txt",
        ),
        ({"answers": [], "document": None, "distractor": "harbour.txt"}, "'harbour.txt' is not among"),
    ],
)
def test_findings(articles, write_rows, row, finding):
    dataset, findings = lint(f"citespan:{write_rows([{'id': 'a', 'question': 'Q?', **row}])}", articles)
    assert len(dataset.questions) == 1
    if finding is None:
        assert findings == []
    else:
        assert len(findings) == 1
        assert str(findings[0]).startswith("a: ")
        assert finding in str(findings[0])


def test_a_name_that_fits_two_articles(articles, write_rows):
    (articles / "more").mkdir()
    (articles / "more" / "tram.txt").write_text("Another tram\n\nIt cost 48 million pounds and opened on Monday.\n")
    path = write_rows([{"id": "a", "question": "Q?", "answers": ["48 million pounds"], "document": "tram.txt"}])
    assert "names 2 articles" in str(lint(f"citespan:{path}", articles)[1][0])


def test_a_folder_without_articles(tmp_path, write_rows):
    (tmp_path / "empty").mkdir()
    path = write_rows([{"id": "a", "question": "Q?", "answers": [], "document": None}])
    with pytest.raises(UsageError):
        lint(f"citespan:{path}", tmp_path / "empty")
