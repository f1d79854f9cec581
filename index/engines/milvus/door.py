"""The only importer of pymilvus: one connection, its failures in one line, calls repeated where that is safe.

Every call that is made through here may be repeated: rows are written by key (upsert) and deleted by key or by what
they hold, so doing it twice is doing it once; the rest only reads. A call is repeated where the server could not be
reached or was too busy, never where it refused.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from corpus.errors import CitespanError, IndexUnavailableError, StorageError, UsageError
from index.engines.milvus.place import MilvusPlace

try:
    import grpc
    from pymilvus import DataType, Function, FunctionType, MilvusClient, MilvusException
except ImportError as error:
    raise UsageError(f"--engine milvus needs what `pip install 'citespan[milvus]'` installs ({error})") from error

__all__ = ["DataType", "Door", "Function", "FunctionType", "Row", "one_of"]

Row = dict[str, Any]

PATIENCE = 20.0
"""Seconds for one call; within them pymilvus itself repeats one that did not reach the server."""
PAUSES = (0.2, 0.6, 1.8)
"""Seconds waited before a call is made again: so many times, a little longer each time."""
AT_ONCE = 1000
"""Rows a call carries or asks for by key: a few megabytes, far below the 64 MB that Milvus takes."""
LONG_AT_ONCE = 200
"""The same of rows that may be as long as a string of Milvus."""

_UNREACHED = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.ABORTED}
_REFUSED = {grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED}
_CONNECT_FAILED = 2
_NOT_LOADED = 101
_BUSY = {8, 9}
"""Milvus's own codes: a rate limit, and writing denied for the time being (memory or disk is short)."""
_NO_ACCESS = {1400, 1401}


class Door:
    """A connection to one Milvus. Safe to call from several threads."""

    def __init__(self, place: MilvusPlace) -> None:
        self.place = place
        # What fails is told once, in one line, by whoever catches our error; the client logs stack traces besides.
        for name in ("pymilvus", "milvus_lite"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        if place.local:
            _make_room(Path(place.uri))
        token = place.token()
        self._client: Any = self._patiently(
            lambda: MilvusClient(uri=place.uri, token=token, timeout=PATIENCE, dedicated=True)
        )
        self._closed = False

    def call(self, what: str, *, seconds: float = PATIENCE, **arguments: Any) -> Any:  # noqa: ANN401  as pymilvus has it
        """Call a method of `MilvusClient`; raises IndexUnavailableError or StorageError."""
        if self._closed:
            raise UsageError(f"the index {self.place.name} at {self.place.shown} is closed")
        name = str(arguments.get("collection_name", ""))
        return self._patiently(lambda: getattr(self._client, what)(timeout=seconds, **arguments), name)

    def call_plain(self, what: str, **arguments: Any) -> Any:  # noqa: ANN401
        """Call a method of `MilvusClient` that asks no server."""
        return getattr(self._client, what)(**arguments)

    def upsert(self, collection: str, rows: Sequence[Row], at_once: int = AT_ONCE) -> None:
        """Write rows by key, so many in a call."""
        for start in range(0, len(rows), at_once):
            self.call("upsert", collection_name=collection, data=list(rows[start : start + at_once]))

    def of_keys(
        self, collection: str, keys: Sequence[str], fields: Sequence[str], at_once: int = AT_ONCE
    ) -> dict[str, Row]:
        """The rows with these keys, as far as they exist, by key."""
        found: dict[str, Row] = {}
        for start in range(0, len(keys), at_once):
            some = list(keys[start : start + at_once])
            rows = self.call(
                "query", collection_name=collection, filter=one_of("id", some), output_fields=["id", *fields]
            )
            found.update((row["id"], row) for row in rows)
        return found

    def each(self, collection: str, fields: Sequence[str], where: str = "") -> Iterator[Row]:
        """All rows that meet `where`, a piece at a time."""
        iterator = self.call(
            "query_iterator", collection_name=collection, batch_size=AT_ONCE, filter=where, output_fields=list(fields)
        )
        try:
            while rows := self._patiently(iterator.next):
                yield from rows
        finally:
            iterator.close()

    def count(self, collection: str) -> int:
        """How many rows there are."""
        rows = self.call("query", collection_name=collection, filter="", output_fields=["count(*)"])
        return int(rows[0]["count(*)"])

    def close(self) -> None:
        """Hang up; calls afterwards raise UsageError."""
        if not self._closed:
            self._closed = True
            self._client.close()

    def _patiently(self, action: Callable[[], Any], collection: str = "") -> Any:  # noqa: ANN401
        for pause in PAUSES:
            try:
                return action()
            except (MilvusException, grpc.RpcError) as error:
                if collection and _code_of(error) == _NOT_LOADED:
                    self._load(collection)
                    continue
                if not _may_pass(error):
                    raise self._told(error) from error
            time.sleep(pause)
        try:
            return action()
        except (MilvusException, grpc.RpcError) as error:
            raise self._told(error) from error

    def _load(self, collection: str) -> None:
        """Have a collection loaded again: Milvus Lite forgets that it was when it is begun anew."""
        try:
            self._client.load_collection(collection_name=collection, timeout=PATIENCE)
        except (MilvusException, grpc.RpcError) as error:
            raise self._told(error) from error

    def _told(self, error: Exception) -> CitespanError:
        code, reason = _code_of(error), _reason(error)
        where = self.place.shown
        if code in _REFUSED | _NO_ACCESS:
            return IndexUnavailableError(
                f"Milvus at {where} refused the token ({reason}); give one that may use it with --token-file FILE"
            )
        if code in _BUSY:
            return StorageError(
                f"Milvus at {where} takes no more just now ({reason}); run the same command again later"
            )
        if _may_pass(error):
            tries = len(PAUSES) + 1
            return IndexUnavailableError(
                f"Milvus at {where} cannot be reached, tried {tries} times ({reason}); see that it runs, and try again"
            )
        return IndexUnavailableError(f"Milvus at {where} failed: {reason}")


def one_of(field: str, values: Sequence[str]) -> str:
    """The expression that a field is one of `values`."""
    listed = ", ".join('"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' for value in values)
    return f"{field} in [{listed}]"


def _may_pass(error: Exception) -> bool:
    """Whether the same call may succeed a moment later."""
    if isinstance(error, MilvusException) and error.retriable:
        return True
    code = _code_of(error)
    return code in _UNREACHED or code == _CONNECT_FAILED or code in _BUSY


def _code_of(error: Any) -> object:  # noqa: ANN401  the libraries have no types
    cause = _rpc_error(error)
    return error.code if cause is None else cause.code()


def _reason(error: Any) -> str:  # noqa: ANN401
    cause = _rpc_error(error)
    text = error.message if cause is None else cause.details()
    line = " ".join(str(text or type(error).__name__).split())
    return line.split(", debug=")[0][:300]


def _rpc_error(error: BaseException | None) -> Any:  # noqa: ANN401
    """What gRPC said, where that is the cause: the client hides a refused token behind "cannot connect"."""
    seen: set[int] = set()
    # The client raises errors again and again, and then one may be its own cause's cause.
    while error is not None and id(error) not in seen:
        if isinstance(error, grpc.RpcError) and hasattr(error, "details"):
            return error
        seen.add(id(error))
        error = error.__cause__
    return None


def _make_room(path: Path) -> None:
    """Make the folder that Milvus Lite's own folder stands in."""
    try:
        path.absolute().parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"{path.parent} cannot be made ({error.strerror}); name another place with --uri") from error
