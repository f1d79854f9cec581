"""`python -m eval`: parses the call, runs one command, turns an error into a line and an exit code."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from corpus.errors import CitespanError, UsageError
from eval.arguments import PARTS, command_parser

DONE, FAILED, WRONG_CALL, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns 0 done, 1 the work failed (or a check found something), 2 the call is wrong."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    call = command_parser().parse_args(arguments)
    commands: dict[str, Callable[[argparse.Namespace], int]] = {
        "run": _run,
        "compare": _compare,
        "lint": _lint,
        "gate": _gate,
        "across": _across,
        "follow-ups": _follow_ups,
    }
    return _run_command(lambda: commands[call.command](call))


def _run_command(command: Callable[[], int]) -> int:
    """Run it, with every foreseen failure told in one line."""
    try:
        code = command()
    except UsageError as error:
        code = _complain(str(error), WRONG_CALL)
    except CitespanError as error:
        code = _complain(str(error), FAILED)
    except BrokenPipeError:
        # The reader went away: keep the interpreter's last flush from failing too.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = FAILED
    except OSError as error:
        place = f" ({error.filename})" if error.filename else ""
        code = _complain(f"the system refused: {error.strerror or error}{place}; free it and run again", FAILED)
    except MemoryError:
        code = _complain("out of memory; close other programs, or give a smaller --limit", FAILED)
    except KeyboardInterrupt:
        code = _complain("interrupted; the same call goes on from here", INTERRUPTED)
    return code


def _run(call: argparse.Namespace) -> int:
    # What a command needs is imported when it runs: --help loads no model, no numpy.
    from eval.harness import run
    from eval.report.data import headline_lines
    from eval.settings import RetrievalMethod, RunSettings
    from eval.types import Stage
    from qa.offline import stay_offline

    stay_offline()
    report = run(
        RunSettings(
            dataset=call.dataset,
            out=call.out,
            index=call.index,
            stage=None if call.stage == "all" else Stage(call.stage),
            retrieval_method=RetrievalMethod(call.retrieval_method),
            top_k=call.top_k,
            target_error=call.target_error,
            limit=call.limit,
            seed=call.seed,
            reader=call.reader,
            precision=call.precision,
            without=tuple(call.without),
            read_all=call.read_all,
        )
    )
    _say(*headline_lines(report.to_json()), f"report: {call.out / 'report.html'}")
    return DONE


def _compare(call: argparse.Namespace) -> int:
    from eval.compare import compare_runs  # numpy
    from eval.verdicts import comparison_text

    _say(comparison_text(compare_runs(call.a, call.b, call.seed)).rstrip())
    return DONE


def _lint(call: argparse.Namespace) -> int:
    from eval.lint import lint  # the loaders

    dataset, findings = lint(call.dataset, call.documents)
    _say(*map(str, findings), f"{len(dataset.questions)} questions, {len(findings)} findings")
    return FAILED if findings else DONE


def _gate(call: argparse.Namespace) -> int:
    from eval.gate import check_gate, record_gate  # the metrics

    if call.record:
        record_gate(call.report, call.recorded)
        _say(f"recorded in {call.recorded}")
        return DONE
    results = check_gate(call.report, call.recorded)
    failed = sum(not result.passed for result in results)
    _say(
        *map(str, results), f"{failed} of {len(results)} figures below their record" if failed else "the gate is passed"
    )
    return FAILED if failed else DONE


def _across(call: argparse.Namespace) -> int:
    from eval.across.cases import Part  # the loaders
    from eval.across.measure import Plan, measure, table
    from qa.offline import stay_offline

    stay_offline()
    parts = tuple(Part(name) for name in call.part or PARTS)
    plan = Plan(parts, call.out, call.index, call.target_error, call.against, call.seed, call.read_all)
    _say(*table(measure(plan)))
    return DONE


def _follow_ups(call: argparse.Namespace) -> int:
    from eval.across.resolving import altered, write  # the loaders
    from eval.datasets import load_dataset

    sets = {Path(name).name: load_dataset(name) for name in call.standalone}
    measured = {}
    for name, found in sets.items():
        chosen = [one for one in found.questions if not call.group or one.group in call.group]
        measured[name] = altered(chosen, call.limit, call.seed)
    _say(*write(call.out, measured))
    return DONE


def _say(*lines: str) -> None:
    for line in lines:
        print(line)


def _complain(message: str, code: int) -> int:
    """Print `message` as one line on standard error, whatever it holds."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in message).split())
    print(f"eval: {line}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
