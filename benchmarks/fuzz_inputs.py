"""Damaged files, each made from a sound one by its number: bytes changed, cut, doubled, spliced, in containers too."""

from __future__ import annotations

import gzip
import io
import random
import zipfile
from functools import cache

from benchmarks.article import Article, Block
from benchmarks.packed_writers import packed, tarred
from benchmarks.writers import WRITERS

_TOKENS = (
    *(
        b"\x00",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\r\n\r\n",
        b"\x80" * 9,
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"\xe2\x80\xae",
    ),
    *(
        b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
        b"<div>" * 200,
        b"</p>",
        b"<table><tr><td colspan='999'>",
        b"<![CDATA[",
        b"&#x110000;",
    ),
    *(b"---\n", b"[" * 300, b"> " * 300, b"| a | b |\n|---|---|\n", b"*" * 400, b"```\n", b"<br>" * 300, b"\\" * 300),
    *(
        b"{" * 300,
        b'"',
        b"'",
        b",",
        b";" * 300,
        b"\n" * 500,
        b" " * 2000,
        b"1e999",
        b"-" * 300,
        b"99999999999999999999",
    ),
    *(
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n",
        b"Content-Transfer-Encoding: base64\r\n",
        b"=?utf-8?q?=ff?=",
    ),
    *(
        b"obj<</Length 99999999>>stream",
        b"/Kids [1 0 R 1 0 R]",
        b"endobj",
        b"/Filter [/FlateDecode /FlateDecode]",
        b"PK\x03\x04",
    ),
    *(
        b"January 99, 2022",
        b"Updated: ",
        b"Date: Mon, 99 Foo 99999",
        b"charset=utf-7",
        b"charset=\xff",
        b"encoding='utf-16'",
    ),
)
_CONTAINERS = (".docx", ".odt", ".epub", ".zip")

_ARTICLE = Article(
    "Harbour plan agreed",
    (
        Block(
            "paragraph", "The council has agreed on a plan for the harbour, which the mayor presented to a full hall."
        ),
        Block("heading", "What it costs"),
        Block("table", rows=(("Indicator", "2020", "2021"), ("Output value", "18.1", "19.6 billion yuan"))),
        Block("list", items=("new quays", "two cranes")),
        Block("paragraph", "Café 北京 שלום 🧂: it costs “19.6 million”, of which the state pays half."),
    ),
)


@cache
def _sound() -> tuple[tuple[str, bytes], ...]:
    """The article in every format, and some containers in containers."""
    files = {suffix: writer(_ARTICLE) for suffix, writer in WRITERS.items()}
    from benchmarks.pdf_writer import as_pdf

    long = Article("Two columns", _ARTICLE.blocks * 12)
    more = {
        ".PDF": as_pdf(long, columns=2, across=True),
        ".ZIP": packed({f"a{suffix}": data for suffix, data in files.items()}),
        ".TGZ": tarred({f"a{suffix}": files[suffix] for suffix in (".html", ".docx", ".csv")}),
        ".csv.gz": gzip.compress(files[".csv"]),
    }
    return tuple((files | more).items())


def damaged(number: int, seed: int) -> tuple[str, bytes]:
    """The ending of a name and the bytes of the input with this number."""
    chance = random.Random(f"{seed}:{number}")
    suffix, data = _sound()[number % len(_sound())]
    if suffix in _CONTAINERS and chance.random() < 0.7:
        data = _repacked(data, chance)
    elif suffix.endswith((".gz", ".TGZ")) and chance.random() < 0.7:
        data = gzip.compress(_changed(gzip.decompress(data), chance), 1)
    else:
        data = _changed(data, chance)
    if chance.random() < 0.05:  # a name that lies
        suffix = chance.choice(_sound())[0]
    return suffix, data


def _repacked(data: bytes, chance: random.Random) -> bytes:
    """A container with one of its parts changed, so that what is inside is reached."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice([name for name in files if name != "mimetype"])
    files[name] = _changed(files[name], chance)
    if chance.random() < 0.05:
        del files[chance.choice(list(files))]
    return packed(files)


def _changed(data: bytes, chance: random.Random) -> bytes:
    """The bytes with one to six changes."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        at = chance.randrange(len(changed) + 1)
        end = min(len(changed), at + chance.choice((1, 4, 30, 300)))
        match chance.randrange(9):
            case 0 if at < len(changed):
                changed[at] ^= 1 << chance.randrange(8)
            case 1:
                changed[at:end] = chance.randbytes(end - at)
            case 2:
                del changed[at:end]
            case 3:
                changed[at:at] = bytes(changed[at:end]) * chance.choice((1, 5, 50))
            case 4 | 5:
                changed[at:at] = chance.choice(_TOKENS)
            case 6:
                del changed[at:]
            case 7:
                _, other = chance.choice(_sound())
                start = chance.randrange(len(other))
                changed[at:end] = other[start : start + 300]
            case _:
                changed[at:end] = bytes(sorted(changed[at:end]))
    return bytes(changed)
