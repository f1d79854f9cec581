"""The fields at the head of a Markdown file, between two lines of three dashes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from corpus.dates import find_date

_WINDOW = 64 * 1024
"""Characters; a head longer than this is no head."""
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*\r?$", re.MULTILINE)
_TITLE_KEYS = ("title", "headline")
_PUBLISHED_KEYS = ("published", "date", "publish_date", "pubdate", "created", "updated")
_PUBLISHER_KEYS = ("publisher", "publication", "site_name", "site")
_UPDATED_KEYS = ("updated", "modified", "lastmod", "last_modified", "date_modified")
_AUTHOR_KEYS = ("author", "authors", "byline", "by")
_LANGUAGE_KEYS = ("language", "lang", "locale")
_URL_KEYS = ("url", "canonical_url", "canonical", "permalink", "link", "source")

Fields = Mapping[str, object]


def split_front_matter(text: str) -> tuple[Fields, str]:
    """The fields (keys in lower case) and the body of `text`; `{}` and all of it without a head in sound YAML."""
    closing = _CLOSING.search(text, 4, _WINDOW) if text.startswith(("---\n", "---\r\n")) else None
    if closing is None:
        return {}, text
    import frontmatter  # brings in YAML, which only a file with a head needs
    import yaml

    try:
        fields = frontmatter.YAMLHandler().load(text[3 : closing.start()])
    except (yaml.YAMLError, ValueError, RecursionError):
        # ValueError is a date such as 2024-02-31. Better an article whose head stands in its text than none.
        return {}, text
    if not isinstance(fields, dict):
        return {}, text
    return {str(key).lower(): value for key, value in fields.items()}, text[closing.end() :]


def title_in(fields: Fields) -> str | None:
    """The title among the fields."""
    return _line(fields, _TITLE_KEYS)


def publisher_in(fields: Fields) -> str | None:
    """The publisher among the fields."""
    return _line(fields, _PUBLISHER_KEYS)


def author_in(fields: Fields) -> str | None:
    """The author among the fields; several are joined with commas."""
    for key in _AUTHOR_KEYS:
        value = fields.get(key)
        if isinstance(value, list):
            names = [" ".join(name.split()) for name in value[:20] if isinstance(name, str)]
            if any(names):
                return ", ".join(name for name in names if name)
    return _line(fields, _AUTHOR_KEYS)


def language_in(fields: Fields) -> str | None:
    """The language among the fields."""
    return _line(fields, _LANGUAGE_KEYS)


def url_in(fields: Fields) -> str | None:
    """The first web address among the fields."""
    values = (_line(fields, (key,)) for key in _URL_KEYS)
    return next((value for value in values if value and value.startswith(("http://", "https://"))), None)


def published_in(fields: Fields) -> date | None:
    """The publication date among the fields: a YAML date, or a text that spells one."""
    return _date(fields, _PUBLISHED_KEYS)


def updated_in(fields: Fields) -> date | None:
    """The date of the last change among the fields."""
    return _date(fields, _UPDATED_KEYS)


def _date(fields: Fields, keys: Iterable[str]) -> date | None:
    for key in keys:
        value = fields.get(key)
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        if isinstance(value, str) and (found := find_date(value)):
            return found
    return None


def _line(fields: Fields, keys: Iterable[str]) -> str | None:
    """The first of `keys` that holds a text which is not blank, in one line."""
    for key in keys:
        value = fields.get(key)
        if (
            isinstance(value, str | int | float)
            and not isinstance(value, bool)
            and (line := " ".join(str(value).split()))
        ):
            return line
    return None
