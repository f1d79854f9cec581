"""Who may enter the page: names and passwords from a file, compared without telling how far they agree."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

from corpus.errors import UsageError


@dataclass(frozen=True, slots=True)
class Credentials:
    """Passwords by user; never shown in a repr."""

    passwords: dict[str, str] = field(repr=False)

    def admit(self, user: str, password: str) -> bool:
        """Whether this user has this password; takes the same work for an unknown user."""
        known = self.passwords.get(user)
        agrees = hmac.compare_digest((known or "").encode(), password.encode())
        return agrees and known is not None


def read_credentials(path: Path) -> Credentials:
    """Read one user:password a line; blank lines and lines starting with # are passed over. Raises UsageError."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read {path} ({error}); expected a text file of user:password lines") from error
    passwords: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        user, colon, password = line.strip().partition(":")
        if not (user and colon and password):
            raise UsageError(f"{path}:{number} is not user:password; write one user, a colon and a password a line")
        passwords[user] = password
    if not passwords:
        raise UsageError(f"{path} names nobody; write one user:password a line")
    return Credentials(passwords)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address to listen on."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
