"""The command line: parses the call, runs one command, turns an error into a line and an exit code.

Only argparse is imported here; what a command needs is imported when it runs.
"""

from __future__ import annotations

import argparse
import importlib
import io
import os
import sys
from collections.abc import Callable, Sequence
from types import TracebackType

from corpus.errors import CitespanError, UsageError
from qa.arguments import command_parser
from qa.offline import stay_offline

Command = Callable[[argparse.Namespace], int]
"""What `run` of a module in qa/commands is: takes the parsed call, returns the exit code."""

DONE, FAILED, WRONG_CALL, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns 0 done, 1 the work failed, 2 the call is wrong, 130 interrupted."""
    _print_anything(sys.stdout)
    _print_anything(sys.stderr)
    sys.excepthook = _report_defect
    call = command_parser().parse_args(arguments)
    stay_offline()
    return _run(call)


def _run(call: argparse.Namespace) -> int:
    """Run the command named in `call`, with every foreseen failure told in one line."""
    command: Command = importlib.import_module(f"qa.commands.{call.command}").run
    try:
        code = command(call)
        sys.stdout.flush()
    except (CitespanError, OSError, MemoryError, KeyboardInterrupt) as error:
        return _explain(error)
    return code


def _explain(error: BaseException) -> int:
    """Tell what went wrong; returns the exit code it stands for."""
    match error:
        case UsageError():
            return _complain(str(error), WRONG_CALL)
        case CitespanError():
            return _complain(str(error), FAILED)
        case BrokenPipeError():
            # The reader went away (`citespan ask ... | head`): keep the interpreter's last flush from failing too.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return FAILED
        case OSError():
            place = f": {error.filename}" if error.filename else ""
            return _complain(f"the system refused: {error.strerror or error}{place}", FAILED)
        case KeyboardInterrupt():
            return _complain("interrupted; what was already stored stays", INTERRUPTED)
        case _:
            return _complain("out of memory; close other programs, or build in smaller parts", FAILED)


def _complain(message: str, code: int) -> int:
    """Print `message` as one line on standard error, whatever it holds."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in message).split())
    sys.stderr.write(f"citespan: {line}\n")
    return code


def _report_defect(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Name a defect of Citespan itself in one line; CITESPAN_DEBUG=1 shows where it happened."""
    if os.environ.get("CITESPAN_DEBUG"):
        sys.__excepthook__(kind, error, trace)
        return
    _complain(f"a defect in Citespan: {kind.__name__}: {error}; run again with CITESPAN_DEBUG=1 and report it", FAILED)


def _print_anything(stream: object) -> None:
    """Let file names and texts that the terminal's encoding lacks come out escaped instead of failing."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
