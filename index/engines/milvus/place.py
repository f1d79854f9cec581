"""Where an index in Milvus is, and how it is made there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from corpus.errors import UsageError

DEFAULT_NAME = "citespan"
DenseIndex = Literal["FLAT", "HNSW"]
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}\Z")
_SCHEMES = ("http://", "https://", "tcp://", "unix:")
_HIDDEN = re.compile(r"//[^/@]*@")


@dataclass(frozen=True, slots=True)
class MilvusPlace:
    """One index in one Milvus. Raises UsageError for an address or a name that cannot be one."""

    uri: str
    """An address (http://HOST:PORT), or a path ending in .db, where Milvus Lite then runs in this process."""
    name: str = DEFAULT_NAME
    """What the names of its collections begin with, so that one Milvus may hold several indexes."""
    token_file: Path | None = None
    """A file that holds USER:PASSWORD or an API key: an argument would be seen by every user of the machine."""
    dense_index: DenseIndex | None = None
    """How vectors are searched where the index is made: exactly (FLAT) or by a graph (HNSW, unless Milvus Lite)."""

    def __post_init__(self) -> None:
        if not (self.uri.startswith(_SCHEMES) or self.uri.endswith(".db")):
            raise UsageError(
                f"{self.shown} is no address of Milvus; give http://HOST:19530, or a path ending in .db for Milvus Lite"
            )
        if not _NAME.match(self.name):
            raise UsageError(f"{self.name!r} cannot name collections; give letters, digits and _, a letter first")

    @property
    def local(self) -> bool:
        """Whether Milvus Lite keeps it in a folder of this machine."""
        return not self.uri.startswith(_SCHEMES)

    @property
    def shown(self) -> str:
        """The address as messages show it: without a password that may stand in it."""
        return _HIDDEN.sub("//", self.uri)

    @property
    def index_type(self) -> DenseIndex:
        """The index over vectors that is made where there is none."""
        return self.dense_index or ("FLAT" if self.local else "HNSW")

    def token(self) -> str:
        """What the token file holds, "" without one; raises UsageError where it cannot be read or is empty."""
        if self.token_file is None:
            return ""
        try:
            token = self.token_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"the token file {self.token_file} cannot be read ({_reason(error)})") from error
        if not token or len(token.splitlines()) != 1:
            raise UsageError(f"the token file {self.token_file} must hold one line: USER:PASSWORD or an API key")
        return token


def _reason(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else "it is not UTF-8"
