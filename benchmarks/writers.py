"""Writes one article in every format that is read, so that what comes out of each can be compared.

The writing libraries are of the dev extra.
"""

from __future__ import annotations

import csv
import gzip
import html
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, time
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from benchmarks.article import Article, body, plain
from benchmarks.packed_writers import as_epub, as_odt, packed, tarred


def as_text(article: Article) -> bytes:
    """Plain text in UTF-8."""
    return plain(article).encode()


def as_markdown(article: Article) -> bytes:
    """Markdown with front matter."""
    head = (
        f"---\ntitle: {json.dumps(article.title)}\nauthor: {article.author}\npublisher: {article.publisher}\n"
        f"published: {article.published}\nupdated: {article.updated}\nlang: {article.language}\n---\n"
    )
    parts = [f"# {article.title}"]
    for block in article.blocks:
        match block.kind:
            case "heading":
                parts.append(f"## {block.words}")
            case "list":
                parts.append("\n".join(f"- {item}" for item in block.items))
            case "table":
                lines = [f"| {' | '.join(row)} |" for row in block.rows]
                parts.append("\n".join([lines[0], "|" + "---|" * len(block.rows[0]), *lines[1:]]))
            case _:
                parts.append(block.words)
    return (head + "\n\n".join(parts) + "\n").encode()


def as_html(article: Article) -> bytes:
    """A page with a menu and a foot around the article."""
    return f"""<!DOCTYPE html><html lang="{article.language}"><head><meta charset="utf-8">
<title>{html.escape(article.title)}</title>
<meta name="author" content="{article.author}"><meta property="og:site_name" content="{article.publisher}">
<meta property="article:published_time" content="{article.published}">
<meta property="article:modified_time" content="{article.updated}"></head>
<body><nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<article>{body(article)}</article><footer><p>Copyright {article.publisher}</p></footer></body></html>""".encode()


def as_mhtml(article: Article) -> bytes:
    """A page as browsers save it with its pictures."""
    message = EmailMessage()
    message["Subject"] = article.title
    message["Snapshot-Content-Location"] = "https://courier.example.org/saved"
    message["MIME-Version"] = "1.0"
    message.set_content(as_html(article).decode(), subtype="html", cte="quoted-printable")
    message.make_related()
    message.add_related(b"\x89PNG", "image", "png")
    return message.as_bytes()


def as_eml(article: Article) -> bytes:
    """An e-mail with the article in plain text, and as a page beside it."""
    message = EmailMessage()
    message["Subject"] = article.title
    message["From"] = f"{article.author} <roe@courier.example.org>"
    message["Date"] = format_datetime(datetime.combine(article.published, time(9), UTC))
    message.set_content("\n".join(plain(article).splitlines()[2:]) + "\n", cte="quoted-printable")
    message.add_alternative(as_html(article).decode(), subtype="html", cte="base64")
    message.add_attachment(b"\x00\x01", "application", "octet-stream", filename="a.bin")
    message["Content-Language"] = article.language
    return message.as_bytes()


def as_docx(article: Article) -> bytes:
    """A Word file with styles, a list and a table."""
    import docx

    file = docx.Document()
    properties = file.core_properties
    properties.title, properties.author, properties.language = article.title, article.author, article.language
    properties.created = datetime.combine(article.published, time(9))
    properties.modified = datetime.combine(article.updated, time(9))
    file.sections[0].header.paragraphs[0].text = "A running head of the file"
    file.add_heading(article.title, 0)
    for block in article.blocks:
        match block.kind:
            case "heading":
                file.add_heading(block.words, 1)
            case "list":
                for item in block.items:
                    file.add_paragraph(item, style="List Bullet")
            case "table":
                table = file.add_table(len(block.rows), len(block.rows[0]))
                for number, row in enumerate(block.rows):
                    for cell, words in zip(table.rows[number].cells, row, strict=True):
                        cell.text = words
            case _:
                file.add_paragraph(block.words)
    stream = io.BytesIO()
    file.save(stream)
    return stream.getvalue()


def as_csv(article: Article) -> bytes:
    """A table with the article in one row."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(("headline", "date", "byline", "publication", "lang", "updated", "body"))
    writer.writerow(row_of(article))
    return stream.getvalue().encode()


def row_of(article: Article) -> tuple[str, ...]:
    """The article as a row of a table."""
    words = "\n\n".join(plain(article).split("\n\n")[1:])
    dates = (
        article.published.isoformat(),
        article.author,
        article.publisher,
        article.language,
        article.updated.isoformat(),
    )
    return (article.title, *dates, words)


def as_jsonl(article: Article) -> bytes:
    """One JSON object on one line."""
    names = ("title", "published", "author", "publisher", "language", "updated", "text")
    return (json.dumps(dict(zip(names, row_of(article), strict=True))) + "\n").encode()


def _pdf(article: Article, columns: int = 1) -> bytes:
    from benchmarks.pdf_writer import as_pdf

    return as_pdf(article, columns=columns)


WRITERS: dict[str, Callable[[Article], bytes]] = {
    ".txt": as_text,
    ".md": as_markdown,
    ".html": as_html,
    ".mhtml": as_mhtml,
    ".pdf": _pdf,
    ".docx": as_docx,
    ".odt": as_odt,
    ".epub": as_epub,
    ".eml": as_eml,
    ".csv": as_csv,
    ".jsonl": as_jsonl,
    ".txt.gz": lambda article: gzip.compress(as_text(article)),
    ".zip": lambda article: packed({"inner/a.txt": as_text(article)}),
    ".tar.gz": lambda article: tarred({"inner/a.txt": as_text(article)}),
}
"""Every format, by the ending of the name."""


def write_all(article: Article, folder: Path, stem: str) -> list[Path]:
    """The article in every format, in files of this stem."""
    paths = []
    for suffix, writer in WRITERS.items():
        path = folder / f"{stem}{suffix}"
        path.write_bytes(writer(article))
        paths.append(path)
    return paths
