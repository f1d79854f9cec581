"""What the writer notes of itself in the meta collection: that it is at work, on what, and how many batches are done.

Milvus has no transactions and no locks. A writer notes the documents of a batch before it touches them and strikes the
note out afterwards, so the next writer knows what a killed one may have left behind. One writer at a time is told by a
lease of a minute, renewed with each batch: it keeps two builds started by mistake apart, not two that mean harm.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from corpus.errors import IndexLockedError
from index.engines.milvus.door import Door, one_of
from index.engines.milvus.schema import NOWHERE, Names

LEASE = 60.0
"""Seconds after which a writer that gave no sign of life is taken for dead."""
_IDS_A_NOTE = 2_000
_NOTE = "pending-"


@dataclass(frozen=True, slots=True)
class State:
    """The row `state`: batches done, and who writes until when."""

    generation: int = 0
    writer: str = ""
    who: str = ""
    """The writer's machine and process."""
    until: float = 0.0


def read_generation(door: Door, names: Names) -> int:
    """How many batches were written."""
    return _read(door, names).generation


class Ledger:
    """The notes of one writer. Raises IndexLockedError where another one is at work."""

    def __init__(self, door: Door, names: Names) -> None:
        self._door = door
        self._names = names
        self._writer = secrets.token_hex(8)
        self._state = State()
        self._noted: list[str] = []

    def acquire(self) -> None:
        """Become the writer."""
        found = _read(self._door, self._names)
        if found.until > time.time() and not _is_dead(found.who):
            raise self._locked(found)
        self._write(replace(found, writer=self._writer, who=_who(), until=time.time() + LEASE))
        self._renewed()  # of two that came at the same instant, the one whose row stands goes on

    def begin(self, documents: Sequence[str]) -> None:
        """Note that these documents are about to be changed."""
        self._write(replace(self._renewed(), until=time.time() + LEASE))
        pieces = [documents[start : start + _IDS_A_NOTE] for start in range(0, len(documents), _IDS_A_NOTE)]
        notes = {f"{_NOTE}{number}": json.dumps(list(piece)) for number, piece in enumerate(pieces)}
        self._noted = list(notes)
        self._door.upsert(
            self._names.meta, [{"id": key, "value": value, "nowhere": NOWHERE} for key, value in notes.items()]
        )

    def confirm(self) -> None:
        """Make sure that this is still the writer, just before what it wrote becomes visible."""
        self._renewed()

    def done(self) -> None:
        """Count the batch, and strike the note out."""
        self._write(replace(self._state, generation=self._state.generation + 1, until=time.time() + LEASE))
        if self._noted:
            self._door.call("delete", collection_name=self._names.meta, filter=one_of("id", self._noted))
            self._noted = []

    def pending(self) -> list[str]:
        """The documents that a killed writer was changing."""
        rows = {row["id"]: row["value"] for row in self._door.each(self._names.meta, ["id", "value"])}
        self._noted = [key for key in rows if key.startswith(_NOTE)]
        return [document for key in self._noted for document in json.loads(rows[key])]

    def release(self) -> None:
        """Let the next writer in at once."""
        self._write(replace(self._state, until=0.0))

    def _renewed(self) -> State:
        found = _read(self._door, self._names)
        if found.writer != self._writer:
            raise self._locked(found)
        self._state = found
        return found

    def _write(self, state: State) -> None:
        self._state = state
        row = {"id": "state", "value": json.dumps(asdict(state)), "nowhere": NOWHERE}
        self._door.upsert(self._names.meta, [row])

    def _locked(self, found: State) -> IndexLockedError:
        place = self._door.place
        seconds = max(0, round(found.until - time.time()))
        return IndexLockedError(
            f"process {found.who} writes to {place.name} at {place.shown}: wait for it to end or, where it was killed, "
            f"for {seconds} s"
        )


def _read(door: Door, names: Names) -> State:
    rows = door.of_keys(names.meta, ["state"], ["value"])
    return State(**json.loads(rows["state"]["value"])) if rows else State()


def _who() -> str:
    return f"{os.getpid()} on {socket.gethostname()}"


def _is_dead(who: str) -> bool:
    """Whether a writer of this machine is no more, so that nobody waits for its lease to run out."""
    pid, _, host = who.partition(" on ")
    if host != socket.gethostname() or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
