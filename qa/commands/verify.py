"""`citespan verify`: checks that every citation of saved answers still stands where it says, word for word."""

from __future__ import annotations

import argparse
from contextlib import closing

from corpus.errors import UsageError
from index import open_index
from qa.phrasing import plural
from qa.verification import RowCheck, verify_lines


def run(call: argparse.Namespace) -> int:
    """Check the file; returns 1 when something does not hold, and prints what and where."""
    checks = _check(call)
    problems = 0
    for check in checks:
        for problem in check.problems:
            problems += 1
            name = f" (id {check.id})" if check.id is not None else ""
            print(f"{call.answers}:{check.line}{name} {problem}")
    citations = sum(check.citations for check in checks)
    checked = f"{plural(citations, 'citation')} of {plural(len(checks), 'answer')}"
    if problems:
        print(f"{plural(problems, 'problem')} in {checked}")
        return 1
    print(f"{checked}: every quote stands where it is cited")
    return 0


def _check(call: argparse.Namespace) -> list[RowCheck]:
    """Check every row against the index."""
    try:
        with call.answers.open(encoding="utf-8-sig", newline="\n") as lines, closing(open_index(call.index)) as engine:
            checks = list(verify_lines(lines, engine))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read {call.answers} ({error}); expected answers saved by citespan ask") from error
    if not checks:
        raise UsageError(f"{call.answers} holds no answer; expected what citespan ask --json or --out saved")
    return checks
