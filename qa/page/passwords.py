"""How a password is kept: as a salted scrypt hash with its parameters beside it, `scrypt$n$r$p$salt$hash`.

scrypt because the standard library has it and it costs memory as well as time, which graphics cards lack. The
parameters are one of the equal choices that OWASP recommends: 32 MB and some 300 ms of one core for each guess.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import unicodedata
from dataclasses import dataclass, field, replace

from corpus.errors import UsageError

SHORTEST, LONGEST = 8, 1024
"""Characters of a password."""
_SCHEME = "scrypt"
_N, _R, _P = 2**15, 8, 3
_SALT, _DIGEST = 16, 32
_MOST_MEMORY = 256 * 1024 * 1024
_MOST_WORK = 2**24
"""Of n * r * p: beyond it one guess would take a core for many seconds."""
_LEAST_WORK = 2**17
"""Below it a hash is too cheap to guess at."""


@dataclass(frozen=True, slots=True)
class HashedPassword:
    """One password, hashed; never shown in a repr."""

    n: int
    r: int
    p: int
    salt: bytes = field(repr=False)
    digest: bytes = field(repr=False)

    def agrees(self, password: str) -> bool:
        """Whether this is the password; takes the same work whatever is given."""
        given = _digest(password[: LONGEST + 1], self.n, self.r, self.p, self.salt, len(self.digest))
        return hmac.compare_digest(given, self.digest)

    @property
    def work(self) -> int:
        """How much a guess costs, to compare."""
        return self.n * self.r * self.p

    def __str__(self) -> str:
        return "$".join((_SCHEME, str(self.n), str(self.r), str(self.p), _coded(self.salt), _coded(self.digest)))


def hash_password(password: str) -> HashedPassword:
    """Hash a new password with a salt of its own; raises UsageError for one that will not do."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise UsageError(f"the password has {len(password)} characters; give {SHORTEST} to {LONGEST:,}")
    salt = os.urandom(_SALT)
    return HashedPassword(_N, _R, _P, salt, _digest(password, _N, _R, _P, salt, _DIGEST))


def unguessable(like: HashedPassword) -> HashedPassword:
    """The hash of a password that nobody has, as costly to compare as another's."""
    return replace(like, salt=os.urandom(_SALT), digest=os.urandom(len(like.digest)))


def read_hash(text: str) -> HashedPassword | None:
    """Read what `str` writes; None for anything else, and for parameters that are too cheap or too costly."""
    scheme, *parts = text.split("$")
    if scheme != _SCHEME or len(parts) != 5 or not all(part.isdecimal() and len(part) < 10 for part in parts[:3]):
        return None
    n, r, p = (int(part) for part in parts[:3])
    try:
        salt, digest = (base64.b64decode(part, validate=True) for part in parts[3:])
    except (binascii.Error, ValueError):
        return None
    sound = n > 1 and not n & (n - 1) and r > 0 and p > 0 and len(salt) >= _SALT and len(digest) >= _DIGEST
    fitting = _LEAST_WORK <= n * r * p <= _MOST_WORK and 128 * n * r <= _MOST_MEMORY
    return HashedPassword(n, r, p, salt, digest) if sound and fitting else None


def _digest(password: str, n: int, r: int, p: int, salt: bytes, size: int) -> bytes:
    """Normalised first, so that an accent typed on another keyboard is the same accent."""
    raw = unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
    # OpenSSL counts some more than the 128 * n * r bytes of the definition.
    return hashlib.scrypt(raw, salt=salt, n=n, r=r, p=p, dklen=size, maxmem=128 * r * (n + p + 2) + 4096)


def _coded(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
