"""The sample articles once as plain text and once in every format by turns: the figures of both, side by side.

python -m benchmarks.mixed_formats --out runs/mixed
"""

from __future__ import annotations

import argparse
import itertools
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from benchmarks.article import Article, Block
from benchmarks.pdf_writer import as_pdf
from benchmarks.writers import WRITERS, as_text
from corpus.discovery import discover
from corpus.loaders.load import load
from corpus.metadata import published_in
from corpus.types import Document

SAMPLE = Path("corpus/sample")
SET = Path("eval/sets/sample.jsonl")
INSIDE = {".csv": "#row=2", ".jsonl": "#line=1", ".zip": "!/inner/a.txt", ".tar.gz": "!/inner/a.txt"}
"""What follows the file's name in the source of its article."""
TURNS = (
    ".pdf",
    ".docx",
    ".html",
    ".odt",
    ".epub",
    ".csv",
    ".two.pdf",
    ".eml",
    ".zip",
    ".md",
    ".mhtml",
    ".jsonl",
    ".txt.gz",
)
BULLET = "• "


def article_of(document: Document) -> Article:
    """The article as blocks; what is in its text stays in it, dates and lines of a page included."""
    blocks: list[Block] = []
    for number, words in enumerate(document.text.split("\n\n")):
        lines = [" ".join(line.split()) for line in words.splitlines() if line.strip()]
        if number == 0 and lines and lines[0] == document.title:
            lines = lines[1:]
        if lines and all(line.startswith(BULLET) for line in lines):
            blocks.append(Block("list", items=tuple(line.removeprefix(BULLET) for line in lines)))
        else:
            blocks.extend(Block("paragraph", line) for line in lines)
    if document.published and published_in(document.text) is None:  # plain text has no other place for it
        blocks.insert(0, Block("paragraph", f"Published: {document.published}"))
    found = Article(document.title, tuple(blocks), publisher=document.publisher or "")
    return replace(found, published=document.published) if document.published else found


def write(out: Path) -> dict[str, str]:
    """Both folders; returns what each article of the set is called in the mixed one."""
    (out / "plain").mkdir(parents=True, exist_ok=True)
    (out / "mixed").mkdir(parents=True, exist_ok=True)
    names: dict[str, str] = {}
    for path, suffix in zip(discover([SAMPLE]).files, itertools.cycle(TURNS), strict=False):
        article = article_of(load(path))
        data = as_pdf(article, columns=2) if suffix == ".two.pdf" else WRITERS[suffix](article)
        (out / "plain" / f"{path.stem}.txt").write_bytes(as_text(article))
        (out / "mixed" / f"{path.stem}{suffix}").write_bytes(data)
        names[path.name] = f"{path.stem}{suffix}{INSIDE.get(suffix, '')}"
    return names


def write_sets(out: Path, names: dict[str, str]) -> None:
    """The set for each folder, with the articles called as they are there."""
    rows = [json.loads(line) for line in SET.read_text(encoding="utf-8").splitlines() if line.strip()]
    for kind in ("plain", "mixed"):
        renamed = names if kind == "mixed" else {name: f"{Path(name).stem}.txt" for name in names}
        lines = []
        for original in rows:
            row = dict(original)
            if row.get("document"):
                row["document"] = renamed[row["document"]]
            if row.get("also"):
                row["also"] = [renamed[name] for name in row["also"]]
            lines.append(json.dumps(row, ensure_ascii=False))
        (out / f"{kind}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def call(*arguments: str) -> None:
    """Run a module of the project and show the call."""
    print("python -m", *arguments, flush=True)
    subprocess.run((sys.executable, "-m", *arguments), check=True)


def main() -> int:
    """Write, build, measure, compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("runs/mixed"))
    out = parser.parse_args().out
    write_sets(out, write(out))
    for kind in ("plain", "mixed"):
        call("qa.cli", "build", str(out / kind), "--index", str(out / f"{kind}.index"))
        where = ("--index", str(out / f"{kind}.index"), "--out", str(out / f"{kind}.run"))
        call("eval", "run", "--dataset", f"citespan:{out / kind}.jsonl", *where, "--stage", "end-to-end")
    call("eval", "compare", str(out / "plain.run"), str(out / "mixed.run"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
