"""The lexical view: BM25 over stemmed English words. The only importer of tantivy.

The stamp (which index, which generation) is a document inside the view, so that it changes in the same atomic commit
as the passages: a searcher can never pair one generation's words with another's stamp.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import numpy as np
import tantivy
from numpy.typing import NDArray

from index.store import PassageRow

Keys = NDArray[np.int64]

STAMP_KEY = 0
"""The key of the stamp's document; passages count from 1."""

CONTEXT_BOOST = 0.2
"""What a word of the title or heading counts on top: it is also among the words of the passage, as if it stood there.

Fitted with benchmarks/fusion_fit.py: title and text as two fields alone lose 0.02 nDCG@10 on questions over Wikipedia.
"""

HEAP_BYTES = 64_000_000
ANALYZER = "citespan"
_ANALYSING = Lock()


class LexicalStamp(NamedTuple):
    """Of which index and generation a view is, and how many dead entries it holds since it was written whole."""

    index_id: str
    generation: int
    dead: int
    """Removed passages and former stamps: tantivy counts them in its word statistics until it merges them away."""


@dataclass(frozen=True, slots=True)
class LexicalChange:
    """What brings a view to the generation of `stamp`."""

    stamp: LexicalStamp
    removed: Sequence[int]
    added: Iterable[PassageRow]
    whole: bool = False
    """Whether `added` is everything there is: the view is then emptied first."""


class LexicalIndex:
    """Words by passage key, in the folder `path` or, without one, in memory; ValueError where it is unreadable."""

    def __init__(self, path: Path | None = None) -> None:
        self._schema = _schema()
        self._analyzer = _analyzer()
        if path is None:
            self._index = tantivy.Index(self._schema)
        else:
            path.mkdir(exist_ok=True)
            self._index = tantivy.Index(self._schema, str(path))
        self._index.register_tokenizer(ANALYZER, self._analyzer)
        # By default a thread of tantivy's opens every commit that it sees in the folder, whenever that is: the view
        # would move on in the middle of a question, and open files after whoever opened the index has let it go.
        self._index.config_reader("manual")

    def __len__(self) -> int:
        return int(self._index.searcher().num_docs) - (1 if self.stamp() else 0)

    def reload(self) -> None:
        """Move on to the newest commit, which another process may have made."""
        self._index.reload()

    def stamp(self) -> LexicalStamp | None:
        """The stamp of the commit in view, None before the first."""
        searcher = self._index.searcher()
        hits = searcher.search(tantivy.Query.term_query(self._schema, "key", STAMP_KEY), 1).hits
        if not hits:
            return None
        index_id, generation, dead = searcher.doc(hits[0][1]).get_first("stamp").split(":")
        return LexicalStamp(index_id, int(generation), int(dead))

    def apply(self, change: LexicalChange) -> None:
        """Make `change` in one atomic commit; applying it again changes nothing. Raises ValueError or OSError."""
        # One thread: the order of documents, and with it every score, is then the same in every build.
        writer = self._index.writer(HEAP_BYTES, 1)
        try:
            if change.whole:
                writer.delete_all_documents()
            for key in (STAMP_KEY, *change.removed):
                writer.delete_documents_by_term("key", key)
            for row in change.added:
                if not change.whole:  # after a crash the view may hold the row already
                    writer.delete_documents_by_term("key", row.key)
                writer.add_document(_document(row))
            stamp = tantivy.Document()
            stamp.add_integer("key", STAMP_KEY)
            stamp.add_text("stamp", ":".join(map(str, change.stamp)))
            writer.add_document(stamp)
            writer.commit()
        finally:
            writer.wait_merging_threads()
        self._index.reload()

    def keys(self) -> Keys:
        """The keys of all passages, in order."""
        searcher = self._index.searcher()
        hits = searcher.search(tantivy.Query.all_query(), max(int(searcher.num_docs), 1), count=False).hits
        found = np.sort(np.asarray(searcher.fast_field_values("key", [address for _, address in hits]), dtype=np.int64))
        passages: Keys = found[found != STAMP_KEY]
        return passages

    def terms(self, text: str) -> list[str]:
        """The stems that `text` is searched by; none for a text of only stop words and symbols."""
        stems: list[str] = self._analyzer.analyze(_normal(text))
        return stems

    def search(self, query: str, limit: int, documents: Sequence[int] | None = None) -> list[tuple[int, float]]:
        """The `limit` best keys for any word of `query`, by BM25. No character of it is query syntax.

        With `documents` (keys), passages of these alone; a score is the same as without.
        """
        terms = self.terms(query)
        if not terms or documents == []:
            return []
        wanted = self._query(terms) if documents is None else self._within(self._query(terms), documents)
        searcher = self._index.searcher()
        hits = searcher.search(wanted, limit, count=False).hits
        keys = searcher.fast_field_values("key", [address for _, address in hits])
        return [(int(key), float(score)) for key, (score, _) in zip(keys, hits, strict=True)]

    def _query(self, terms: Sequence[str]) -> tantivy.Query:
        clauses = []
        for term, times in Counter(terms).items():
            for field, weight in (("words", times), ("context", times * CONTEXT_BOOST)):
                one = tantivy.Query.term_query(self._schema, field, term, "freq")
                clauses.append((tantivy.Occur.Should, tantivy.Query.boost_query(one, float(weight))))
        return tantivy.Query.boolean_query(clauses)

    def _within(self, query: tantivy.Query, documents: Sequence[int]) -> tantivy.Query:
        one_of = tantivy.Query.term_set_query(self._schema, "document", list(documents))
        unscored = tantivy.Query.const_score_query(one_of, 0.0)
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, unscored)])


def stems(text: str) -> list[str]:
    """The stems of `text` in their order, as the view stores them and searches by them: for another engine's words."""
    with _ANALYSING:
        found: list[str] = _shared_analyzer().analyze(_normal(text))
    return found


@cache
def _shared_analyzer() -> tantivy.TextAnalyzer:
    return _analyzer()


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    # Signed: tantivy 0.27 makes an i64 term of a Python int; by it nothing is deleted from an unsigned field.
    builder.add_integer_field("key", indexed=True, fast=True)
    builder.add_integer_field("document", indexed=True)
    builder.add_text_field("context", tokenizer_name=ANALYZER, index_option="freq")
    builder.add_text_field("words", tokenizer_name=ANALYZER, index_option="freq")
    builder.add_text_field("stamp", stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def _analyzer() -> tantivy.TextAnalyzer:
    chain = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for step in (
        tantivy.Filter.remove_long(80),
        tantivy.Filter.lowercase(),
        tantivy.Filter.ascii_fold(),
        tantivy.Filter.stopword("english"),
        tantivy.Filter.stemmer("english"),
    ):
        chain = chain.filter(step)
    return chain.build()


def _normal(text: str) -> str:
    """One form for letters with marks, ligatures and wide digits; lone surrogates, which tantivy refuses, go."""
    return unicodedata.normalize("NFKC", text).encode("utf-8", "replace").decode("utf-8")


def _document(row: PassageRow) -> tantivy.Document:
    document = tantivy.Document()
    document.add_integer("key", row.key)
    document.add_integer("document", row.document)
    document.add_text("context", _normal(row.context))
    document.add_text("words", _normal(f"{row.context}\n{row.text}"))
    return document
