"""BEIR folders: plain or gzipped, with or without answers, in the layout of its authors."""

from __future__ import annotations

import gzip
import json

import pytest

from corpus.errors import DatasetError
from eval.datasets import load_dataset


def write(path, *rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def beir(folder, packed=False):
    folder.mkdir()
    files = {
        "corpus.jsonl": [{"_id": "d1", "title": "T", "text": "Ana."}, {"_id": "d2", "title": "", "text": ""}],
        "queries.jsonl": [{"_id": "1", "text": "Who?"}, {"_id": "2", "text": "What?"}, {"_id": "3", "text": "When?"}],
    }
    texts = {name: "".join(json.dumps(row) + "\n" for row in rows) for name, rows in files.items()}
    texts["qrels.tsv"] = "query-id\tcorpus-id\tscore\n1\td1\t2\n2\td2\t1\n2\td1\t0\n"
    for name, text in texts.items():
        if packed:
            (folder / f"{name}.gz").write_bytes(gzip.compress(text.encode()))
        else:
            (folder / name).write_text(text)
    return folder


@pytest.mark.parametrize("packed", [False, True])
def test_beir(tmp_path, packed):
    dataset = load_dataset(f"beir:{beir(tmp_path / 'set', packed)}")
    assert [document.source for document in dataset.documents] == ["beir:d1", "beir:d2"]
    first, second = dataset.questions  # the third query is not judged
    assert (first.documents, first.grades, first.answerable) == (("beir:d1",), (2,), None)
    assert second.documents == ("beir:d2",)  # grade 0 means not relevant
    assert not dataset.judges_answers


def test_beir_with_answers(tmp_path):
    folder = beir(tmp_path / "set")
    write(
        folder / "questions.jsonl",
        {"id": "1", "question": "Who?", "answers": ["Ana"], "documents": ["d1"]},
        {"id": "3", "question": "When?", "answers": [], "documents": []},
    )
    first, second = load_dataset(f"beir:{folder}").questions
    assert (first.answers, first.grades, first.context) == (("Ana",), (2,), "beir:d1")
    assert (second.answerable, second.documents) == (False, ())


def test_beir_in_the_layout_of_its_authors(tmp_path):
    folder = beir(tmp_path / "set")
    (folder / "qrels").mkdir()
    (folder / "qrels.tsv").rename(folder / "qrels" / "test.tsv")
    assert len(load_dataset(f"beir:{folder}").questions) == 2


def test_malformed_beir(tmp_path):
    folder = beir(tmp_path / "set")
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n1\td1\n")
    with pytest.raises(DatasetError, match=r"qrels\.tsv:2: "):
        load_dataset(f"beir:{folder}")
    write(folder / "corpus.jsonl", {"_id": "d1", "text": "x"}, {"_id": "d1", "text": "y"})
    with pytest.raises(DatasetError, match=r"corpus\.jsonl:2: the document 'd1' occurs twice"):
        load_dataset(f"beir:{folder}")
    (folder / "queries.jsonl").unlink()
    with pytest.raises(DatasetError, match=r"no queries\.jsonl"):
        load_dataset(f"beir:{folder}")
