"""How soon the page shows itself and an answer, in a real Chromium that Playwright drives.

    python -m benchmarks.page_paint --index sample.index --visits 10 --out runs/page_paint.json

Every visit is a new browser context, so nothing is cached. The first visit and question warm the server and the browser
up and are not counted.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import time
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from benchmarks.page_server import read_questions, serving

CHROMIUM = os.environ.get("CITESPAN_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]

# Watches for the moments from within the page: a program outside would see them late.
_WATCH = """
window.moments = {};
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) moments.largest = entry.startTime;
}).observe({ type: "largest-contentful-paint", buffered: true });
const look = () => {
  const note = (name, found) => { if (found && !(name in moments)) moments[name] = performance.now(); };
  const box = document.querySelector("#cs-question textarea");
  note("usable", box && !box.disabled && document.querySelector(".cs-invitation"));
  note("stage", moments.submitted && document.querySelector(".cs-stages"));
  note("answer", moments.submitted && document.querySelector(".cs-footnote"));
  requestAnimationFrame(look);
};
requestAnimationFrame(look);
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !moments.submitted) moments.submitted = performance.now();
}, true);
"""
_READ = """() => {
  const first = performance.getEntriesByName("first-contentful-paint")[0];
  const { submitted, stage, answer } = moments;
  return { first: first ? first.startTime : null, largest: moments.largest, usable: moments.usable,
           stage: stage - submitted, answer: answer - submitted };
}"""


def visit(browser: Browser, address: str, question: str) -> dict[str, float]:
    """Open the page, ask, and read the moments in milliseconds."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    try:
        page = context.new_page()
        page.add_init_script(_WATCH)
        page.goto(address)
        box = page.locator("#cs-question textarea")
        box.fill(question)
        page.wait_for_timeout(300)
        box.press("Enter")
        page.wait_for_function("() => 'answer' in moments")
        moments: dict[str, float] = page.evaluate(_READ)
        return moments
    finally:
        context.close()


def measure(index: Path, visits: int) -> dict[str, Any]:
    """The median, least and most of each moment."""
    if CHROMIUM is None:
        raise SystemExit("no Chromium: install it, or name it in CITESPAN_CHROMIUM")
    questions = read_questions()
    with serving(index) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        visit(browser, server.address, questions[-1])
        found = [visit(browser, server.address, question) for question in questions[:visits]]
        version = browser.version
        browser.close()
    names = found[0]
    spread = {name: _spread([one[name] for one in found]) for name in names}
    return {"visits": visits, "browser": version, "milliseconds": spread, "nice": os.nice(0)}


def _spread(values: list[float]) -> dict[str, float]:
    return {"median": median(values), "least": min(values), "most": max(values)}


def main() -> int:
    """Measure, print and keep the figures."""
    parser = argparse.ArgumentParser(description="Measure how soon the page is there and answers.")
    parser.add_argument("--index", type=Path, default=Path("sample.index"))
    parser.add_argument("--visits", type=int, default=10)
    parser.add_argument("--out", type=Path)
    call = parser.parse_args()
    begun = time.monotonic()
    found = measure(call.index, call.visits)
    found["seconds"] = time.monotonic() - begun
    print(json.dumps(found, indent=1))
    if call.out is not None:
        call.out.parent.mkdir(parents=True, exist_ok=True)
        call.out.write_text(json.dumps(found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
