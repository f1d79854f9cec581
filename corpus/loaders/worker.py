"""The process that parses: it may be killed at any time, has a bound on its memory, and reaches no network.

It reads requests from its standard input and answers on its standard output, one frame before each member of a file and
one after it. Whatever a parser does, what comes back is documents, a reason, or the end of the stream.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

from corpus.errors import SourceError
from corpus.loaders.columns import Columns
from corpus.loaders.files import read_bytes
from corpus.loaders.frames import Frame, document_to_frame, receive, send
from corpus.loaders.limits import LIMITS
from corpus.loaders.load import byte_limit, load_member
from corpus.loaders.members import Member, members

_FORBIDDEN = frozenset(
    {"socket.connect", "socket.getaddrinfo", "socket.sendto", "subprocess.Popen", "os.system", "os.exec"}
)
_OUT_OF_MEMORY = "needs more memory to be read than the limit of {:,} MB; split it into smaller files"


def main() -> None:
    """Answer requests until the other side closes the stream."""
    requests, answers = _streams()
    _limit_memory(LIMITS.memory)
    sys.addaudithook(_forbid)
    send(answers, {"ready": True})
    while (request := receive(requests)) is not None:
        try:
            for frame in _answer(request):
                send(answers, frame)
        except MemoryError:
            send(answers, {"failed": _out_of_memory()})
        send(answers, {"end": True})


def _answer(request: Frame) -> Iterator[Frame]:
    """Two frames for each member from the number `skip` on; one with the reason where the file is refused whole."""
    path, columns = Path(os.fsdecode(bytes.fromhex(request["path"]))), Columns(**request["columns"])
    try:
        data = read_bytes(path, byte_limit(path))
        for number, member in enumerate(members(request["source"], path.name, data, LIMITS)):
            if number >= request["skip"]:
                yield {"begin": number, "source": member.source}
                yield _parsed(member, columns)
    except SourceError as error:
        yield {"failed": str(error)}
    except RecursionError:
        yield {"failed": "is nested deeper than can be read; save the article itself as text"}


def _parsed(member: Member, columns: Columns) -> Frame:
    """What became of one member."""
    try:
        loaded = load_member(member, columns)
    except SourceError as error:
        reason = str(error)
    except MemoryError:
        reason = _out_of_memory()
    else:
        return {
            "documents": [document_to_frame(document) for document in loaded.documents],
            "refused": [asdict(refusal) for refusal in loaded.refused],
        }
    return {"documents": [], "refused": [{"source": member.source, "reason": reason}]}


def _out_of_memory() -> str:
    return _OUT_OF_MEMORY.format(LIMITS.memory // 2**20)


def _streams() -> tuple[BinaryIO, BinaryIO]:
    """Standard input, and a standard output that no library can print into."""
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return sys.stdin.buffer, answers


def _limit_memory(limit: int) -> None:
    """Let an allocation beyond the limit fail; systems without the call do without."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _forbid(event: str, _arguments: object) -> None:
    """Parsing needs no network and no other program: what asks for them is refused as a fault of the file."""
    if event in _FORBIDDEN:
        raise PermissionError(f"parsing may not use {event}")
