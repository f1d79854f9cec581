"""A conversation as Markdown with footnotes; what articles hold stays text in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.phrasing import NOT_CALIBRATED, confidence_phrase, long_date, web_address
from qa.types import Answer, Citation

_MARKS = re.compile(r"([\\`*_\[\]<>#|~&$!])")


def conversation_markdown(answers: Sequence[Answer]) -> str:
    """Write questions, answers with numbers of footnotes, and the footnotes at the end."""
    lines, notes = ["# Questions and answers", ""], list[Citation]()
    for answer in answers:
        lines += [f"## {plain(answer.question)}", "", *_reply(answer, len(notes)), ""]
        notes += answer.citations
    for number, citation in enumerate(notes, start=1):
        lines.append(f"[^{number}]: {_note(citation)}")
    return "\n".join(lines).rstrip() + "\n"


def plain(text: str) -> str:
    """Text on one line that Markdown shows as it is."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def footnote_facts(citation: Citation) -> list[str]:
    """Where a quote stands, as a person and a program find it again."""
    known = [citation.title, citation.publisher, long_date(citation.published), citation.source]
    place = f"characters {citation.span.start}–{citation.span.end}, SHA-256 {citation.document_sha256}"
    return [*(fact for fact in known if fact), place]


def _reply(answer: Answer, before: int) -> Iterator[str]:
    if answer.text is None:
        yield f"The articles do not say. {plain(answer.reason or '')}".rstrip()
        return
    numbers = "".join(f"[^{before + number}]" for number in range(1, len(answer.citations) + 1))
    yield f"**{plain(answer.text)}**{numbers}"
    yield ""
    yield confidence_phrase(answer.confidence) if answer.calibrated else NOT_CALIBRATED
    yield ""
    yield f"> {plain(answer.citations[0].passage_text)}"


def _note(citation: Citation) -> str:
    facts = ", ".join(plain(fact) for fact in footnote_facts(citation))
    address = web_address(citation.url)
    # Angle brackets take any address that has none of its own, and no blank.
    link = f" <{address}>" if address and not re.search(r"[\s<>]", address) else ""
    return f"“{plain(citation.quote)}” {facts}{link}"
