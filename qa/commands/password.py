"""`citespan password`: a line for --auth-file, with the password hashed."""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path

from corpus.errors import UsageError
from qa.atomic import written_whole
from qa.page.credentials import checked_name, named, read_lines
from qa.page.passwords import HashedPassword, hash_password


def run(call: argparse.Namespace) -> int:
    """Ask for the password, and print its line or put it into the file."""
    user = checked_name(call.user)
    if call.auth_file is not None and call.auth_file.exists():
        read_lines(call.auth_file)  # what is wrong with it is told before anybody types
    hashed = hash_password(_password(user))
    if call.auth_file is None:
        print(f"{user}:{hashed}")
        return 0
    _put(call.auth_file, user, hashed)
    print(f"{user} may enter with this password where {call.auth_file} is the --auth-file; start serving anew")
    return 0


def _password(user: str) -> str:
    """Ask twice at a terminal; of a pipe take the first line."""
    if not sys.stdin.isatty():
        line = sys.stdin.readline()
        if not line:
            raise UsageError("no password on standard input; type it at a terminal, or pipe in one line")
        return line.rstrip("\r\n")
    try:
        first, second = getpass.getpass(f"Password of {user}: "), getpass.getpass("The same again: ")
    except EOFError as error:
        raise UsageError("no password was typed") from error
    if first != second:
        raise UsageError("the two passwords differ; nothing was changed")
    return first


def _put(path: Path, user: str, hashed: HashedPassword) -> None:
    """Write the file anew with this user's line, for its owner only; comments and other lines stay as they are."""
    before = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    kept = [line for line in before if line.lstrip().startswith("#") or named(line.partition(":")[0]) != user]
    with written_whole(path, private=True) as out:
        out.writelines(f"{line}\n" for line in [*kept, f"{user}:{hashed}"])
