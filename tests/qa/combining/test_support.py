from corpus.types import Document, Passage, Span
from index.types import ScoredPassage
from qa.combining.support import support_of
from qa.evidence import Supported
from qa.types import Evidence, SpanCandidate

TEXT = "The Torch zone in Xiamen\n\nIn 2022 the zone of Xiamen grew.\n\nIt has over 14,000 firms. Xiamen is a port."
ARTICLE = Document.create(source="zone.txt", text=TEXT, title="The Torch zone in Xiamen")


def support(question: str, words: str) -> list[tuple[str, int, str]]:
    start = TEXT.index(words)
    evidence = Evidence(
        SpanCandidate(Span(start, start + len(words)), 1.0),
        ScoredPassage(Passage.of(ARTICLE, Span(TEXT.index("It has"), len(TEXT))), 0.5),
        document=ARTICLE,
    )
    found = support_of(question, Supported(evidence, 0.5), {ARTICLE.id: ARTICLE})
    return [(one.name, one.citation.span.start, one.citation.passage_text) for one in found]


def test_a_name_of_the_title_is_cited_there() -> None:
    assert support("How many firms are in Xiamen?", "14,000 firms") == [("Xiamen", 18, "The Torch zone in Xiamen")]


def test_a_year_is_cited_where_it_stands_before_the_answer() -> None:
    question = "How many firms were there in 2022?"
    assert support(question, "14,000 firms") == [("2022", TEXT.index("2022"), "In 2022 the zone of Xiamen grew.")]


def test_names_that_the_article_never_joins_are_looked_for_one_by_one() -> None:
    found = support("How many firms are in Xiamen's Torch zone?", "14,000 firms")
    assert [name for name, _, _ in found] == ["Xiamen", "Torch"]


def test_what_the_sentence_itself_names_needs_no_support() -> None:
    assert support("What is Xiamen?", "a port") == []


def test_what_the_article_never_names_has_none() -> None:
    assert support("How many firms are in Hefei?", "14,000 firms") == []
