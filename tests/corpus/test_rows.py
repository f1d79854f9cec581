"""Files with an article in each row."""

import json

import pytest

from corpus.errors import SourceError, UsageError
from corpus.loaders.columns import Columns
from corpus.loaders.load import load_all

CSV = (
    "Headline,Date,Body\nHarbour,2022-01-05,The harbour is open.\nTram,,\n\nBridge,5 March 2023,The bridge is closed.\n"
)


def read(tmp_path, name, text, columns=""):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8", newline="")
    found = load_all(path, Columns.parse(columns) if columns else Columns())
    prefix = len(path.as_posix())
    return found, [document.source[prefix:] for document in found.documents]


def test_a_row_is_an_article_and_one_without_text_is_refused(tmp_path):
    found, sources = read(tmp_path, "a.csv", CSV)
    assert sources == ["#row=2", "#row=5"]
    assert [document.text for document in found.documents] == [
        "Harbour\n\nThe harbour is open.",
        "Bridge\n\nThe bridge is closed.",
    ]
    assert [str(document.published) for document in found.documents] == ["2022-01-05", "2023-03-05"]
    (refusal,) = found.refused
    assert refusal.source.endswith("a.csv#row=3")
    assert refusal.reason == "has no text (its columns are Headline, Date, Body)"


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_other_delimiters(tmp_path, mark):
    found, _ = read(tmp_path, "a.tsv", f'title{mark}text\nA{mark}"Words, and{mark} more\nof them."\n')
    assert found.documents[0].text == f"A\n\nWords, and{mark} more\nof them."


def test_columns_by_setting(tmp_path):
    text = "x,y,z\nOne,Words of one.,k1\nTwo,Words of two.,k2\n"
    found, sources = read(tmp_path, "a.csv", text, "text=y,title=x,id=z")
    assert sources == ["#id=k1", "#id=k2"]
    assert found.documents[0].title == "One"
    with pytest.raises(SourceError, match="has no column 'q'; its columns are x, y, z"):
        read(tmp_path, "a.csv", text, "text=q")
    for wrong in ("body", "body=x", "text="):
        with pytest.raises(UsageError, match="text=Body"):
            Columns.parse(wrong)
    assert Columns.parse("title=x, text=y").spelled == "text=y,title=x"


def test_a_table_without_a_column_of_text_is_one_article(tmp_path):
    found, sources = read(tmp_path, "zone-figures.csv", "Indicator,2020,2021\nOutput value,18.1,19.6 billion yuan\n")
    assert sources == [""]
    assert found.documents[0].text == "Output value, 2020: 18.1.\nOutput value, 2021: 19.6 billion yuan."
    assert found.documents[0].title == "Zone figures"


def test_lines_of_json(tmp_path):
    rows = [
        '{"id": 7, "text": "Seven.", "authors": ["A", "B"]}',
        "",
        "nonsense",
        "[1]",
        '{"title": "T"}',
        '{"body": "Six."}',
    ]
    found, sources = read(tmp_path, "a.jsonl", "\n".join(rows))
    assert sources == ["#id=7", "#line=6"]
    assert found.documents[0].details.author == "A, B"
    assert [refusal.source.rpartition("#")[2] for refusal in found.refused] == ["line=3", "line=4", "line=5"]


def test_an_id_that_comes_again_names_only_one(tmp_path):
    _, sources = read(tmp_path, "a.jsonl", "\n".join(json.dumps({"id": "x", "text": f"Text {n}."}) for n in range(3)))
    assert sources == ["#id=x", "#line=2", "#line=3"]
