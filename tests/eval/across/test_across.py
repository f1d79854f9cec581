import json
from dataclasses import replace

import pytest

from corpus import load
from corpus.errors import UsageError
from corpus.types import Document, Span
from eval.across.cases import Case, GoldValue, Part, articles_folder, read_part, sample_folder
from eval.across.halves import Half
from eval.across.measure import RESULT, _earlier, _result, table
from eval.across.scoring import MEANING, score
from qa.types import Alternative, Answer, Citation, ListItem, Support, Timings, ValueGroup, Wording

TEXT = "The Torch zone grew.\n\nIt has 14,000 firms and 21 parks, because land is cheap."
ARTICLE = Document.create(source="/articles/zone.txt", text=TEXT, title="Zone")
AT_LEAST = 40


def cite(quote: str) -> Citation:
    start = TEXT.index(quote)
    whole = Span(0, len(TEXT))
    return Citation(
        *(ARTICLE.id, "Zone", ARTICLE.source, None, ARTICLE.sha256),
        *(Span(start, start + len(quote)), quote, whole, TEXT, 0.8),
    )


def answered(quote: str) -> Answer:
    return Answer("?", quote, 0.8, (cite(quote),), (), None, Timings(0, 0, 0))


NOTHING = Answer("?", None, 0.1, (), (), "unsure", Timings(0, 0, 0))


def case(part: Part, **more: object) -> Case:
    return Case(part, "x", "?", **more)  # type: ignore[arg-type]  # fields by name, whatever the part needs


@pytest.mark.parametrize("part", [Part.TIME, Part.FOLLOW_UPS])
def test_right_words_or_a_right_abstention(part: Part) -> None:
    assert score(case(part, answers=("14,000",)), answered("14,000 firms")) == 1.0
    assert score(case(part, answers=("11,500",)), answered("14,000 firms")) == 0.0
    assert score(case(part), NOTHING) == 1.0
    assert score(case(part), answered("14,000 firms")) == 0.0


def test_a_right_answer_from_an_article_left_out_is_none() -> None:
    inside = case(Part.FILTERS, answers=("14,000",), documents=("zone.txt",))
    assert score(inside, answered("14,000 firms")) == 1.0
    assert score(replace(inside, documents=("other.txt",)), answered("14,000 firms")) == 0.0


def test_values_are_pairs_with_their_articles() -> None:
    gold = case(Part.AGREEMENT, values=(GoldValue(("14,000",), ("zone.txt", "other.txt")),))
    group = ValueGroup("14,000", "number", 0.8, (Wording("over 14,000 firms", "2022", 2022, cite("14,000")),))
    assert score(gold, replace(NOTHING, agreement=(group,))) == pytest.approx(2 / 3)
    alone = replace(answered("14,000"), alternatives=(Alternative("21", 0.1, cite("21")),))
    assert score(gold, alone) == pytest.approx(0.5)
    assert score(gold, NOTHING) == 0.0


def test_items_count_one_by_one() -> None:
    gold = case(Part.LISTS, items=("14,000 firms", "21 parks"))
    both = tuple(ListItem(quote, cite(quote)) for quote in ("14,000 firms", "21 parks"))
    assert score(gold, replace(answered("14,000 firms and 21 parks"), items=both)) == 1.0
    assert score(gold, answered("14,000 firms")) == pytest.approx(2 / 3)
    assert score(gold, NOTHING) == 0.0


def test_the_sentence_shown_is_compared_with_the_one_that_explains() -> None:
    sentence = "It has 14,000 firms and 21 parks, because land is cheap."
    gold = case(Part.LONG, sentence=sentence)
    assert score(gold, replace(answered("land is cheap"), in_full=cite(sentence))) == 1.0
    assert 0 < score(gold, answered("land is cheap")) < 1


def test_both_places_must_be_shown() -> None:
    gold = case(Part.COMBINING, answers=("14,000",), places=("Torch zone",))
    assert score(gold, answered("14,000")) == 0.0
    named = cite("Torch zone")
    assert score(gold, replace(answered("14,000"), support=(Support("Torch zone", named),))) == 1.0


@pytest.mark.parametrize("part", list(Part))
def test_every_set_is_long_enough_and_its_gold_is_verbatim(part: Part, texts: dict[str, str]) -> None:
    cases = read_part(part)
    assert len(cases) >= AT_LEAST
    assert len({one.id for one in cases}) == len(cases)
    assert part in MEANING
    for one in cases:
        gold = [words for words in (*one.answers[:1], *one.items, one.sentence, *one.places) if words]
        missing = [words for words in gold if one.documents and words not in texts[one.documents[0]]]
        assert not missing, one.id
        for value in one.values:
            for document in value.documents:
                assert any(words in texts[document] for words in value.wordings), (one.id, document)


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    paths = [path for folder in (sample_folder(), articles_folder()) for path in sorted(folder.iterdir())]
    return {path.name: load(path).text for path in paths}


def test_results_are_tested_in_pairs() -> None:
    rows = [{"id": f"i{number}", "part": "lists", "before": 0.0, "after": 1.0} for number in range(12)]
    result = _result(Part.LISTS, Half.ALL, rows, seed=0)
    assert (result.before.value, result.after.value, result.test.wins) == (0.0, 1.0, 12)
    assert "| lists |" in table([result])[2]
    with pytest.raises(UsageError, match="no question of the set time"):
        _result(Part.TIME, Half.ALL, rows, seed=0)


def test_an_earlier_measurement_stands_for_before(tmp_path) -> None:
    (tmp_path / RESULT).write_text(json.dumps({"rows": [{"id": "i001", "after": 0.5}]}), encoding="utf-8")
    assert _earlier(tmp_path) == {"i001": 0.5}
    with pytest.raises(UsageError, match="is no finished measurement"):
        _earlier(tmp_path / "none")
