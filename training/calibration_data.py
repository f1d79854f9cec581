"""What the calibration is fitted on: questions put to real indexes, with and without the documents that answer them.

Everything slow is kept under `--cache`: indexes, searches, and one reading for each question, passage and reader.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from tqdm import tqdm

from corpus.types import Document
from eval.corpus_index import index_documents
from eval.datasets import load_dataset
from eval.metrics import holds_answer, is_right
from eval.types import Question
from index.encoder import open_encoder
from index.engines.embedded import EmbeddedEngine
from index.opening import open_index
from index.search import SearchSettings, fuse
from index.types import ScoredPassage
from qa.evidence import gather
from qa.periods.absolute import absolute_mentions
from qa.periods.types import Period
from qa.types import Evidence, Reader, Reading
from training.calibration_cache import Hits, Readings, Searches, cache_mark
from training.swaps import Swaps

_WORD = re.compile(r"\w+")
READ = 10
"""Passages read for a question: the product's default depth."""
FOLDER = 40
"""Contexts in a made folder, like a person's few articles: neighbours in the file mostly share their article."""
GROUPS = ("squad1_du11k", "squad2_devhalf", "squadshifts_newwiki", "tydiqa_en", "afriqa_en")
REMOVED_SHARE = 0.4
"""Share of the answerable questions that are put a second time, the documents that answer them taken away."""
SHIFTED_SHARE = 0.6
"""Share of the questions that name a year which are put once more with a year that no passage found names."""
EXCHANGED_SHARE = 0.25
"""Share of the questions with an answer that are put once more with a name or opposite that nothing found speaks of."""
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
    scored: tuple[ScoredPassage, ...] = ()
    """The passages found, best first."""
    readings: tuple[Reading, ...] = ()
    """What the reader said of each."""

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
    found = list(shelves(data, groups, limit))
    swaps = Swaps(question.text for shelf in found for question in shelf.questions)
    for shelf in found:
        place = cache / f"{shelf.name}-{cache_mark(encoder.fingerprint)}"
        directory = place.with_suffix(".index")
        index_documents(shelf.documents, directory, encoder)
        engine = open_index(directory, encoder)
        searches = Searches(engine, encoder, place.with_suffix(".searches.jsonl"))
        readings = Readings(reader, place.with_name(f"{place.name}-{cache_mark(reader.fingerprint)}.readings.jsonl"))
        kind = shelf.name.split("-")[0]
        for question in tqdm(shelf.questions, desc=shelf.name, unit="question"):
            yield from ((kind, ask) for ask in _asks(question, engine, searches, readings, swaps))
        for question in shelf.foreign:
            yield kind, _without(question, engine, searches, readings)
        engine.close()


def _asks(
    question: Question, engine: EmbeddedEngine, searches: Searches, readings: Readings, swaps: Swaps
) -> Iterator[Ask]:
    """The question as it stands and, for some, without the documents that answer it or changed so that none does."""
    scored = _passages(engine, searches.of(question.text), frozenset())
    yield _ask(question, bool(question.answers), scored, readings, engine)
    if question.answers and share_of(question.text, "removed") < REMOVED_SHARE:
        yield _without(question, engine, searches, readings)
    if share_of(question.text, "shifted") < SHIFTED_SHARE and (other := in_another_year(question.text)):
        ask = _in_another_year(question, other, engine, searches, readings)
        if ask is not None:
            yield ask
    if question.answers and scored and share_of(question.text, "exchanged") < EXCHANGED_SHARE:
        changed = swaps.swapped(question.text, scored[0].passage.text, random.Random(question.text))
        if changed is not None and (ask := exchanged(question, changed, engine, searches, readings)) is not None:
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


def exchanged(
    question: Question, changed: str, engine: EmbeddedEngine, searches: Searches, readings: Readings
) -> Ask | None:
    """The question of something else, which the passages found do not answer because they never speak of it."""
    scored = _passages(engine, searches.of(changed), frozenset())
    new = _words(changed) - _words(question.text)
    if not scored or any(new & _words(f"{one.passage.context} {one.passage.text}") for one in scored):
        return None
    return _ask(question, False, scored, readings, engine, asked=changed)


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))


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
    return Ask(question, answerable, evidence, right, asked, tuple(scored), tuple(found))


def _passages(engine: EmbeddedEngine, hits: Hits, gone: frozenset[str]) -> list[ScoredPassage]:
    """What `hybrid_search` would return if the documents `gone` had never been indexed."""
    left = [[hit for hit in found if hit.passage_id.split(":")[0] not in gone] for found in hits]
    dense, lexical = ({hit.passage_id: hit.score for hit in found} for found in left)
    fused = {hit.passage_id: hit.score for hit in fuse(left[0], left[1], SearchSettings())[:READ]}
    return [
        ScoredPassage(passage, fused[passage.id], dense.get(passage.id), lexical.get(passage.id))
        for passage in engine.passages(list(fused))
    ]
