"""QED's training questions, which a run may add to the project's own selection.

QED (Lamm et al. 2020, github.com/google-research-datasets/QED, texts of Wikipedia, CC BY-SA 3.0) explains questions put
to a search engine, taken from Natural Questions' training part. Its files came in two layouts: the last has
"original_nq_answers", the first, in parts named nq-train-*-qed.jsonlines, has "answer_spans". Both are read. The words
of a paragraph are parted by blanks, as its tokeniser left them, and are put together again here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from training.records import Example

DATASET = "qed_train"
_OPENING = re.compile(r"[(\[{$£€“‘#]|``")
_CLOSING = re.compile(r"[.,;:?!)\]}%”’]|''|'(?:s|S|ll|re|ve|d|m)?|n't|\.\.\.")
_QUOTES = {"``": '"', "''": '"'}


def read_qed(folder: Path) -> list[Example]:
    """The questions of the files *train*.jsonlines in `folder` that have an answer.

    Raises ValueError when there is no such file, none of them has any, or a line is not of either layout.
    """
    paths = sorted(folder.glob("*train*.jsonlines"))
    if not paths:
        raise ValueError(
            f"{folder} holds no *train*.jsonlines: QED's training part is wanted, never its development part"
        )
    found = {example.id: example for path in paths for example in _read_file(path)}
    if not found:
        raise ValueError(f"no question of {folder} has an answer in one piece")
    return list(found.values())


def _read_file(path: Path) -> Iterator[Example]:
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                example = to_example(json.loads(line))
            except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
                why = f"it lacks {error}" if isinstance(error, KeyError) else str(error)[:200]
                raise ValueError(f"{path.name}:{number}: not a line of QED: {why}") from error
            if example is not None:
                yield example


def to_example(raw: dict[str, Any]) -> Example | None:
    """One line; None where its annotators found no answer in one piece."""
    if "answer_spans" not in raw and raw["annotation"]["explanation_type"] == "none":
        return None
    paragraph, question = _words(raw["paragraph_text"]), _words(raw["question_text"]).strip()
    text, starts = join_words(paragraph)
    answers = dict.fromkeys(
        answer for span in _spans(raw) if (answer := _moved(paragraph, span, text, starts)) is not None
    )
    if not answers:
        return None
    return Example(str(raw["example_id"]), DATASET, question + "?" * (not question.endswith("?")), text, tuple(answers))


def _words(value: object) -> str:
    """Text that can be written down again; TypeError and ValueError for what is none."""
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    value.encode()
    return value


def _spans(raw: dict[str, Any]) -> Iterable[tuple[int, int]]:
    """Where the answers of one piece stand; an answer of several pieces is no span."""
    if "answer_spans" in raw:
        spans: Sequence[Sequence[int]] = raw["answer_spans"]
        return ((int(start), int(end)) for start, end in spans) if len(spans) == 1 else ()
    alone = (pieces[0] for pieces in raw["original_nq_answers"] if len(pieces) == 1)
    return ((int(piece["start"]), int(piece["end"])) for piece in alone)


def _moved(before: str, span: tuple[int, int], after: str, starts: dict[int, int]) -> tuple[str, int] | None:
    """A span of whole words of the text as it came, in the text as it is now; None where it is no such span."""
    if not 0 <= span[0] < span[1] <= len(before):
        return None
    given = before[span[0] : span[1]].rstrip(" ")
    word = given.rpartition(" ")[2]
    end = span[0] + len(given)
    if not word or span[0] not in starts or before[end : end + 1].strip(" "):
        return None
    first, last = starts[span[0]], starts[end - len(word)]
    return after[first : last + len(_QUOTES.get(word, word))], first


def join_words(text: str) -> tuple[str, dict[int, int]]:
    """`text` without the blanks that its tokeniser put, and where each word that began at a place begins now."""
    joined, starts, place = "", {}, 0
    glued = True
    for word in text.split(" "):
        if word:
            closing = _CLOSING.fullmatch(word) is not None
            joined += "" if glued or closing else " "
            starts[place] = len(joined)
            joined += _QUOTES.get(word, word)
            glued = _OPENING.fullmatch(word) is not None
        place += len(word) + 1
    return joined, starts
