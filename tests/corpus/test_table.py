"""Tables as lines that can be quoted."""

import pytest

from corpus.loaders.table import table_text


@pytest.mark.parametrize(
    ("rows", "header", "expected"),
    [
        (
            [("Indicator", "2020", "2021"), ("Output value", "18.1 billion yuan", "19.6 billion yuan")],
            None,
            "Output value, 2020: 18.1 billion yuan.\nOutput value, 2021: 19.6 billion yuan.",
        ),
        ([("Year", "Cost"), ("2022", "4.1"), ("2023", "4.5")], None, "Cost, 2022: 4.1.\nCost, 2023: 4.5."),
        ([("Founded", "1991"), ("Mayor", "Ana Ruiz")], None, "Founded: 1991.\nMayor: Ana Ruiz."),
        ([("Name", "Role"), ("Ana Ruiz", "mayor")], True, "Ana Ruiz, Role: mayor."),
        (
            [("Name", "Role", "Since"), ("Ana", "", "1991"), ("", "head", "")],
            True,
            "Ana, Since: 1991.\nAna, Role: head.",
        ),
        ([("18.1", "19.6", "20.4"), ("1", "2", "3")], None, "18.1 | 19.6 | 20.4\n1 | 2 | 3"),
        (
            [("Table 1", "", ""), ("Firm", "Staff", "Sales"), ("A", "3", "5")],
            None,
            "Table 1\nA, Staff: 3.\nA, Sales: 5.",
        ),
        ([("One cell",), ("and another",)], None, "One cell\n\nand another"),
        ([("a", "w " * 300), ("b", "c")], None, "a\n\n" + ("w " * 300).strip() + "\n\nb\n\nc"),
        ([("Q", "A"), ("Open?", "Yes!")], True, "Open?, A: Yes!"),
        ([("A", "B"), ("x", "1", "beyond")], True, "x, B: 1.\nx: beyond."),
        ([("", ""), ("", "")], None, ""),
        ([], None, ""),
    ],
)
def test_every_cell_stands_under_its_headers(rows, header, expected):
    assert table_text(rows, header=header) == expected
