import shutil
import time
from pathlib import Path

import pytest

from index.lexical import LexicalChange, LexicalIndex, LexicalStamp
from index.segments import segments_are_whole
from index.store import PassageRow

ROWS = [
    PassageRow(1, "Trams", "The tram opened in Marrowick; trams run every ten minutes."),
    PassageRow(2, "Salt", "Molten salt stores heat. The café in Malmö was built by Beyoncé."),
    PassageRow(3, "Tram budget", "The council voted on Monday."),
]


def stamp(generation: int, dead: int = 0) -> LexicalStamp:
    return LexicalStamp("id", generation, dead)


@pytest.fixture
def lexical(tmp_path: Path) -> LexicalIndex:
    view = LexicalIndex(tmp_path / "lexical")
    view.apply(LexicalChange(stamp(1), (), ROWS, whole=True))
    return view


def keys(view: LexicalIndex, query: str) -> list[int]:
    return [key for key, _ in view.search(query, 10)]


def test_round_trip(lexical: LexicalIndex, tmp_path: Path) -> None:
    again = LexicalIndex(tmp_path / "lexical")
    assert again.stamp() == stamp(1)
    assert len(again) == 3
    assert again.search("tram", 10) == lexical.search("tram", 10)


def test_words_are_stemmed_and_letters_folded(lexical: LexicalIndex) -> None:
    assert sorted(keys(lexical, "opening TRAMS")) == [1, 3]
    assert keys(lexical, "Beyonce cafe") == [2]
    assert keys(lexical, "BEYONCE\u0301") == [2]


def test_a_word_of_the_title_counts_with_the_text() -> None:
    view = LexicalIndex()
    rows = [PassageRow(1, "salt", "heat kept warm"), PassageRow(2, "heat", "salt kept warm"), PassageRow(3, "a", "b")]
    view.apply(LexicalChange(stamp(1), (), rows))
    assert keys(view, "salt") == [1, 2]
    assert view.search("salt", 9)[0][1] < 2 * view.search("salt", 9)[1][1]


def test_a_word_asked_twice_counts_twice(lexical: LexicalIndex) -> None:
    assert lexical.search("salt salt", 1)[0][1] == pytest.approx(2 * lexical.search("salt", 1)[0][1])


@pytest.mark.parametrize("query", ["", "   ", "the of is", "!!! ??? (((", '"', "\u200b", "AND OR NOT"])
def test_a_query_without_a_word_finds_nothing(lexical: LexicalIndex, query: str) -> None:
    if query != "AND OR NOT":
        assert lexical.terms(query) == []
    assert lexical.search(query, 10) == []


@pytest.mark.parametrize(
    "query",
    ["text:tram", "+tram -tram", '"tram', "tram*", "tram~2^9", "key:0", "tram) OR (", "[a TO z] tram", "\ud800 tram"],
)
def test_no_character_is_query_syntax(lexical: LexicalIndex, query: str) -> None:
    assert set(keys(lexical, query)) <= {1, 2, 3}
    if "tram" in query:
        assert 1 in keys(lexical, query)


def test_a_question_of_ten_thousand_characters(lexical: LexicalIndex) -> None:
    assert keys(lexical, "tram " + " ".join(f"w{number}" for number in range(2000)))[0] == 1


def test_changes_follow_and_may_be_repeated(lexical: LexicalIndex) -> None:
    change = LexicalChange(stamp(2, 2), (1,), [PassageRow(9, "", "A new tram.")])
    for _ in range(2):
        lexical.apply(change)
        assert lexical.stamp() == stamp(2, 2)
        assert len(lexical) == 3
        assert sorted(keys(lexical, "tram")) == [3, 9]


def test_another_handle_sees_a_commit_after_reload(lexical: LexicalIndex, tmp_path: Path) -> None:
    reader = LexicalIndex(tmp_path / "lexical")
    lexical.apply(LexicalChange(stamp(2), (), [PassageRow(9, "", "zebra")]))
    reader.reload()
    assert (reader.stamp(), keys(reader, "zebra")) == (stamp(2), [9])


def test_a_view_moves_on_only_when_it_is_told_to(lexical: LexicalIndex, tmp_path: Path) -> None:
    """Tantivy's own way, a look every half second, would bring another generation in the middle of a question."""
    reader = LexicalIndex(tmp_path / "lexical")
    lexical.apply(LexicalChange(stamp(2), (), [PassageRow(9, "", "zebra")]))
    time.sleep(1.2)
    assert (reader.stamp(), keys(reader, "zebra")) == (stamp(1), [])
    reader.reload()
    assert (reader.stamp(), keys(reader, "zebra")) == (stamp(2), [9])


def test_scores_do_not_hang_on_history_once_written_whole(tmp_path: Path) -> None:
    at_once, in_steps = LexicalIndex(), LexicalIndex(tmp_path / "steps")
    at_once.apply(LexicalChange(stamp(1), (), ROWS, whole=True))
    for generation in range(1, 30):
        row = PassageRow(100 + generation, "tram", "tram salt council")
        in_steps.apply(LexicalChange(stamp(generation), (99 + generation,), [row]))
    assert in_steps.search("salt tram", 1) != at_once.search("salt tram", 1)
    in_steps.apply(LexicalChange(stamp(30), (), ROWS, whole=True))
    assert in_steps.search("salt tram monday", 9) == at_once.search("salt tram monday", 9)


def test_whole_files_are_told_from_damaged_ones(lexical: LexicalIndex, tmp_path: Path) -> None:
    # Of a copy: the open index has its files mapped, and cutting a mapped file short kills whoever looks at it next.
    folder = Path(shutil.copytree(tmp_path / "lexical", tmp_path / "copy"))
    assert segments_are_whole(folder)
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        content = path.read_bytes()
        for damaged in (b"", content[: len(content) // 2], bytes([content[0] ^ 1]) + content[1:]):
            path.write_bytes(damaged)
            assert not segments_are_whole(folder), path.name
        path.write_bytes(content)
    assert segments_are_whole(folder)
    assert not segments_are_whole(tmp_path / "nowhere")
