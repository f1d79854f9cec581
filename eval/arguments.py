"""The calls of `python -m eval`, with argparse and nothing else, so that --help is at once."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Never

from qa.precision import PRECISIONS

_ABOUT = "Measure how well questions are answered: every stage, every error, every figure with its uncertainty."
_FORMATS = (
    "FORMAT:PATH; citespan (JSONL or CSV with question, answers, document), squad (SQuAD 1.1 or 2.0 JSON), "
    "beir (a folder of corpus, queries, qrels, optional questions), rows (JSONL with context)"
)
STAGES = ("retrieval", "reader", "end-to-end", "all")
_READ_ALL = "read every passage found, not only until no other is likely to change the answer"
PARTS = ("agreement", "time", "filters", "follow-ups", "lists", "long", "combining")
METHODS = ("dense", "lexical", "rrf", "min-max")


class OneLineParser(argparse.ArgumentParser):
    """A parser whose complaint is one line."""

    def error(self, message: str) -> Never:
        """Say what is wrong with the call and leave with exit code 2."""
        self.exit(2, f"eval: {' '.join(message.split())}; `{self.prog} --help` shows how to call it\n")


def command_parser() -> argparse.ArgumentParser:
    """Make the parser; what it returns from a parse names the command in `command`."""
    parser = OneLineParser(prog="python -m eval", description=_ABOUT, allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _run_options(
        _add(commands, "run", "Measure a set and write a report; run again after an interruption, it goes on.")
    )
    _compare_options(_add(commands, "compare", "Paired tests of two runs of one set: which is better, or cannot tell."))
    _lint_options(_add(commands, "lint", "Check a set against its articles; exit 1 when something does not hold."))
    _across_options(
        _add(commands, "across", "What agreement, time, filters, follow-ups, lists, sentences and places are worth.")
    )
    _follow_ups_options(
        _add(
            commands, "follow-ups", "Whether follow-ups are resolved, and questions that stand alone left as they are."
        )
    )
    _gate_options(_add(commands, "gate", "Exit 1 when a figure fell below its record by more than its interval."))
    return parser


def _add(commands: argparse._SubParsersAction[OneLineParser], name: str, help_line: str) -> argparse.ArgumentParser:
    return commands.add_parser(name, help=help_line, description=help_line, allow_abbrev=False)


def _run_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--dataset", metavar="FORMAT:PATH", required=True, help=_FORMATS)
    command.add_argument("--out", metavar="DIR", type=Path, required=True, help="folder of the run and its report")
    command.add_argument(
        "--index",
        metavar="DIR",
        type=Path,
        help="index of the articles; for a set with its own corpus, the place of its index (default: OUT/index)",
    )
    command.add_argument("--stage", choices=STAGES, default="all", help="what to measure (default: all)")
    command.add_argument(
        "--retrieval-method", choices=METHODS, default="min-max", help="way of finding (default: min-max)"
    )
    command.add_argument(
        "--reader",
        metavar="NAME_OR_PATH",
        help="another reader: a folder, or a downloaded Hugging Face model by name",
    )
    command.add_argument("--precision", choices=PRECISIONS, help="which of the reader's weights to load")
    command.add_argument("--top-k", metavar="N", type=_positive, help="how many passages are read")
    command.add_argument(
        "--target-error", metavar="P", type=_probability, help="share of wrong answers accepted, 0 to 1"
    )
    command.add_argument("--limit", metavar="N", type=_positive, help="only N questions, drawn with the seed")
    command.add_argument(
        "--without", choices=PARTS, action="append", default=[], help="an ability to leave out; may be given again"
    )
    command.add_argument("--read-all", action="store_true", help=_READ_ALL)
    command.add_argument("--seed", metavar="N", type=_seed, default=0, help="of sample and intervals (default: 0)")


def _compare_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("a", metavar="DIR_A", type=Path, help="a finished run")
    command.add_argument("b", metavar="DIR_B", type=Path, help="another run of the same set")
    command.add_argument("--seed", metavar="N", type=_seed, default=0, help="of intervals and tests (default: 0)")


def _lint_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--dataset", metavar="FORMAT:PATH", required=True, help=_FORMATS)
    command.add_argument("--documents", metavar="FOLDER", type=Path, required=True, help="folder of the set's articles")


def _across_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--out", metavar="DIR", type=Path, required=True, help="folder of the measurement")
    command.add_argument("--index", metavar="DIR", type=Path, help="place of the index (default: OUT/index)")
    command.add_argument("--part", choices=PARTS, action="append", help="only this set; may be given again")
    command.add_argument("--against", metavar="DIR", type=Path, help="an earlier --out whose scores stand for before")
    command.add_argument("--read-all", action="store_true", help=_READ_ALL)
    command.add_argument(
        "--target-error", metavar="P", type=_probability, help="share of wrong answers accepted, 0 to 1"
    )
    command.add_argument("--seed", metavar="N", type=_seed, default=0, help="of intervals and tests (default: 0)")


def _follow_ups_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--out", metavar="DIR", type=Path, required=True, help="folder of the measurement")
    command.add_argument(
        "--standalone",
        metavar="FORMAT:PATH",
        action="append",
        default=[],
        help=f"questions that stand alone: {_FORMATS}",
    )
    command.add_argument("--group", metavar="NAME", action="append", help="only this set of a file that mixes several")
    command.add_argument("--limit", metavar="N", type=_positive, default=300, help="of each such file (default: 300)")
    command.add_argument("--seed", metavar="N", type=_seed, default=8, help="of what is drawn (default: 8)")


def _gate_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--report", metavar="FILE", type=Path, required=True, help="report.json of the run to judge")
    command.add_argument("--recorded", metavar="FILE", type=Path, required=True, help="the figures to hold")
    command.add_argument(
        "--record", action="store_true", help="write the run's figures to --recorded instead of judging"
    )


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    return int(text)


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 0")
    return int(text)


def _probability(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 < value <= 1.0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number between 0 and 1")
    return value
