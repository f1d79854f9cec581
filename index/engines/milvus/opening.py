"""Opening an index in Milvus: to ask it, or to write to it, then made where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from corpus.errors import CitespanError, EncoderMismatchError, IndexUnavailableError
from index.encoder import encoder_name
from index.engines.milvus.door import Door
from index.engines.milvus.engine import MilvusEngine
from index.engines.milvus.ledger import Ledger
from index.engines.milvus.place import MilvusPlace
from index.engines.milvus.schema import Made, Names, make, read_made


def open_milvus(place: MilvusPlace) -> MilvusEngine:
    """Open the index for asking; raises IndexUnavailableError where there is none or Milvus cannot be reached."""
    door = Door(place)
    with _closed_on_failure(door):
        return MilvusEngine(door, _there(read_made(door), place))


def write_milvus(place: MilvusPlace, *, encoder: str, dimension: int, chunker: str) -> MilvusEngine:
    """Open the index for writing, made where there is none, with what a killed writer left cleared away.

    Raises EncoderMismatchError where another encoder made it, IndexLockedError while another process writes.
    """
    door = Door(place)
    with _closed_on_failure(door):
        made = read_made(door) or make(door, Made(encoder, dimension, chunker, place.index_type))
        _check_encoder(made, encoder, dimension, place)
        ledger = Ledger(door, Names.of(place))
        ledger.acquire()
        try:
            return MilvusEngine(door, made, ledger)
        except BaseException:
            with suppress(CitespanError):
                ledger.release()
            raise


@contextmanager
def _closed_on_failure(door: Door) -> Iterator[None]:
    try:
        yield
    except BaseException:
        door.close()
        raise


def _there(made: Made | None, place: MilvusPlace) -> Made:
    if made is None:
        raise IndexUnavailableError(
            f"no index {place.name} at {place.shown}: fill it with `citespan build FOLDER --index DIR --engine milvus "
            f"--uri {place.shown}`"
        )
    return made


def _check_encoder(made: Made, encoder: str, dimension: int, place: MilvusPlace) -> None:
    if (made.encoder, made.dimension) != (encoder, dimension):
        raise EncoderMismatchError(
            f"the index {place.name} at {place.shown} was made by encoder {made.encoder}, not {encoder}: use "
            f"{encoder_name(made.encoder)!r}, or build under another name with --collection"
        )
