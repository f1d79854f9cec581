"""What happens on the page, without Gradio: every event is values in and drawings out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

from corpus.errors import CitespanError, UsageError
from index.types import BuildProgress, BuildReport
from qa.collection import Terms
from qa.page.acts import act
from qa.page.drawing import Drawn, drawn, head, outbox
from qa.page.markup import Markup, element, joined, styled
from qa.page.shelf import Shelf, Shelves
from qa.page.terms import read_terms
from qa.page.turns import Browsing, Conversation
from qa.phrasing import plural
from qa.pipeline import LONGEST_QUESTION
from qa.uploading import Incoming

Asked = tuple[str, *Drawn]
"""What is left in the question box, and the drawings."""
_SHOWN = 200
"""Characters of a question that is too long to be asked."""


class Events:
    """The page's events over its collections."""

    def __init__(self, shelves: Shelves) -> None:
        self._shelves = shelves
        self._parcels = count(1)

    def ask(self, question: str, conversation: Conversation, name: object, *controls: object) -> Iterator[Asked]:
        """Put a question and draw the stages of its answer."""
        shelf = self._shelves.find(name)
        if len(question) > LONGEST_QUESTION:
            yield "", *drawn(_too_long(question, conversation), self._shelves)
            return
        try:
            asked = conversation.asked(question, _fitting(read_terms(*controls), shelf), shelf.name)
        except UsageError as error:
            yield "", *drawn(conversation.asked(question).refused(str(error)), self._shelves)
            return
        yield "", *drawn(asked, self._shelves)
        for stage in asked.answering(shelf.collection):
            yield "", *drawn(stage, self._shelves)

    def wait(self, question: str, conversation: Conversation, name: object, ahead: int) -> Asked:
        """Draw a question that waits for its turn."""
        asked = conversation.asked(question, collection=self._shelves.find(name).name)
        return "", *drawn(asked.waiting(ahead), self._shelves)

    def turn_away(self, question: str, conversation: Conversation) -> Asked:
        """Draw a question that cannot even wait; it stays in the box, to be put again."""
        refused = conversation.asked(question).refused("Too many questions are waiting. Ask again in a moment.")
        return question, *drawn(refused, self._shelves)

    def act(self, data: Mapping[str, object], conversation: Conversation, *controls: object) -> tuple[str, *Drawn]:
        """Do what a button says; first what is to be saved, if anything."""
        try:
            changed, parcel = act(conversation, data, self._shelves)
        except CitespanError as error:
            changed, parcel = conversation.asked("").refused(str(error)), None
        return outbox(parcel, next(self._parcels)), *drawn(changed, self._shelves, controls)

    def choose(self, name: object, conversation: Conversation, *controls: object) -> tuple[str, *Drawn]:
        """Turn to another collection."""
        shelf = self._shelves.find(name)
        if conversation.browsing is not None:
            conversation = conversation.browse(Browsing(shelf.name))
        return head(shelf, self._shelves), *drawn(conversation, self._shelves, controls)

    def upload(
        self, files: Sequence[str] | None, conversation: Conversation, name: object
    ) -> Iterator[tuple[str, str, *Drawn]]:
        """Take files in: how far it is, then what became of them, the head with its new counts, and the list."""
        shelf = self._shelves.find(name)
        listed = conversation.browse(Browsing(shelf.name))
        for told in self._taken(files or (), shelf):
            yield told, head(shelf, self._shelves), *drawn(listed, self._shelves)

    def remove(self, data: Mapping[str, object], conversation: Conversation) -> tuple[str, str, *Drawn]:
        """Remove an article that was uploaded."""
        shelf, article = self._shelves.find(data.get("collection")), data.get("document")
        try:
            gone = shelf.uploads is not None and isinstance(article, str) and shelf.uploads.remove(article)
            told = styled("p", "cs-done", "Removed." if gone else "Nothing was removed.")
        except (CitespanError, OSError) as error:
            told = _problem(error)
        listed = conversation.browse(Browsing(shelf.name))
        return told, head(shelf, self._shelves), *drawn(listed, self._shelves)

    def _taken(self, files: Sequence[str], shelf: Shelf) -> Iterator[str]:
        if shelf.uploads is None:
            yield styled("p", "cs-problem", f"{shelf.name} takes no articles here.")
            return
        incoming = [Incoming(Path(file).name, Path(file)) for file in files]
        try:
            for told in shelf.uploads.take(incoming):
                yield _progress(told) if isinstance(told, BuildProgress) else _report(told)
        except (CitespanError, OSError) as error:
            yield _problem(error)
        finally:
            for one in incoming:
                one.path.unlink(missing_ok=True)


def _too_long(question: str, conversation: Conversation) -> Conversation:
    """A question that is not put, and not kept whole: it would be drawn again with every further one."""
    told = f"The question has {len(question):,} characters, at most {LONGEST_QUESTION:,} are read. Ask a shorter one."
    return conversation.asked(f"{question[:_SHOWN]} …").refused(told)


def _fitting(terms: Terms, shelf: Shelf) -> Terms:
    """The terms without a target where the collection's confidence cannot be held to one."""
    return terms if shelf.collection.default_target_error is not None else replace(terms, target_error=None)


def _progress(progress: BuildProgress) -> Markup:
    share = 100 * progress.done / max(1, progress.total)
    words = f"{progress.done} of {plural(progress.total, 'file')}, {plural(progress.passages_embedded, 'passage')}"
    bar = {"role": "progressbar", "aria-valuenow": f"{share:.0f}", "aria-valuemin": "0", "aria-valuemax": "100"}
    filled = element("span", attributes={"style": f"inline-size:{share:.0f}%"})
    drawn_bar = element("div", filled, attributes={"class": "cs-bar cs-wide", "aria-label": "Reading", **bar})
    return joined(drawn_bar, element("p", words, attributes={"role": "status"}))


def _report(report: BuildReport) -> Markup:
    counts = [("added", report.added), ("updated", report.updated), ("unchanged", report.unchanged)]
    done = ", ".join(f"{len(some)} {word}" for word, some in counts if some) or "Nothing taken in"
    refused = [element("li", f"{Path(one.source).name}: {one.reason}") for one in report.refused]
    told = element("p", done, attributes={"class": "cs-done", "role": "status"})
    return (
        joined(told, element("ul", *refused, attributes={"class": "cs-problem", "role": "alert"})) if refused else told
    )


def _problem(error: Exception) -> Markup:
    return element("p", str(error), attributes={"class": "cs-problem", "role": "alert"})
