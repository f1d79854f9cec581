"""`citespan feedback`: what people said of answers on the page, as an evaluation set."""

from __future__ import annotations

import argparse
import json
import sys

from qa.atomic import written_whole
from qa.feedback.export import feedback_set
from qa.feedback.store import FeedbackStore
from qa.phrasing import plural


def run(call: argparse.Namespace) -> int:
    """Write the set, and say what is in it."""
    found = feedback_set(FeedbackStore.beside(call.index).judgements())
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in found.rows]
    if call.out is None:
        sys.stdout.writelines(lines)
        return 0
    with written_whole(call.out) as out:
        out.writelines(lines)
    left = f"; {plural(found.left_out, 'question')} left out, wrong without the right words" if found.left_out else ""
    print(f"{plural(len(found.rows), 'question')} written to {call.out}{left}")
    return 0
