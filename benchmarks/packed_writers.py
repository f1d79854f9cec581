"""Writes what is packed: OpenDocument texts and books, which no library of ours writes, and archives."""

from __future__ import annotations

import html
import io
import tarfile
import zipfile

from benchmarks.article import Article, body

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
