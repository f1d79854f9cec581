"""The four collections of an index, and what the index is made of.

    NAME_passages   one row a passage: what is searched (docs/milvus.md lists every field)
    NAME_documents  one row an article: its version, which alone makes passages and texts visible, and what a list shows
    NAME_texts      the articles' texts and facts, in pieces that fit into a string of Milvus
    NAME_meta       what made the index, and how far its writer is

Consistency is Strong everywhere: a question sees all that was written before it was asked, so an article that was
removed never shows again, and what was added is found as soon as adding it returns.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from corpus.errors import IndexUnavailableError
from index.engines.milvus.door import DataType, Door, Function, FunctionType
from index.engines.milvus.place import MilvusPlace

FORMAT = 2
LONGEST = 65_535
"""Bytes in a string of Milvus at most."""
KEY = 256
CONSISTENCY = "Strong"
VECTOR_FIELD, WORDS_FIELD, CONTEXT_FIELD = "vector", "bm25", "bm25_context"
"""What passages are searched by; the last two are BM25 of the texts in `BM25_INPUTS`."""
BM25_INPUTS = {WORDS_FIELD: "words", CONTEXT_FIELD: "context_words"}
BM25 = {"params": {"bm25_k1": 1.2, "bm25_b": 0.75}}
"""As tantivy has them, so that both engines score alike.

In a "params" of their own, which pymilvus sends as it stands: of what it sends one by one, Milvus Lite reads nothing.
"""
GRAPH = {"M": 32, "efConstruction": 200}
SHARDS = 2
"""Channels that passages are written through; everything else has one, where a call becomes visible as one."""
NOWHERE = [0.0, 0.0]
"""Milvus wants a vector in every collection; in those that nobody searches it is this one."""

_SECONDS_TO_MAKE = 60.0


@dataclass(frozen=True, slots=True)
class Names:
    """What the collections of one index are called."""

    passages: str
    documents: str
    texts: str
    meta: str

    @classmethod
    def of(cls, place: MilvusPlace) -> Names:
        """The names at `place`."""
        return cls(*(f"{place.name}_{what}" for what in ("passages", "documents", "texts", "meta")))


@dataclass(frozen=True, slots=True)
class Made:
    """What an index in Milvus is made of; kept as one row of its meta collection."""

    encoder: str
    dimension: int
    chunker: str
    dense: str
    """The index over vectors."""
    index_id: str = ""
    format: int = FORMAT


def make(door: Door, made: Made) -> Made:
    """Make the collections that are missing, the meta row last, so that an index is there once it is whole."""
    names = Names.of(door.place)
    for name, fields in (
        (names.passages, _passage_fields(made.dimension)),
        (names.documents, _document_fields()),
        (names.texts, _text_fields()),
        (names.meta, _meta_fields()),
    ):
        searched = made if name == names.passages else None
        if not door.call("has_collection", collection_name=name):
            _create(door, name, fields, searched)
        _index(door, name, searched)
    made = Made(**{**asdict(made), "index_id": secrets.token_hex(8)})
    door.upsert(names.meta, [{"id": "made", "value": json.dumps(asdict(made)), "nowhere": NOWHERE}])
    return made


def read_made(door: Door) -> Made | None:
    """What the index at the door's place is made of, None where there is none; raises IndexUnavailableError."""
    names = Names.of(door.place)
    for name in asdict(names).values():
        if not door.call("has_collection", collection_name=name):
            return None
    for name in asdict(names).values():
        door.call("load_collection", collection_name=name, seconds=_SECONDS_TO_MAKE)
    rows = door.of_keys(names.meta, ["made"], ["value"])
    if not rows:
        return None
    found = json.loads(rows["made"]["value"])
    if found.get("format") != FORMAT:
        raise IndexUnavailableError(
            f"the index {door.place.name} at {door.place.shown} is of format {found.get('format')}, this version reads "
            f"{FORMAT}; use the version of Citespan that made it, or build it anew under another name"
        )
    return Made(**found)


def drop(door: Door) -> None:
    """Remove the index with all that it holds."""
    for name in asdict(Names.of(door.place)).values():
        if door.call("has_collection", collection_name=name):
            door.call("drop_collection", collection_name=name)


def _create(door: Door, name: str, fields: list[Mapping[str, object]], searched: Made | None) -> None:
    schema = door.call_plain("create_schema", auto_id=False, enable_dynamic_field=False)
    for field in fields:
        schema.add_field(**field)
    for scored, text in BM25_INPUTS.items() if searched is not None else ():
        function = Function(
            name=scored, function_type=FunctionType.BM25, input_field_names=[text], output_field_names=[scored]
        )
        schema.add_function(function)
    door.call(
        "create_collection",
        collection_name=name,
        schema=schema,
        consistency_level=CONSISTENCY,
        num_shards=SHARDS if searched is not None else 1,
        seconds=_SECONDS_TO_MAKE,
    )


def _index(door: Door, name: str, searched: Made | None) -> None:
    """Make the indexes that are missing, all of them or those that a killed process had not come to, and load."""
    kinds: dict[str, dict[str, object]] = {"nowhere": {"index_type": "FLAT", "metric_type": "IP"}}
    if searched is not None:
        graph = GRAPH if searched.dense == "HNSW" else {}
        kinds = {
            VECTOR_FIELD: {"index_type": searched.dense, "metric_type": "IP", "params": graph},
            **{
                scored: {"index_type": "SPARSE_INVERTED_INDEX", "metric_type": "BM25", "params": BM25}
                for scored in BM25_INPUTS
            },
            "published": {"index_type": "INVERTED"},
        }
    there = door.call("list_indexes", collection_name=name)
    missing = door.call_plain("prepare_index_params")
    for field, kind in kinds.items():
        if field not in there:
            missing.add_index(field, index_name=field, **kind)
    if len(missing):
        # Not waited for, half a second each: nothing is in the collection yet, and loading waits for what it needs.
        door.call("create_index", collection_name=name, index_params=missing, sync=False, seconds=_SECONDS_TO_MAKE)
    door.call("load_collection", collection_name=name, seconds=_SECONDS_TO_MAKE)


def _passage_fields(dimension: int) -> list[Mapping[str, object]]:
    return [
        {"field_name": "id", "datatype": DataType.VARCHAR, "max_length": KEY, "is_primary": True},
        _text("passage", KEY),
        _text("document", KEY),
        _text("version", KEY),
        {"field_name": "start", "datatype": DataType.INT64},
        {"field_name": "end", "datatype": DataType.INT64},
        _text("context", LONGEST),
        # The words come analysed, one space between them: the analyser here has only to cut at the spaces.
        *(
            {**_text(text, LONGEST), "enable_analyzer": True, "analyzer_params": {"tokenizer": "standard"}}
            for text in BM25_INPUTS.values()
        ),
        *({"field_name": scored, "datatype": DataType.SPARSE_FLOAT_VECTOR} for scored in BM25_INPUTS),
        {"field_name": VECTOR_FIELD, "datatype": DataType.FLOAT_VECTOR, "dim": dimension},
        {"field_name": "published", "datatype": DataType.INT64},
        _text("source", LONGEST),
    ]


def _document_fields() -> list[Mapping[str, object]]:
    return [
        {"field_name": "id", "datatype": DataType.VARCHAR, "max_length": KEY, "is_primary": True},
        _text("version", KEY),
        _text("source", LONGEST),
        {"field_name": "published", "datatype": DataType.INT64},
        _text("sha256", KEY),
        _text("listed", LONGEST),
        _text("copies", LONGEST),
        {"field_name": "passages", "datatype": DataType.INT64},
        {"field_name": "pieces", "datatype": DataType.INT64},
        _nowhere(),
    ]


def _text_fields() -> list[Mapping[str, object]]:
    return [
        {"field_name": "id", "datatype": DataType.VARCHAR, "max_length": KEY, "is_primary": True},
        _text("document", KEY),
        _text("version", KEY),
        _text("piece", LONGEST),
        _nowhere(),
    ]


def _meta_fields() -> list[Mapping[str, object]]:
    return [
        {"field_name": "id", "datatype": DataType.VARCHAR, "max_length": KEY, "is_primary": True},
        _text("value", LONGEST),
        _nowhere(),
    ]


def _text(name: str, longest: int) -> Mapping[str, object]:
    return {"field_name": name, "datatype": DataType.VARCHAR, "max_length": longest}


def _nowhere() -> Mapping[str, object]:
    return {"field_name": "nowhere", "datatype": DataType.FLOAT_VECTOR, "dim": len(NOWHERE)}
