from __future__ import annotations

import gzip
import json

import pytest

from corpus.errors import DatasetError, UsageError
from eval.datasets import load_dataset, question_kind, sample_questions
from eval.types import Question, SquadRules

ROW = {"id": "a", "question": "Who?", "answers": ["Ana"], "document": "x.txt"}
SQUAD = {
    "version": "v2.0",
    "data": [
        {
            "title": "New_York",
            "paragraphs": [
                {
                    "context": "New York is a city. Ana founded it.",
                    "qas": [
                        {
                            "id": "s1",
                            "question": "Who founded it?",
                            "answers": [{"text": "Ana", "answer_start": 20}, {"text": "Ana", "answer_start": 20}],
                            "is_impossible": False,
                        },
                        {"id": "s2", "question": "Who sank it?", "answers": [], "is_impossible": True},
                    ],
                },
                {"context": "It rains.", "qas": []},
            ],
        }
    ],
}


def write(path, *rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_citespan_rows(tmp_path):
    extra = {
        "id": 7,
        "question": "Q?",
        "answers": [],
        "document": None,
        "distractor": "d.txt",
        "wrong_answers": ["x"],
        "why": "-",
    }
    rows = [{**ROW, "also": ["y.txt"], "kind": "person", "form": "typo"}, extra]
    dataset = load_dataset(f"citespan:{write(tmp_path / 'set.jsonl', *rows)}")
    first, second = dataset.questions
    assert (first.documents, first.grades, first.context) == (("x.txt", "y.txt"), (1, 1), "x.txt")
    assert (first.kind, first.form, first.answerable) == ("person", "typo", True)
    assert (second.id, second.answerable, second.context, second.wrong_answers) == ("7", False, "d.txt", ("x",))
    assert dataset.documents == ()
    assert dataset.documents_exhaustive
    assert dataset.judges_answers
    assert dataset.judges_documents


def test_an_answer_without_document_names_none(tmp_path):
    dataset = load_dataset(f"citespan:{write(tmp_path / 'set.jsonl', {**ROW, 'document': None})}")
    assert dataset.questions[0].documents == ()
    assert dataset.questions[0].answerable


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("{", "not JSON"),
        ("[1]", "a JSON list where an object was expected"),
        ('{"question": "Q?", "answers": []}', '"id" is missing'),
        ('{"id": "b", "answers": []}', '"question" is missing'),
        ('{"id": "b", "question": "  ", "answers": []}', '"question" is missing or empty'),
        ('{"id": "b", "question": "Q?"}', '"answers" is missing'),
        ('{"id": "b", "question": "Q?", "answers": "Ana"}', '"answers" is a text where a list of texts'),
        ('{"id": "b", "question": "Q?", "answers": [""]}', '"answers" holds an empty text'),
        ('{"id": "b", "question": "Q?", "answers": [3]}', '"answers" holds a number'),
        ('{"id": "b", "question": 3, "answers": []}', '"question" is a number'),
        ('{"id": "b", "question": "Q?", "answers": [], "document": ["x"]}', '"document" is a list'),
        ('{"id": "a", "question": "Q?", "answers": []}', "the id 'a' was used in line 1 already"),
        ('{"id": true, "question": "Q?", "answers": []}', '"id" is true or false'),
        ('{"id": "b", "question": "\\ud800", "answers": []}', "half of a surrogate pair"),
        ('{"id": "b", "question": "Q?", "answers": ["x"], "wrong_answers": ["y"]}', '"wrong_answers" belongs to'),
        ("[" * 100_000, "too deeply"),
    ],
)
def test_a_malformed_row_is_named_by_file_and_line(tmp_path, line, what):
    path = tmp_path / "set.jsonl"
    path.write_text(json.dumps(ROW) + "\n\n" + line + "\n", encoding="utf-8")
    with pytest.raises(DatasetError) as caught:
        load_dataset(f"citespan:{path}")
    assert str(caught.value).startswith(f"{path}:3: ")
    assert what in str(caught.value)
    assert "\n" not in str(caught.value)


def test_line_separators_inside_a_text_are_no_line_breaks(tmp_path):
    path = tmp_path / "set.jsonl"
    path.write_text(json.dumps({**ROW, "question": "Who\u2028is?"}, ensure_ascii=False) + "\r\n", encoding="utf-8")
    assert load_dataset(f"citespan:{path}").questions[0].text == "Who\u2028is?"


def test_wrong_encoding_empty_file_and_broken_gzip(tmp_path):
    path = tmp_path / "set.jsonl"
    path.write_bytes(b'{"id": "a"}\n{"id": "\xe9"}\n')
    with pytest.raises(DatasetError, match=r"set\.jsonl:2: byte 0xe9 is not UTF-8"):
        load_dataset(f"citespan:{path}")
    path.write_bytes(b"\n")
    with pytest.raises(DatasetError, match="holds no question"):
        load_dataset(f"citespan:{path}")
    packed = tmp_path / "set.jsonl.gz"
    packed.write_bytes(gzip.compress(json.dumps(ROW).encode())[:-9])
    with pytest.raises(DatasetError, match="not a whole gzip file"):
        load_dataset(f"citespan:{packed}")


def test_gzip_and_byte_order_mark(tmp_path):
    path = tmp_path / "set.jsonl.gz"
    path.write_bytes(gzip.compress(b"\xef\xbb\xbf" + json.dumps(ROW).encode()))
    assert load_dataset(f"citespan:{path}").questions[0].id == "a"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_as_spreadsheets_save_it(tmp_path, separator):
    cells = [
        ["Question", "answers", "document", "kind", "notes"],
        ["Who?", "Ana | Ana Ruiz", "x.txt", "person", "-"],
        ["", "", "", "", ""],
        ["What is\nthis?", "a \\| b", "", "", ""],
        ["When?", "", "", "", ""],
    ]
    text = "\r\n".join(separator.join(f'"{cell}"' for cell in row) for row in cells)
    path = tmp_path / "set.csv"
    path.write_bytes(b"\xef\xbb\xbf" + text.encode() + b"\r\n")
    who, what, when = load_dataset(f"citespan:{path}").questions
    assert (who.id, who.answers, who.documents, who.kind) == ("line-2", ("Ana", "Ana Ruiz"), ("x.txt",), "person")
    assert (what.id, what.text, what.answers) == ("line-4", "What is\nthis?", ("a | b",))
    assert (when.id, when.answerable) == ("line-6", False)


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("question,document\nWho?,x\n", 1, 'no column "answers"'),
        ("question,answers,answers\nWho?,x,y\n", 1, 'the column "answers" twice'),
        ("question,answers\nWho?,14,000\n", 2, "3 cells under 2 columns"),
        ('question,answers\nWho?,"x\n', 2, "not CSV"),
        ("id,question,answers\na,Who?,x\na,What?,y\n", 3, "the id 'a' was used in line 2"),
        ("question,answers\n,x\n", 2, '"question" is missing'),
    ],
)
def test_a_malformed_table(tmp_path, text, line, what):
    path = tmp_path / "set.csv"
    path.write_text(text)
    with pytest.raises(DatasetError) as caught:
        load_dataset(f"citespan:{path}")
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert what in str(caught.value)


def test_squad(tmp_path):
    path = tmp_path / "dev.json"
    path.write_text(json.dumps(SQUAD, indent=1))
    dataset = load_dataset(f"squad:{path}")
    first, second = dataset.questions
    assert [document.source for document in dataset.documents] == ["squad:New_York#0", "squad:New_York#1"]
    assert dataset.documents[0].title == "New York"
    assert dataset.documents[0].text == SQUAD["data"][0]["paragraphs"][0]["context"]
    assert (first.answers, first.documents, first.context) == (("Ana",), ("squad:New_York#0",), "squad:New_York#0")
    assert (second.answerable, second.documents, second.context) == (False, (), "squad:New_York#0")
    assert dataset.rules is SquadRules.V2


def test_squad_1_1_is_told_from_2_0(tmp_path):
    tree = json.loads(json.dumps(SQUAD)) | {"version": "1.1"}
    del tree["data"][0]["paragraphs"][0]["qas"][1]
    path = tmp_path / "dev.json"
    path.write_text(json.dumps(tree))
    assert load_dataset(f"squad:{path}").rules is SquadRules.V1


@pytest.mark.parametrize(
    ("damage", "what"),
    [
        (lambda qa: qa.pop("question"), '"question" is missing'),
        (lambda qa: qa.update(answers=[{"answer_start": 3}]), 'an answer has no "text"'),
        (lambda qa: qa.update(answers="Ana"), '"answers" is missing or not a list'),
        (lambda qa: qa.update(id="s1"), "was used in line"),
    ],
)
def test_a_malformed_squad_question_is_named_by_line(tmp_path, damage, what):
    tree = json.loads(json.dumps(SQUAD))
    damage(tree["data"][0]["paragraphs"][0]["qas"][1])
    path = tmp_path / "dev.json"
    path.write_text(json.dumps(tree, indent=1))
    wanted = path.read_text().split("\n").index('       "id": "s2",') + 1 if what != "was used in line" else None
    with pytest.raises(DatasetError, match=what) as caught:
        load_dataset(f"squad:{path}")
    if wanted:
        assert str(caught.value).startswith(f"{path}:{wanted}: ")


@pytest.mark.parametrize("text", ["[]", "{}", '{"data": 3}', '{"data": [{"title": "x"}]}', "{"])
def test_what_is_no_squad_file(tmp_path, text):
    path = tmp_path / "dev.json"
    path.write_text(text)
    with pytest.raises(DatasetError, match=r"dev\.json:1: "):
        load_dataset(f"squad:{path}")


def test_rows(tmp_path):
    rows = [
        {"id": "1", "dataset": "x", "question": "Who?", "context": "Ana.", "answers": [{"text": "Ana", "start": 0}]},
        {"id": "1", "dataset": "y", "question": "Who?", "context": "Ana.", "answers": []},
        {"id": "2", "dataset": "x", "question": "What?", "context": "Ana.", "answers": []},
    ]
    dataset = load_dataset(f"rows:{write(tmp_path / 'dev.jsonl', *rows)}")
    assert [question.id for question in dataset.questions] == ["x:1", "y:1", "x:2"]
    assert [document.source for document in dataset.documents] == ["rows:x#0", "rows:y#1"]
    assert [question.context for question in dataset.questions] == ["rows:x#0", "rows:y#1", "rows:x#0"]
    write(tmp_path / "dev.jsonl", {**rows[0], "answers": [{"start": 0}]})
    with pytest.raises(DatasetError, match=r"dev\.jsonl:1: an answer has no"):
        load_dataset(f"rows:{tmp_path / 'dev.jsonl'}")


@pytest.mark.parametrize(
    "name", ["set.jsonl", "csv:set.jsonl", "citespan:", "citespan:nowhere.jsonl", "beir:set.jsonl", "squad:."]
)
def test_a_wrong_name(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "set.jsonl", ROW)
    with pytest.raises(UsageError):
        load_dataset(name)


def test_a_sample_is_seeded_and_keeps_the_order(tmp_path):
    dataset = load_dataset(f"citespan:{write(tmp_path / 's.jsonl', *({**ROW, 'id': n} for n in range(50)))}")
    ids = [question.id for question in sample_questions(dataset, 10, seed=1).questions]
    assert ids == [question.id for question in sample_questions(dataset, 10, seed=1).questions]
    assert ids == sorted(ids, key=int)
    assert len(set(ids)) == 10
    assert ids != [question.id for question in sample_questions(dataset, 10, seed=2).questions]
    assert sample_questions(dataset, 99, seed=1) is dataset


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("How many firms are there?", "how many"),
        ("By whom was it built?", "who"),
        ("In what year?", "what"),
        ("How is it made?", "how"),
        ("Name the mayor", "other"),
        ("“Where” is it?", "where"),
    ],
)
def test_the_question_word_tells_the_kind(text, kind):
    assert question_kind(Question("1", text)) == kind
    assert question_kind(Question("1", text, kind="date")) == "date"
