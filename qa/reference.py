"""Writes docs/cli.md from the parser, so that the reference cannot drift: `python -m qa.reference > docs/cli.md`."""

from __future__ import annotations

import argparse
import sys

from qa.arguments import command_parser

_HEAD = """\
# The command line

Generated from the parser by `python -m qa.reference > docs/cli.md`; a test checks that the two agree.

Exit codes: 0 done (an abstention is an answer), 1 the work failed, 2 the call is wrong, 130 interrupted with Ctrl-C.
Errors are one line on standard error. `CITESPAN_DEBUG=1` shows where a defect in Citespan itself happened.
"""


def reference() -> str:
    """Write the reference of every command as Markdown."""
    parser = command_parser()
    return "\n".join([_HEAD, _commands(parser), *(_section(command) for command in _subparsers(parser).values())])


def _commands(parser: argparse.ArgumentParser) -> str:
    rows = [f"| `{command.prog}` | {command.description} |" for command in _subparsers(parser).values()]
    return "\n".join(["| command | what it does |", "| --- | --- |", *rows, ""])


def _section(command: argparse.ArgumentParser) -> str:
    usage = " ".join(command.format_usage().removeprefix("usage: ").split())
    rows = [f"| {_name(action)} | {_help(action)} |" for action in command._actions if action.dest != "help"]
    table = ["| argument | meaning |", "| --- | --- |", *rows]
    return "\n".join([f"## {command.prog}", "", str(command.description), "", f"    {usage}", "", *table, ""])


def _name(action: argparse.Action) -> str:
    metavar = "" if action.nargs == 0 else str(action.metavar or action.dest.upper())
    return f"`{' '.join([*action.option_strings[:1], metavar]).strip()}`"


def _help(action: argparse.Action) -> str:
    text = (action.help or "").replace("%(default)s", str(action.default)).replace("|", "\\|")
    return f"{text} (required)" if action.required and action.option_strings else text


def _subparsers(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """Give the parsers of the commands by name."""
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    return dict(groups[0].choices)


if __name__ == "__main__":
    sys.stdout.write(reference())
