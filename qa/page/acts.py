"""What a click means: from the numbers and words of a button to another conversation, or to something to save.

All of it comes from a browser: what names nothing changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from corpus.errors import CitespanError
from qa.feedback.export import feedback_set
from qa.feedback.selecting import selected_span
from qa.feedback.types import Correct, Judgement, Verdict
from qa.keeping.parcels import Parcel, parcel_of
from qa.page.shelf import Shelf, Shelves
from qa.page.turns import Browsing, Conversation, Turn, article_of

_NOT_THERE = "Mark the right words in the article on the right first, then press the button again."
Data = Mapping[str, object]


def act(conversation: Conversation, data: Data, shelves: Shelves) -> tuple[Conversation, Parcel | None]:
    """Do what a button says."""
    turn, collection = _whole(data.get("turn")), data.get("collection")
    changes = {
        "show": partial(conversation.open, turn, _whole(data.get("exhibit")), data.get("whole") == "true"),
        "judge": partial(_judged, conversation, turn, data, shelves),
        "pick": partial(_picked, conversation, data, shelves),
        "browse": partial(_browsed, conversation, collection, data, shelves),
        "close": partial(conversation.browse, None),
    }
    wanted = data.get("act")
    if wanted == "keep":
        return conversation, parcel_of(conversation.answers, data.get("way"))
    if wanted == "verdicts":
        return conversation, _verdicts(shelves.find(conversation.turns[-1].collection if conversation.turns else None))
    change = changes.get(wanted) if isinstance(wanted, str) else None
    return (change() if change else conversation), None


def _browsed(conversation: Conversation, collection: object, data: Data, shelves: Shelves) -> Conversation:
    document, offset = data.get("document"), _whole(data.get("offset")) or 0
    name = shelves.find(collection).name
    return conversation.browse(Browsing(name, max(0, offset), document if isinstance(document, str) else None))


def _judged(conversation: Conversation, number: int | None, data: Data, shelves: Shelves) -> Conversation:
    turn = conversation.turn(number)
    said = data.get("verdict")
    if turn is None or number is None or turn.answer is None or said not in list(Verdict):
        return conversation
    verdict = Verdict(str(said))
    kept = "Noted. Thank you."
    if verdict is Verdict.WRONG:
        kept = "Noted. If an article has the right words, mark them on the right and press the button below them."
    return _kept(conversation, number, _judgement(turn, verdict), shelves.find(turn.collection), kept)


def _picked(conversation: Conversation, data: Data, shelves: Shelves) -> Conversation:
    """The words marked in the open article become the right answer of the question it is open for."""
    opened, exhibit = conversation.opened, conversation.exhibit
    turn = conversation.turn(opened.turn) if opened else None
    if opened is None or exhibit is None or turn is None or turn.answer is None:
        return conversation
    shelf = shelves.find(turn.collection)
    document = article_of(exhibit, shelf.collection)
    span = selected_span(document, _whole(data.get("start")), data.get("words")) if document else None
    if document is None or span is None:
        return conversation.remarked(opened.turn, turn.verdict, _NOT_THERE)
    quote = span.of(document.text)
    correct = Correct(document.id, document.source, document.sha256, span, quote)
    judgement = replace(_judgement(turn, Verdict.WRONG), correct=correct)
    return _kept(conversation, opened.turn, judgement, shelf, f"Noted as the right answer: “{quote}”")


def _kept(conversation: Conversation, number: int, judgement: Judgement, shelf: Shelf, remark: str) -> Conversation:
    if shelf.feedback is None:
        return conversation.remarked(number, None, "Verdicts are not kept here.")
    try:
        shelf.feedback.add(judgement)
    except CitespanError as error:
        return conversation.remarked(number, None, f"That could not be kept: {error}")
    return conversation.remarked(number, judgement.verdict, remark)


def _judgement(turn: Turn, verdict: Verdict) -> Judgement:
    answer = turn.answer
    if answer is None:
        raise ValueError("only an answer is judged")
    source = answer.citations[0].source if answer.citations else None
    return Judgement(answer.resolved or turn.question, verdict, answer.text, source, answer.confidence)


def _verdicts(shelf: Shelf) -> Parcel | None:
    if shelf.feedback is None:
        return None
    rows = feedback_set(shelf.feedback.judgements()).rows
    return Parcel("verdicts.jsonl", "application/jsonl", "".join(f"{json.dumps(row)}\n" for row in rows))


def _whole(value: object) -> int | None:
    """A whole number of a `data-` attribute."""
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return int(text) if text.isdecimal() and len(text) < 12 else None
