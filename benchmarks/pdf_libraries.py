"""Compares libraries that read the text layer of PDFs, on files whose text is known: words in order, time, memory.

    python -m benchmarks.pdf_libraries      (those of the libraries that are installed, each in a process of its own)

`citespan` is pypdfium2 with the order of reading, the hyphens and the running heads of `corpus/loaders/pdf`.
"""

from __future__ import annotations

import difflib
import importlib.util
import io
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.article import Article, Block, plain
from benchmarks.pdf_writer import as_pdf
from corpus.discovery import discover
from corpus.loaders.load import load

LAYOUTS: dict[str, dict[str, object]] = {
    "one column": {"columns": 1},
    "two columns": {"columns": 2},
    "two columns, drawn line by line across": {"columns": 2, "across": True},
}


def article() -> Article:
    """All sample articles as one, long enough for running heads to repeat."""
    blocks: list[Block] = []
    for path in discover([Path("corpus/sample")]).files:
        blocks.extend(
            Block("paragraph", " ".join(line.split())) for line in load(path).text.splitlines() if line.strip()
        )
    return Article("The sample articles", tuple(blocks))


def _pypdf(data: bytes) -> str:
    import pypdf

    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)


def _pdfminer(data: bytes) -> str:
    from pdfminer.high_level import extract_text

    return str(extract_text(io.BytesIO(data)))


def _pdfplumber(data: bytes) -> str:
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as file:
        return "\n".join(page.extract_text() for page in file.pages)


def _pypdfium2(data: bytes) -> str:
    import pypdfium2

    file = pypdfium2.PdfDocument(data)
    return "\n".join(file[number].get_textpage().get_text_range() for number in range(len(file)))


def _citespan(data: bytes) -> str:
    from corpus.loaders.limits import LIMITS
    from corpus.loaders.pdf import parse_pdf

    return parse_pdf(data, LIMITS).text


READERS: dict[str, Callable[[bytes], str]] = {
    "pypdf": _pypdf,
    "pdfminer": _pdfminer,
    "pdfplumber": _pdfplumber,
    "pypdfium2": _pypdfium2,
    "citespan": _citespan,
}


def words(text: str) -> list[str]:
    """The words, with the marks that the fonts lack replaced."""
    return text.translate(str.maketrans("·–—’‘“”", "•--''\"\"")).split()


def measure(name: str, path: Path) -> dict[str, float]:
    """Words in order (share of the article's), words that are none of its, seconds and memory of one library."""
    expected = words(path.with_suffix(".txt").read_text(encoding="utf-8"))
    started = time.process_time()
    found = words(READERS[name](path.read_bytes()))
    seconds = time.process_time() - started
    matcher = difflib.SequenceMatcher(None, expected, found, autojunk=False)
    kept = sum(block.size for block in matcher.get_matching_blocks())
    return {
        "in_order": kept / len(expected),
        "foreign": len(found) - kept,
        "seconds": seconds,
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def main() -> int:
    """Print one row for each library and layout."""
    if len(sys.argv) > 2:
        print(json.dumps(measure(sys.argv[1], Path(sys.argv[2]))))
        return 0
    text = article()
    print("| layout | library | words in order | words too many | s | MB |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for number, (layout, how) in enumerate(LAYOUTS.items()):
            path = Path(folder) / f"{number}.pdf"
            path.write_bytes(as_pdf(text, **how))  # type: ignore[arg-type]  # options of several types
            path.with_suffix(".txt").write_text(plain(text), encoding="utf-8")
            for name in READERS:
                if importlib.util.find_spec(name) is None and name != "citespan":
                    continue
                call = (sys.executable, "-m", "benchmarks.pdf_libraries", name, str(path))
                row = json.loads(subprocess.run(call, check=True, capture_output=True, text=True).stdout)
                share, foreign = f"{100 * row['in_order']:.1f} %", f"{row['foreign']:.0f}"
                print(
                    f"| {layout} | {name} | {share} | {foreign} | {row['seconds']:.2f} | {row['memory_mb']:.0f} |",
                    flush=True,
                )
    return 0


if __name__ == "__main__":
    sys.exit(main())
