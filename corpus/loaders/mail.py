"""E-mails and saved pages (MHTML): Python's own parser takes them apart, the words are those of the main part."""

from __future__ import annotations

from datetime import date
from email import errors, policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime

from corpus.errors import SourceError
from corpus.loaders.extract import Extract, headed
from corpus.loaders.html import parse_html

_MOST_PARTS = 1_000
_UNREADABLE = (errors.MessageError, ValueError, LookupError, AttributeError, TypeError, IndexError)
"""What the parser of headers is known to raise on broken ones."""


def parse_mail(data: bytes) -> Extract:
    """The text of an e-mail under its subject; who wrote it and when are in its head. Attachments are not read.

    Raises SourceError where it has no text.
    """
    message = _message(data)
    text, part = _body(message)
    subject = _header(message, "Subject")
    return Extract(
        headed(subject, text),
        title=subject,
        published=_sent(message),
        author=_sender(message),
        language=_header(message, "Content-Language") or _header(part, "Content-Language"),
    )


def parse_mhtml(data: bytes) -> Extract:
    """The page inside a saved page, with the address that it was saved from; raises SourceError."""
    message = _message(data)
    page = next((part for part in _parts(message) if part.get_content_type() == "text/html"), None)
    if page is None:
        raise SourceError("is a saved page (MHTML) without a page in it; save it again")
    found = parse_html(_content(page))
    address = _header(message, "Snapshot-Content-Location") or _header(page, "Content-Location")
    if found.url is not None or address is None or not address.startswith(("http://", "https://")):
        return found
    return Extract(
        found.text,
        title=found.title,
        published=found.published,
        publisher=found.publisher,
        url=address,
        author=found.author,
        updated=found.updated,
        language=found.language,
    )


def _message(data: bytes) -> EmailMessage:
    try:
        message = BytesParser(policy=policy.default).parsebytes(data)
    except _UNREADABLE as error:
        raise SourceError(f"is a damaged message ({type(error).__name__}); save it again") from None
    if not message.keys():
        raise SourceError("is no message (it has no head); save it again")
    return message


def _body(message: EmailMessage) -> tuple[str, EmailMessage]:
    """The words of the message and the part they stand in: its plain text, and where it has none its page."""
    for kind in ("plain", "html"):
        for part in _parts(message):
            if part.get_content_type() != f"text/{kind}" or part.get_content_disposition() == "attachment":
                continue
            words = _content(part)
            if words.strip():
                return (words if kind == "plain" else parse_html(words).text), part
    raise SourceError("is a message without any text; attachments are to be saved as files of their own")


def _parts(message: EmailMessage) -> list[EmailMessage]:
    """The parts that hold no parts themselves, in order, as many as a message may have."""
    found: list[EmailMessage] = []
    for part in message.walk():
        if len(found) >= _MOST_PARTS:
            raise SourceError(f"is a message of more than {_MOST_PARTS:,} parts; no letter has them")
        if isinstance(part, EmailMessage) and not part.is_multipart():
            found.append(part)
    return found


def _content(part: EmailMessage) -> str:
    """The text of a part, with U+FFFD for what is broken."""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    try:
        charset = part.get_content_charset() or "utf-8"
        text = payload.decode(charset, "replace")
    except (LookupError, *_UNREADABLE):
        text = payload.decode("utf-8", "replace")
    return text.replace("\r\n", "\n")


def _header(message: EmailMessage, name: str) -> str | None:
    try:
        words = " ".join(str(message.get(name, "")).split())
    except _UNREADABLE:
        return None
    return words.encode("utf-8", "replace").decode("utf-8") or None


def _sender(message: EmailMessage) -> str | None:
    """The name of who wrote it; the address where there is no name."""
    try:
        sender = message.get("From")
        address = sender.addresses[0] if sender is not None and sender.addresses else None
    except _UNREADABLE:
        return None
    if address is None:
        return None
    return str(address.display_name or address.addr_spec).encode("utf-8", "replace").decode("utf-8") or None


def _sent(message: EmailMessage) -> date | None:
    """The day it was sent, where the sender was."""
    words = _header(message, "Date")
    try:
        return parsedate_to_datetime(words).date() if words else None
    except (OverflowError, *_UNREADABLE):
        return None
