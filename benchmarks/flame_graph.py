"""A flame graph of a build or of asking, small enough to be kept beside the page.

    python -m benchmarks.flame_graph ask --set FOLDER --index DIR --out docs/performance-ask-flame.svg
    python -m benchmarks.flame_graph build --set FOLDER --index NEW --out docs/performance-build-flame.svg

Needs py-spy (`--py-spy`, found on the path unless it is given), which samples `benchmarks.flame_work` in a process of
its own, threads that wait left out. A bar is as wide as its share of the samples, and what is narrower than `LEAST` is
left out; names are those of functions and modules. A run of a model is one bar.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from zlib import crc32

WIDTH, ROW, MARGIN = 1200, 17, 30
LEAST = 0.002
"""Share of all samples below which a bar is not drawn."""
_CHARACTER = 6.2
"""Width of a letter."""
_SKIPPED = re.compile(r"<module>|_run_module_as_main|_run_code|_bootstrap|_bootstrap_inner|main \(benchmarks")
_LIBRARY = re.compile(r"\((?:.*/)?(?:site-packages|lib/python3[^/]*)/")
_LINE = re.compile(r":\d+\)$")
_PLACE = re.compile(r"\(/.*/((?:benchmarks|corpus|eval|index|qa)/)")


@dataclass
class Bar:
    """A function in one place of the call tree: its samples, and what it called."""

    samples: int = 0
    called: dict[str, Bar] = field(default_factory=dict)


def sampled(call: argparse.Namespace, raw: Path) -> None:
    """Let py-spy write folded stacks."""
    work = [sys.executable, "-m", "benchmarks.flame_work", call.what]
    about = ["--set", str(call.set), "--index", str(call.index), "--count", str(call.count)]
    profiler = [call.py_spy, "record", "--format", "raw", "--function", "--rate", str(call.rate), "--output", str(raw)]
    subprocess.run([*profiler, "--", *work, *about], check=True)


def tree(stacks: Iterable[str]) -> Bar:
    """The call tree of folded stacks, a line each: frames with semicolons between, and how often."""
    root = Bar()
    for line in stacks:
        frames, _, count = line.rpartition(" ")
        named = [_named(frame) for frame in frames.split(";")]
        root.samples += int(count)
        at = root
        for name in named:
            if not _SKIPPED.match(name):
                at = at.called.setdefault(name, Bar())
                at.samples += int(count)
    return root


def _named(frame: str) -> str:
    """A frame without its line, and without what it says about the machine."""
    return _LINE.sub(")", _PLACE.sub(r"(\1", _LIBRARY.sub("(", frame.strip())))


def own_share(root: Bar) -> Counter[str]:
    """Samples by module in which a function of it was at work itself."""
    found: Counter[str] = Counter()

    def walk(name: str, bar: Bar) -> None:
        inside = sum(one.samples for one in bar.called.values())
        found[name.partition("(")[2].partition(")")[0] or name] += bar.samples - inside
        for other, one in bar.called.items():
            walk(other, one)

    walk("", root)
    return found


def drawn(root: Bar, title: str) -> str:
    """The flame graph as SVG, callers above what they call."""
    deepest = 0
    bars: list[str] = []

    def walk(bar: Bar, left: float, depth: int) -> Iterator[tuple[str, Bar, float, int]]:
        for name, one in sorted(bar.called.items()):
            if one.samples >= LEAST * root.samples:
                yield name, one, left, depth
                yield from walk(one, left, depth + 1)
            left += WIDTH * one.samples / root.samples

    for name, bar, left, depth in walk(root, 0.0, 0):
        deepest = max(deepest, depth)
        bars.append(_bar(name, bar.samples / root.samples, left, depth))
    height = MARGIN + ROW * (deepest + 1) + 6
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'font-family="monospace" font-size="10"><rect width="100%" height="100%" fill="#fff"/>'
        f'<text x="6" y="18" font-size="13">{escape(title)}</text>'
    )
    return "\n".join((head, *bars, "</svg>")) + "\n"


def _bar(name: str, share: float, left: float, depth: int) -> str:
    width, top = WIDTH * share, MARGIN + ROW * depth
    fits = int((width - 4) / _CHARACTER)
    shown = name if len(name) <= fits else name[: max(0, fits - 1)] + "…" if fits > 3 else ""
    hue = 20 + crc32(name.partition("(")[2].encode()) % 40
    label = f'<text x="{left + 2:.1f}" y="{top + 12}">{escape(shown)}</text>' if shown else ""
    return (
        f"<g><title>{escape(name)}, {share:.1%}</title>"
        f'<rect x="{left:.1f}" y="{top}" width="{max(width - 0.4, 0.4):.1f}" height="{ROW - 1}" '
        f'fill="hsl({hue},85%,70%)"/>{label}</g>'
    )


def main() -> int:
    """Sample, draw, and say where the samples were; exit code 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.flame_graph", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("what", choices=("ask", "build"))
    parser.add_argument("--set", type=Path, required=True)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--rate", type=int, default=100, help="samples a second")
    parser.add_argument("--py-spy", default="py-spy")
    parser.add_argument("--out", type=Path, required=True)
    call = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "stacks.txt"
        sampled(call, raw)
        root = tree(raw.read_text(encoding="utf-8").splitlines())
    called = {"ask": "questions asked", "build": "articles built"}[call.what]
    call.out.write_text(drawn(root, f"{call.count} {called}, {root.samples:,} samples"), encoding="utf-8")
    for place, samples in own_share(root).most_common(20):
        print(f"{samples / root.samples:6.1%}  {place}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
