"""What the calibration is fitted on: questions put to real indexes, with and without the documents that answer them.

Everything slow is kept under `--cache`: indexes, searches, and one reading for each question, passage and reader.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

from tqdm import tqdm

from corpus.types import Document, Passage, Span
from eval.corpus_index import index_documents
from eval.datasets import load_dataset
from eval.metrics import holds_answer, is_right
from eval.types import Question
from index.encoder import open_encoder
from index.engines.embedded import EmbeddedEngine
from index.opening import open_index
from index.search import SearchSettings, fuse
from index.types import Encoder, ScoredPassage, SearchHit
from qa.evidence import gather
from qa.periods.absolute import absolute_mentions
from qa.periods.types import Period
from qa.types import Evidence, Reader, Reading, SpanCandidate

READ = 10
"""Passages read for a question: the product's default depth."""
FOLDER = 40
"""Contexts in a made folder, like a person's few articles: neighbours in the file mostly share their article."""
GROUPS = ("squad1_du11k", "squad2_devhalf", "squadshifts_newwiki", "tydiqa_en", "afriqa_en")
REMOVED_SHARE = 0.4
"""Share of the answerable questions that are put a second time, the documents that answer them taken away."""
SHIFTED_SHARE = 0.6
"""Share of the questions that name a year which are put once more with a year that no passage found names."""
FOREIGN_SHARE = 0.1
"""Share of the questions that are put to another folder too, one that knows nothing of the matter."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One question as it was put: the candidates found, and which are right."""

    question: Question
    answerable: bool
    candidates: tuple[Evidence, ...]
    right: tuple[bool, ...]
    asked: str = ""
    """The words that were put, where they are not the question's own."""

    @property
    def text(self) -> str:
        """The words that were put."""
        return self.asked or self.question.text


def share_of(text: str, salt: str) -> float:
    """A number in [0, 1) that depends on `text` and `salt` alone: splits survive changes of order and of data."""
    return crc32(f"{salt}\n{text}".encode()) / 2**32


@dataclass(frozen=True, slots=True)
class Shelf:
    """Documents that are indexed together, and the questions put to them; `foreign` ones belong to other shelves."""

    name: str
    documents: tuple[Document, ...]
    questions: tuple[Question, ...]
    foreign: tuple[Question, ...] = ()


def shelves(data: Path, groups: Sequence[str], limit: int | None) -> Iterator[Shelf]:
    """One large collection and many small folders; `limit` keeps that many questions of each kind, drawn by hash."""
    wiki = load_dataset(f"beir:{data / 'ir' / 'openqa_wiki_dev'}")
    yield Shelf("wiki", wiki.documents, tuple(_drawn(wiki.questions, limit)))
    rows = load_dataset(f"rows:{data / 'qa' / 'core_dev.jsonl.gz'}")
    asked = [_drawn([one for one in rows.questions if one.group == group], limit) for group in groups]
    chosen = [question for group in asked for question in group]
    folders = [folder for group in groups for folder in _folders(rows.documents, group)]
    for number, folder in enumerate(folders):
        sources, before = ({document.source for document in one} for one in (folder, folders[number - 1]))
        own = tuple(question for question in chosen if question.context in sources)
        foreign = tuple(
            question
            for question in chosen
            if question.context in before and share_of(question.text, "foreign") < FOREIGN_SHARE
        )
        yield Shelf(f"folder-{folder[0].source.split(':')[1]}", folder, own, foreign)


def _drawn(questions: Sequence[Question], limit: int | None) -> list[Question]:
    return sorted(questions, key=lambda question: share_of(question.text, "sample"))[:limit]


def _folders(documents: Sequence[Document], group: str) -> list[tuple[Document, ...]]:
    """The contexts of a group in runs of FOLDER; a short last run joins the one before it."""
    own = [document for document in documents if document.source.startswith(f"rows:{group}#")]
    count = max(1, len(own) // FOLDER)
    return [
        tuple(own[number * FOLDER : (number + 1) * FOLDER if number < count - 1 else None]) for number in range(count)
    ]


def collect(
    data: Path, cache: Path, reader: Reader, groups: Sequence[str], limit: int | None
) -> Iterator[tuple[str, Ask]]:
    """Every ask with the kind of shelf it was put to, "wiki" or "folder"."""
    encoder = open_encoder()
    for shelf in shelves(data, groups, limit):
        place = cache / f"{shelf.name}-{cache_mark(encoder.fingerprint)}"
        directory = place.with_suffix(".index")
        index_documents(shelf.documents, directory, encoder)
        engine = open_index(directory, encoder)
        searches = Searches(engine, encoder, place.with_suffix(".searches.jsonl"))
        readings = Readings(reader, place.with_name(f"{place.name}-{cache_mark(reader.fingerprint)}.readings.jsonl"))
        kind = shelf.name.split("-")[0]
        for question in tqdm(shelf.questions, desc=shelf.name, unit="question"):
            yield from ((kind, ask) for ask in _asks(question, engine, searches, readings))
        for question in shelf.foreign:
            yield kind, _without(question, engine, searches, readings)
        engine.close()


def _asks(question: Question, engine: EmbeddedEngine, searches: Searches, readings: Readings) -> Iterator[Ask]:
    """The question as it stands and, for some of those with an answer, without the documents that hold it."""
    scored = _passages(engine, searches.of(question.text), frozenset())
    yield _ask(question, bool(question.answers), scored, readings, engine)
    if question.answers and share_of(question.text, "removed") < REMOVED_SHARE:
        yield _without(question, engine, searches, readings)
    if share_of(question.text, "shifted") < SHIFTED_SHARE and (other := in_another_year(question.text)):
        ask = _in_another_year(question, other, engine, searches, readings)
        if ask is not None:
            yield ask


def in_another_year(question: str) -> str | None:
    """The question with its one year moved by 3 to 9 years back, by hash; None where it names none, or several."""
    named = absolute_mentions(question)
    if len(named) != 1 or named[0].period != Period.of_years(named[0].period.first.year):
        return None
    span, year = named[0].span, named[0].period.first.year
    if span.of(question) != str(year):
        return None
    moved = year - 3 - int(7 * share_of(question, "years"))
    return f"{question[: span.start]}{moved}{question[span.end :]}"


def _in_another_year(
    question: Question, other: str, engine: EmbeddedEngine, searches: Searches, readings: Readings
) -> Ask | None:
    """The question of another year, which the passages found do not answer because they never name that year."""
    scored = _passages(engine, searches.of(other), frozenset())
    year = absolute_mentions(other)[0].span.of(other)
    if not scored or any(year in f"{one.passage.context} {one.passage.text}" for one in scored):
        return None
    return _ask(question, False, scored, readings, engine, asked=other)


def _without(question: Question, engine: EmbeddedEngine, searches: Searches, readings: Readings) -> Ask:
    """The question put to an index whose documents never say the answer: those that do are taken away."""
    hits = searches.of(question.text)
    passages = engine.passages(list({hit.passage_id for found in hits for hit in found}))
    sources = {passage.document_id: engine.document(passage.document_id).source for passage in passages}
    gone = {key for key, source in sources.items() if source in question.documents}
    gone |= {passage.document_id for passage in passages if holds_answer(passage.text, question.answers)}
    return _ask(question, False, _passages(engine, hits, frozenset(gone)), readings, engine)


def _ask(
    question: Question,
    answerable: bool,
    scored: Sequence[ScoredPassage],
    readings: Readings,
    engine: EmbeddedEngine,
    asked: str = "",
) -> Ask:
    """The candidates for the words `asked` (the question's own, unless given), with the articles around them."""
    documents = {key: engine.document(key) for key in {one.passage.document_id for one in scored}}
    found = readings.of(asked or question.text, [one.passage for one in scored])
    evidence = tuple(gather(scored, found, documents))
    right = tuple(answerable and is_right(one.text, question.answers) for one in evidence)
    return Ask(question, answerable, evidence, right, asked)


Hits = tuple[list[SearchHit], list[SearchHit]]
"""Dense and lexical, best first."""


def _passages(engine: EmbeddedEngine, hits: Hits, gone: frozenset[str]) -> list[ScoredPassage]:
    """What `hybrid_search` would return if the documents `gone` had never been indexed."""
    left = [[hit for hit in found if hit.passage_id.split(":")[0] not in gone] for found in hits]
    dense, lexical = ({hit.passage_id: hit.score for hit in found} for found in left)
    fused = {hit.passage_id: hit.score for hit in fuse(left[0], left[1], SearchSettings())[:READ]}
    return [
        ScoredPassage(passage, fused[passage.id], dense.get(passage.id), lexical.get(passage.id))
        for passage in engine.passages(list(fused))
    ]


class Searches:
    """Both searches of each question, from the file where it has them."""

    def __init__(self, engine: EmbeddedEngine, encoder: Encoder, path: Path) -> None:
        self._engine, self._encoder, self._path = engine, encoder, path
        self._known = {row["question"]: row for row in _rows(path)}

    def of(self, question: str) -> Hits:
        """Dense and lexical hits, as deep as the product searches."""
        if question not in self._known:
            depth = SearchSettings().candidates
            dense = self._engine.search_dense(self._encoder.encode([question])[0], depth)
            lexical = self._engine.search_lexical(question, depth)
            row = {"question": question} | {
                name: [[hit.passage_id, hit.score] for hit in found]
                for name, found in (("dense", dense), ("lexical", lexical))
            }
            self._known[question] = row
            _append(self._path, row)
        row = self._known[question]
        return [SearchHit(*hit) for hit in row["dense"]], [SearchHit(*hit) for hit in row["lexical"]]


class Readings:
    """One reading for each question and passage, from the file where it has them."""

    def __init__(self, reader: Reader, path: Path) -> None:
        self._reader, self._path = reader, path
        self._known = {(row["question"], row["passage"]): row for row in _rows(path)}

    def of(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """A reading a passage, in the order given; a reading depends on nothing else, so each is made once."""
        missing = [passage for passage in passages if (question, passage.id) not in self._known]
        for reading in self._reader.read(question, missing):
            row = {
                "question": question,
                "passage": reading.passage.id,
                "relevance": reading.relevance,
                "candidates": [[one.span.start, one.span.end, one.score] for one in reading.candidates],
            }
            self._known[question, reading.passage.id] = row
            _append(self._path, row)
        return [self._reading(question, passage) for passage in passages]

    def _reading(self, question: str, passage: Passage) -> Reading:
        row = self._known[question, passage.id]
        candidates = tuple(SpanCandidate(Span(start, end), score) for start, end, score in row["candidates"])
        return Reading(passage, candidates, row["relevance"])


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a cache file; a last line that a stop cut short is taken off it."""
    if not path.exists():
        return
    data = path.read_bytes()
    whole = data[: data.rfind(b"\n") + 1]
    if len(whole) < len(data):
        path.write_bytes(whole)
    for line in whole.splitlines():
        yield json.loads(line)


def _append(path: Path, row: Mapping[str, object]) -> None:
    with path.open("a", encoding="utf-8") as out:
        out.write(json.dumps(row, ensure_ascii=False) + "\n")


def cache_mark(fingerprint: str) -> str:
    """A fingerprint as part of a file name."""
    return f"{crc32(fingerprint.encode()):08x}"
