"""Who may enter the page: names and hashed passwords from a file, compared without telling how far they agree."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from threading import Lock

from corpus.errors import UsageError
from qa.page.attempts import Attempts
from qa.page.passwords import HashedPassword, read_hash, unguessable

_HOW = "make a line with `citespan password NAME`"
_LONGEST_NAME = 100


class Credentials:
    """Hashed passwords by user. Safe to use from several threads."""

    def __init__(self, passwords: Mapping[str, HashedPassword]) -> None:
        self._passwords = dict(passwords)
        # What an unknown user is compared with: as costly as the costliest known one.
        self._nobody = unguessable(max(self._passwords.values(), key=lambda one: one.work))
        self._key = secrets.token_bytes(32)
        self._admitted: dict[str, bytes] = {}
        self._one_at_a_time = Lock()
        self._attempts = Attempts()

    def admit(self, user: str, password: str, address: str = "") -> bool:
        """Whether this user has this password; an unknown user takes the same work as a wrong password.

        A program sends its password with every request: one that was right is recognised by a keyed hash in memory,
        whose key nothing outside this object knows. Others are hashed one at a time, so that many guesses take
        neither the memory nor all cores. Raises TooManyAttemptsError where too many came from this address.
        """
        name = named(user)
        mac = hmac.digest(self._key, f"{name}\0{password}".encode("utf-8", "surrogatepass"), hashlib.sha256)
        if self._recognised(name, mac):
            return True
        self._attempts.check(address)
        with self._one_at_a_time:
            if self._recognised(name, mac):
                return True
            self._attempts.check(address)
            known = self._passwords.get(name)
            agrees = (known or self._nobody).agrees(password)
            if not agrees or known is None:
                self._attempts.failed(address)
                return False
            self._admitted[name] = mac
            return True

    def _recognised(self, name: str, mac: bytes) -> bool:
        return hmac.compare_digest(self._admitted.get(name, b""), mac)

    @property
    def users(self) -> list[str]:
        """The names, in the order of the file."""
        return list(self._passwords)


def read_credentials(path: Path) -> Credentials:
    """Read one `user:scrypt$...` a line; blank lines and lines starting with # are passed over. Raises UsageError."""
    passwords = read_lines(path)
    if not passwords:
        raise UsageError(f"{path} names nobody; {_HOW} and put it there, one a line")
    return Credentials(passwords)


def read_lines(path: Path) -> dict[str, HashedPassword]:
    """Read the hashed passwords by user; raises UsageError."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read {path} ({error}); expected lines of `citespan password NAME`") from error
    passwords: dict[str, HashedPassword] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        user, colon, rest = line.strip().partition(":")
        # The rest is never shown: it may be a password.
        if not (user and colon and rest):
            raise UsageError(f"{path}:{number} is not user:scrypt$...; {_HOW}")
        hashed = read_hash(rest)
        if hashed is None:
            raise UsageError(f"{path}:{number} has no sound scrypt hash; plain passwords are not read: {_HOW}")
        if named(user) in passwords:
            raise UsageError(f"{path}:{number} names {user!r} again; keep one line for each user")
        passwords[named(user)] = hashed
    return passwords


def named(user: str) -> str:
    """A user's name in the one spelling it is kept in."""
    return unicodedata.normalize("NFC", user.strip())


def checked_name(user: str) -> str:
    """A name that a line can hold; raises UsageError."""
    name = named(user)
    if not name or len(name) > _LONGEST_NAME or ":" in name or name.startswith("#") or not name.isprintable():
        raise UsageError(
            f"{user[:40]!r} is no name of a user; give 1 to {_LONGEST_NAME} characters, no colon, no # at the start"
        )
    return name


def open_to_others(path: Path) -> bool:
    """Whether other users of this machine may read a file."""
    return bool(path.stat().st_mode & 0o077)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address to listen on."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
