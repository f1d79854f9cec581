"""One agency story in five papers: read once, cited with all of them; edited figures stay apart."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.types import Document, Passage, Span, document_id
from index import build
from index.encoder import open_encoder
from index.types import ScoredPassage
from qa import Pipeline
from qa.copies import with_copies, without_copies
from qa.exhibits import exhibits_of
from qa.filters.searching import filtered_search
from qa.filters.types import Filters
from qa.page.source_pane import source_html
from qa.page.turns import Conversation, Opened, Turn
from qa.pipeline import PipelineSettings
from qa.screen import Terminal
from qa.serialise import MalformedAnswerError, answer_from_json, answer_to_json
from qa.terminal import draw_answer
from qa.types import AlsoIn, Answer
from qa.understanding import NO_FILTERS
from qa.verification import verify_answer

STORY = (
    "The harbour of Port Ellery handled 18,400 tonnes of fish last year, its master Rosa Lindqvist said on Monday. "
    "Boats from the whole of the coast unload there, and no other port in the county does as much.\n"
)
PAPERS = {
    "mail": f"More fish landed at Port Ellery\n\nBy Our Own Staff\n\n{STORY}",
    "post": f"Harbour sees record year\n\nPORT ELLERY (Reuters) - {STORY}",
    "star": f"Fish boom\n\n{STORY}\nSign up here for our newsletter and read more of our stories.\n",
    "echo": f"A year of fish\n\n{STORY.replace('unload there', 'unload their fish there')}",
    "news": f"Port Ellery is busy\n\n{STORY}",
}
OTHERS = {
    "edited": f"More fish landed at Port Ellery\n\n{STORY.replace('18,400', '17,400')}",
    "library": "The town library\n\nThe town library holds 52,000 books, the librarian Idris Cole said.\n",
}
QUESTION = "How many tonnes of fish did the harbour of Port Ellery handle?"


@pytest.fixture(scope="module")
def papers(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("papers")
    for name, text in (PAPERS | OTHERS).items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    build([folder], folder / "my.index", encoder=open_encoder())
    return folder


@pytest.fixture(scope="module")
def pipeline(papers):
    with Pipeline.load(papers / "my.index", settings=PipelineSettings(target_error=1.0)) as opened:
        yield opened


def names(answer: Answer) -> list[str]:
    """The ids of the articles that were read."""
    return [scored.passage.document_id for scored in answer.nearest]


def key(papers: Path, name: str) -> str:
    return document_id((papers / f"{name}.txt").as_posix())


def test_a_story_in_five_papers_is_read_once_and_cited_with_all(papers: Path, pipeline: Pipeline) -> None:
    answer = pipeline.ask(QUESTION)
    read = names(answer)
    assert sum(key(papers, name) in read for name in PAPERS) == 1
    assert key(papers, "edited") in read
    everyone = [*answer.citations, *(one.citation for one in answer.alternatives)]
    cited = next(one for one in everyone if "18,400" in one.quote)
    told = {cited.document_id, *(one.document_id for one in cited.also_in)}
    assert told == {key(papers, name) for name in PAPERS}
    assert len(cited.also_in) == 4
    assert verify_answer(json.loads(json.dumps(answer_to_json(answer, 1))), pipeline) == []


def test_copies_are_told_in_json_and_to_a_person(papers: Path, pipeline: Pipeline) -> None:
    answer = told(papers, pipeline)
    row = json.loads(json.dumps(answer_to_json(answer, 1)))
    assert list(row["citations"][0])[-1] == "also_in"
    assert list(row["citations"][0]["also_in"][0]) == ["document_id", "title", "source", "published", "publisher"]
    assert verify_answer(row, pipeline) == []
    assert answer_from_json(row).citations == tuple(replace(one, score=round(one.score, 4)) for one in answer.citations)
    exhibits = exhibits_of(answer, pipeline.document)
    drawn = draw_answer(answer, exhibits, Terminal(False, 80))
    shown = source_html(Conversation((Turn("?", answer, exhibits),), Opened(0)))
    for place in (drawn, shown):
        assert "The same story also in" in place
        assert sum(f"{name}.txt" in place for name in PAPERS) >= 4


def told(papers: Path, pipeline: Pipeline) -> Answer:
    """An answer whose first citation is of the story in five papers."""
    answer = pipeline.ask(QUESTION)
    everyone = [*answer.citations, *(one.citation for one in answer.alternatives)]
    cited = next(one for one in everyone if one.document_id in {key(papers, name) for name in PAPERS})
    return replace(answer, text=cited.quote, citations=(cited,))


def test_the_other_figure_is_cited_by_itself(papers: Path, pipeline: Pipeline) -> None:
    answer = pipeline.ask(QUESTION)
    everyone = [*answer.citations, *(one.citation for one in answer.alternatives)]
    other = next(one for one in everyone if one.document_id == key(papers, "edited"))
    assert other.also_in == ()
    assert "17,400" in other.passage_text


@pytest.mark.parametrize("name", sorted(PAPERS))
def test_a_story_is_found_in_whichever_paper_is_asked_for(papers: Path, pipeline: Pipeline, name: str) -> None:
    answer = pipeline.ask(QUESTION, filters=Filters(source=f"*{name}.txt"))
    assert [one.document_id for one in answer.citations] == [key(papers, name)]
    assert answer.citations[0].also_in == ()


def test_a_copy_that_is_gone_or_never_said_it_does_not_hold(papers: Path, pipeline: Pipeline) -> None:
    row = answer_to_json(told(papers, pipeline), 1)
    row["citations"][0]["also_in"][0]["document_id"] = "gone"
    row["citations"][0]["also_in"][1]["document_id"] = key(papers, "library")
    problems = [str(problem) for problem in verify_answer(row, pipeline)]
    assert ["not in the index" in problem for problem in problems] == [True, False]
    assert "does not hold the quote" in problems[1]


@pytest.mark.parametrize("value", ["x", [1], [{}], [{"document_id": 1}]])
def test_malformed_copies_are_told(pipeline: Pipeline, value: object) -> None:
    row = answer_to_json(pipeline.ask(QUESTION), 1)
    row["citations"][0]["also_in"] = value
    with pytest.raises(MalformedAnswerError, match="also_in"):
        answer_from_json(row)


class Fake:
    """Passages made by hand: each document one passage, some of them copies."""

    def __init__(self, texts: Sequence[str], copies: Sequence[int]) -> None:
        self.all = [Document.create(source=f"/{n}.txt", text=text, title="") for n, text in enumerate(texts)]
        self._group = tuple(self.all[number].id for number in copies)
        self.depths: list[int] = []

    def search(self, question: str, limit: int) -> list[ScoredPassage]:
        self.depths.append(limit)
        return [ScoredPassage(Passage.of(one, Span(0, len(one.text))), 1 / (1 + n)) for n, one in enumerate(self.all)][
            :limit
        ]

    def document(self, key: str) -> Document:
        return next(one for one in self.all if one.id == key)

    def copies(self, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
        return {one: self._group for one in ids if one in self._group}

    def count(self) -> int:
        return len(self.all)

    def close(self) -> None:
        pass


def test_what_a_copy_says_beyond_the_original_is_read() -> None:
    more = STORY + "\nThe old cold store behind the church will be sold to whoever wants to have it, they said there.\n"
    fake = Fake([STORY, STORY, more], [0, 1, 2])
    assert [one.passage.document_id for one in without_copies(fake, fake.search("", 9))] == [
        fake.all[0].id,
        fake.all[2].id,
    ]


def test_the_search_goes_deeper_until_there_are_enough_stories() -> None:
    fake = Fake(
        [*[STORY] * 30, *(f"Another story, the {n}th that there is in this folder.\n" for n in range(9))], range(30)
    )
    found = filtered_search(fake, "fish", 5, NO_FILTERS)
    assert [one.passage.document_id for one in found] == [fake.all[n].id for n in (0, 30, 31, 32, 33)]
    assert fake.depths == [5, 20, 80]


def test_without_copies_nothing_is_looked_up(article, answer, nearest) -> None:
    class Plain:
        def document(self, key: str) -> Document:
            raise AssertionError(key)

    assert with_copies(answer, Plain(), NO_FILTERS) is answer
    assert without_copies(Plain(), nearest(article)) == list(nearest(article))


def test_every_citation_of_an_answer_is_told_of_its_copies(article, answer) -> None:
    copy = replace(article, id="copy", source="/articles/copy.txt", publisher="The Post")
    fake = Fake([], [])
    fake.all, fake._group = [article, copy], (article.id, copy.id)
    told = with_copies(answer, fake, NO_FILTERS)
    also = (AlsoIn("copy", article.title, "/articles/copy.txt", article.published, "The Post"),)
    assert [one.also_in for one in (told.citations[0], told.alternatives[0].citation)] == [also, also]
    assert with_copies(answer, fake, Filters(source="*harbour.txt")).citations[0].also_in == ()
