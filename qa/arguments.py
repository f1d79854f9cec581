"""The shape of every call: commands, options, defaults and help, with argparse and nothing else.

`docs/cli.md` is generated from here by qa/reference.py; a test keeps the two together.
"""

from __future__ import annotations

import argparse
from typing import Never

from qa import argument_types as types
from qa.precision import PRECISIONS

_ABOUT = "Ask a folder of articles a question and get the exact words that answer it, with the place they stand in."
_COMMANDS: dict[str, str] = {
    "build": "Read articles and bring the index up to date with them.",
    "embed": "Read and embed one shard of the articles, beside other machines that do the others.",
    "load": "Bring shards into one index, in a folder or in Milvus; what is there already stays as it is.",
    "watch": "Keep the index up to date with folders of articles until interrupted.",
    "ask": "Answer one question in the terminal, or many from a file.",
    "show": "Print one article of the index as it is cited: its text and hash.",
    "verify": "Check that every citation of saved answers still holds.",
    "status": "Print what the index holds and whether its views are sound.",
    "repair": "Write the views of the index anew from its truth, which is checked before.",
    "serve": "Open the chat page on this machine.",
    "feedback": "Write what was said of answers on the page as an evaluation set.",
    "password": "Hash a password for the file that says who may enter the page.",
}
DEFAULT_HOST, DEFAULT_PORT = "127.0.0.1", 7860


class OneLineParser(argparse.ArgumentParser):
    """A parser whose complaint is one line, like every other error of the command line."""

    def error(self, message: str) -> Never:
        """Say what is wrong with the call and leave with exit code 2."""
        self.exit(2, f"citespan: {' '.join(message.split())}; `{self.prog} --help` shows how to call it\n")


def command_parser() -> argparse.ArgumentParser:
    """Make the parser of `citespan`; what it returns from a parse names the command in `command`."""
    parser = OneLineParser(prog="citespan", description=_ABOUT, allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    added = {name: _add(commands, name, help_line) for name, help_line in _COMMANDS.items()}
    _build_options(added["build"])
    _embed_options(added["embed"])
    _load_options(added["load"])
    _watch_options(added["watch"])
    _ask_options(added["ask"])
    _show_options(added["show"])
    added["verify"].add_argument("answers", metavar="FILE.jsonl", type=types.path, help="answers saved by ask")
    _status_options(added["status"])
    _serve_options(added["serve"])
    added["feedback"].add_argument(
        "--out", metavar="FILE.jsonl", type=types.path, help="where it goes (default: printed)"
    )
    _password_options(added["password"])
    return parser


def _add(commands: argparse._SubParsersAction[OneLineParser], name: str, help_line: str) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=help_line, description=help_line, allow_abbrev=False)
    if name in ("password", "embed", "load"):
        return command
    if name == "serve":
        help_line = "folder of an index; may be given again, each is a collection named like its folder"
        command.add_argument("--index", metavar="DIR", type=types.path, action="append", help=help_line)
    elif name == "ask":
        command.add_argument("--index", metavar="DIR", type=types.path, help="folder of the index")
    else:
        command.add_argument("--index", metavar="DIR", type=types.path, required=True, help="folder of the index")
    return command


def _build_options(command: argparse.ArgumentParser) -> None:
    _watch_options(command)
    _engine_options(command, "what the index is asked by: with milvus it is then brought in there, too")
    command.add_argument(
        "--prune",
        action="store_true",
        help="also remove articles from outside the folders named whose files are gone; what goes is told before",
    )


def _engine_options(command: argparse.ArgumentParser, help_line: str) -> None:
    command.add_argument(
        "--engine", choices=("embedded", "milvus"), default="embedded", help=f"{help_line} (default: %(default)s)"
    )
    _milvus_options(command)


def _milvus_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--uri", metavar="ADDRESS", help="of Milvus: http://HOST:19530, or a path ending in .db")
    command.add_argument(
        "--token-file",
        metavar="FILE",
        type=types.path,
        help="holds what Milvus lets in by: USER:PASSWORD or an API key",
    )
    command.add_argument("--collection", metavar="NAME", help="of the index in Milvus (default: citespan)")


def _embed_options(command: argparse.ArgumentParser) -> None:
    _watch_options(command)
    command.add_argument(
        "--shard", metavar="I/N", type=types.shard, required=True, help="which of how many: 3/8 is the third of eight"
    )
    command.add_argument(
        "--out", metavar="DIR", type=types.path, required=True, help="folder that the shard's own folder is written to"
    )


def _load_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("shards", metavar="DIR", nargs="+", type=types.path, help="shards, or folders of them")
    command.add_argument(
        "--index", metavar="DIR", type=types.path, help="folder of the index, made where there is none"
    )
    command.add_argument(
        "--engine", choices=("embedded", "milvus"), help="where to (default: embedded with --index, else milvus)"
    )
    _milvus_options(command)
    command.add_argument(
        "--prune",
        action="store_true",
        help="also remove articles from the index that are in no shard; needs all shards of the cut",
    )


def _watch_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("paths", metavar="PATH", nargs="+", type=types.path, help="article files, or folders of them")
    command.add_argument(
        "--encoder",
        metavar="NAME_OR_PATH",
        help="another sentence-transformers model, by name or folder (default: the all-MiniLM-L6-v2 that comes along)",
    )
    command.add_argument(
        "--columns",
        metavar="ROLE=NAME,...",
        type=types.columns,
        help="which columns of .csv and .jsonl files hold what, as text=Body,title=Headline (default: by usual names)",
    )
    command.add_argument("--verbose", action="store_true", help="list every article, however many there are")


def _reader_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--reader",
        metavar="NAME_OR_PATH",
        help="another reader: a folder, or a downloaded Hugging Face model by name (default: the one that comes along)",
    )
    command.add_argument(
        "--precision", choices=PRECISIONS, help="which of the reader's weights to load (default: the reader's own)"
    )


def _ask_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("question", metavar="QUESTION", nargs="?", help="the question, in quotes")
    _engine_options(command, "what is asked: an index in a folder, or one in Milvus")
    _json_option(command)
    command.add_argument(
        "--questions",
        metavar="FILE.jsonl",
        type=types.path,
        help='many questions: one {"id": ..., "question": ...} a line, "previous" if you like; needs --out',
    )
    command.add_argument(
        "--out", metavar="FILE", type=types.path, help="where their answers go, one JSON object a line"
    )
    command.add_argument("--top-k", metavar="N", type=types.positive, help="how many passages are read")
    command.add_argument(
        "--target-error",
        metavar="P",
        type=types.probability,
        help="share of wrong answers you accept, between 0 and 1: lower abstains more",
    )
    _filter_options(command)
    _reader_options(command)
    command.add_argument(
        "--previous",
        metavar="QUESTION",
        action="append",
        default=[],
        help="an earlier question that this one follows up; may be given again, oldest first",
    )


def _filter_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--since", metavar="DATE", type=types.first_day, help="only articles of that day, month or year on"
    )
    command.add_argument(
        "--until", metavar="DATE", type=types.last_day, help="only articles up to that day, month or year"
    )
    command.add_argument(
        "--source",
        metavar="GLOB",
        type=types.glob,
        help="only articles whose path, address or publisher matches, as *ledger*",
    )


def _show_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("document", metavar="DOCUMENT_ID", help="as citations name it in document_id")
    command.add_argument(
        "--removed",
        action="store_true",
        help="show what of it is page furniture, and why: it stays in the text, but no answer is taken from it",
    )
    _json_option(command)


def _status_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--check",
        action="store_true",
        help="read everything through: hashes, counts, references, view stamps; exit code 1 when something is damaged",
    )
    _json_option(command)


def _serve_options(command: argparse.ArgumentParser) -> None:
    _engine_options(command, "what is served: indexes in folders, or one in Milvus")
    command.add_argument("--host", default=DEFAULT_HOST, help="address to listen on (default: %(default)s)")
    command.add_argument(
        "--port", type=types.port, default=DEFAULT_PORT, help="port to listen on (default: %(default)s)"
    )
    command.add_argument(
        "--auth-file",
        metavar="FILE",
        type=types.path,
        help="who may enter, one line of `citespan password` each; required to listen on anything but this machine",
    )
    command.add_argument(
        "--uploads",
        metavar="DIR",
        type=types.path,
        help="let people add articles on the page; they are kept in this folder, in one of the collection's name",
    )
    _filter_options(command)
    _reader_options(command)


def _password_options(command: argparse.ArgumentParser) -> None:
    # The password itself is asked for, or read from standard input: arguments are seen by every user of a machine.
    command.add_argument("user", metavar="NAME", help="the name to enter with; the password is asked for")
    command.add_argument(
        "--auth-file",
        metavar="FILE",
        type=types.path,
        help="put the line into this file, in place of the user's old one (default: the line is printed)",
    )


def _json_option(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print one JSON object on one line")
