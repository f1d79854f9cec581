"""From what a parser found to a document: checked, and what the mark-up left open looked for in the lines."""

from __future__ import annotations

from unicodedata import category

from corpus.errors import SourceError
from corpus.loaders.extract import Extract
from corpus.loaders.limits import Limits
from corpus.metadata import author_in, published_in, publisher_in, title_from_name, title_in, updated_in
from corpus.types import Details, Document

_MAX_LABEL = 300
"""Characters of a title, a publisher, an author or an address."""
_MAX_TAG = 35
"""Characters of a tag of a language, as RFC 5646 has them."""
_UNFIT = frozenset({"Cc", "Cs", "Cn"})


def check_text(text: str, limits: Limits) -> None:
    """Raise SourceError where there is no text to index, more than any article has, or halves of characters."""
    if not text.strip():
        raise SourceError("holds no text besides its mark-up; nothing to index")
    if len(text) > limits.text_bytes:
        raise SourceError(f"has {len(text):,} characters, over the limit of {limits.text_bytes:,}; split it")
    lines = sum(text.count(end) for end in "\n\r\v\f\u2028\u2029\x85\x1c\x1d\x1e")
    if lines > limits.lines:
        raise SourceError(f"has {lines:,} lines, over the limit of {limits.lines:,}; split it into smaller files")
    if "\0" in text:
        raise SourceError("is binary (it holds NUL characters), not text; convert it to text first")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise SourceError(f"holds half of a character at position {error.start}; save it again as UTF-8") from None


def document_of(source: str, stem: str, extract: Extract) -> Document:
    """The document of `extract`, read from a file or a row that is called `stem`.

    When a file was made dates the article only where no line does: a page printed today may be years old.
    """
    text = extract.text
    return Document.create(
        source=source,
        text=text,
        title=_label(extract.title) or _label(title_in(text)) or _label(title_from_name(stem)) or "Untitled",
        published=extract.published or published_in(text) or extract.created,
        publisher=_label(extract.publisher) or _label(publisher_in(text)),
        url=_label(extract.url),
        details=Details(
            author=_label(extract.author) or _label(author_in(text)),
            updated=extract.updated or updated_in(text),
            language=_tag(extract.language),
            pages=extract.pages,
        ),
    )


def _label(words: str | None) -> str | None:
    """`words` fit for one line of output: without control characters and halves of characters, not endless."""
    if words is None:
        return None
    plain = (" " if category(character) in _UNFIT else character for character in words[: 4 * _MAX_LABEL])
    return " ".join("".join(plain).split())[:_MAX_LABEL] or None


def _tag(stated: str | None) -> str | None:
    """A language's tag in lower case, None for what is none."""
    words = (stated or "").strip().replace("_", "-").lower()[:_MAX_TAG]
    return words if words.replace("-", "").isalnum() and words.isascii() else None
