"""`python -m benchmarks.news_set NEWS OUT`: the OneStopQA news questions as a citespan set.

NEWS holds `articles/*.txt` and `questions.jsonl` with rows {id, question, gold_answer, evidence, article}. The article
of a question is the file whose text holds most of the evidence of that article's questions, word for word. The golds
are the wording of an option, not words of the article: use the set for retrieval and for the truth of citations.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from pathlib import Path
from typing import Any


def main() -> int:
    """Write the set; exit code 0."""
    call = argparse.ArgumentParser(prog="python -m benchmarks.news_set", description=__doc__)
    call.add_argument("news", type=Path)
    call.add_argument("out", type=Path)
    given = call.parse_args()
    lines = (given.news / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    rows: list[dict[str, Any]] = [json.loads(line) for line in lines if line.strip()]
    homes = homes_of(rows, sorted((given.news / "articles").glob("*.txt")))
    with given.out.open("w", encoding="utf-8") as out:
        for row in rows:
            pair = {"id": row["id"], "question": row["question"], "answers": [row["gold_answer"]]}
            out.write(json.dumps(pair | {"document": homes[row["article"]]}, ensure_ascii=False) + "\n")
    print(f"{len(rows)} questions on {len(homes)} articles written to {given.out}")
    return 0


def homes_of(rows: list[dict[str, Any]], files: list[Path]) -> dict[str, str]:
    """The file name of each article by its title."""
    texts = {path.name: " ".join(path.read_text(encoding="utf-8").split()) for path in files}
    evidence: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        evidence[row["article"]] += [" ".join(words.split()) for words in row["evidence"]]
    return {
        title: max(texts, key=lambda name: sum(words in texts[name] for words in quotes))
        for title, quotes in evidence.items()
    }


if __name__ == "__main__":
    raise SystemExit(main())
