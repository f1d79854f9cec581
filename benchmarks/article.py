"""An article as writers take it, and the words that every reader should give of it."""

from __future__ import annotations

import html
from dataclasses import dataclass
from datetime import date


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
