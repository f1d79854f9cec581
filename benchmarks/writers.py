"""Writes one article in every format that is read, so that what comes out of each can be compared.

The writing libraries are of the dev extra; what no library writes (ODT, EPUB, MHTML) is put together here by hand.
"""

from __future__ import annotations

import csv
import gzip
import html
import io
import json
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a heading, a list (its items) or a table (its rows, the first one the header)."""

    kind: str
    words: str = ""
    items: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """What is written, and what is to be read again."""

    title: str
    blocks: tuple[Block, ...]
    author: str = "Jane Roe"
    publisher: str = "The Courier"
    published: date = date(2022, 3, 5)
    updated: date = date(2022, 4, 6)
    language: str = "en"
    extra: dict[str, str] = field(default_factory=dict)


def statements(rows: tuple[tuple[str, ...], ...]) -> list[str]:
    """What a table with a header row is read as."""
    return [
        f"{row[0]}, {head}: {cell}."
        for row in rows[1:]
        for head, cell in zip(rows[0][1:], row[1:], strict=True)
        if cell
    ]


def plain(article: Article) -> str:
    """The article as plain text."""
    parts = [article.title]
    for block in article.blocks:
        match block.kind:
            case "list":
                parts.append("\n".join(f"• {item}" for item in block.items))
            case "table":
                parts.append("\n".join(statements(block.rows)))
            case _:
                parts.append(block.words)
    return "\n\n".join(parts)


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


def body(article: Article) -> str:
    """The article as the inside of a page."""
    parts = [f"<h1>{html.escape(article.title)}</h1>"]
    for block in article.blocks:
        match block.kind:
            case "heading":
                parts.append(f"<h2>{html.escape(block.words)}</h2>")
            case "list":
                parts.append("<ul>" + "".join(f"<li>{html.escape(item)}</li>" for item in block.items) + "</ul>")
            case "table":
                cells = [[html.escape(cell) for cell in row] for row in block.rows]
                head = "".join(f"<th>{cell}</th>" for cell in cells[0])
                rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in cells[1:])
                parts.append(f"<table><tr>{head}</tr>{rows}</table>")
            case _:
                parts.append(f"<p>{html.escape(block.words)}</p>")
    return "\n".join(parts)


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


_ODT_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text", "table", "meta")
)


def as_odt(article: Article) -> bytes:
    """An OpenDocument text."""
    parts = [f'<text:h text:outline-level="1">{html.escape(article.title)}</text:h>']
    for block in article.blocks:
        match block.kind:
            case "heading":
                parts.append(f'<text:h text:outline-level="2">{html.escape(block.words)}</text:h>')
            case "list":
                items = (
                    f"<text:list-item><text:p>{html.escape(item)}</text:p></text:list-item>" for item in block.items
                )
                parts.append(f"<text:list>{''.join(items)}</text:list>")
            case "table":
                parts.append(f"<table:table>{_odt_rows(block.rows)}</table:table>")
            case _:
                words = html.escape(block.words).replace(" ", ' <text:span text:style-name="T1">', 1)
                parts.append(f"<text:p>{words}{'</text:span>' if ' ' in block.words else ''}</text:p>")
    content = (
        f"<office:document-content {_ODT_NAMES}><office:body><office:text>{''.join(parts)}</office:text></office:body>"
        "</office:document-content>"
    )
    meta = (
        f'<office:document-meta {_ODT_NAMES} xmlns:dc="http://purl.org/dc/elements/1.1/"><office:meta>'
        f"<dc:title>{html.escape(article.title)}</dc:title><meta:initial-creator>{article.author}</meta:initial-creator>"
        f"<meta:creation-date>{article.published}T09:00:00</meta:creation-date><dc:date>{article.updated}T09:00:00</dc:date>"
        f"<dc:language>{article.language}</dc:language></office:meta></office:document-meta>"
    )
    files = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content, "meta.xml": meta}
    return packed({name: words.encode() for name, words in files.items()})


def _odt_rows(rows: tuple[tuple[str, ...], ...]) -> str:
    written = [
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{html.escape(cell)}</text:p></table:table-cell>" for cell in row)
        + "</table:table-row>"
        for row in rows
    ]
    return f"<table:table-header-rows>{written[0]}</table:table-header-rows>{''.join(written[1:])}"


def as_epub(article: Article) -> bytes:
    """A book of two chapters, with a list of contents that is no part of the text."""
    whole = body(article).split("\n")
    half = 1 + len(whole) // 2
    page = '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>c</title></head><body>{}</body></html>'
    opf = f"""<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title>{html.escape(article.title)}</dc:title><dc:creator>{article.author}</dc:creator><dc:language>{article.language}</dc:language>
<dc:publisher>{article.publisher}</dc:publisher><dc:date>{article.published}</dc:date>
<meta property="dcterms:modified">{article.updated}T09:00:00Z</meta></metadata>
<manifest><item id="two" href="text/2.xhtml" media-type="application/xhtml+xml"/>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="one" href="text/1.xhtml" media-type="application/xhtml+xml"/></manifest>
<spine><itemref idref="nav"/><itemref idref="one"/><itemref idref="two"/></spine></package>"""
    container = """<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>
<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""
    files = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": container,
        "OEBPS/book.opf": opf,
        "OEBPS/nav.xhtml": page.format("<nav><ol><li>Contents</li></ol></nav>"),
        "OEBPS/text/1.xhtml": page.format("\n".join(whole[:half])),
        "OEBPS/text/2.xhtml": page.format("\n".join(whole[half:])),
    }
    return packed({name: words.encode() for name, words in files.items()})


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


def packed(files: dict[str, bytes]) -> bytes:
    """A zip container; the first file is stored, as books and OpenDocument want it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, data) in enumerate(files.items()):
            archive.writestr(name, data, zipfile.ZIP_STORED if number == 0 else zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def tarred(files: dict[str, bytes]) -> bytes:
    """A tar archive packed with gzip."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return stream.getvalue()


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
