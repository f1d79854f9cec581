"""Work for a profiler: questions put to an index, or a build of passages.

    py-spy record --rate 200 --output ask.svg -- python -m benchmarks.flame_work ask --set FOLDER --index DIR
    py-spy record --rate 200 --output build.svg -- python -m benchmarks.flame_work build --set FOLDER --index NEW

FOLDER is a set in BEIR layout; its first questions, or its first documents, are taken. Without `--native` a run of a
model is one bar of the graph.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from eval.corpus_index import index_documents
from eval.formats.beir import beir_files, read_beir
from index.encoder import open_encoder
from qa.pipeline import Pipeline


def main() -> None:
    """Do it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.flame_work", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("what", choices=("ask", "build"))
    parser.add_argument("--set", type=Path, required=True)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--count", type=int, default=200)
    call = parser.parse_args()
    questions, documents = read_beir(beir_files(call.set))
    if call.what == "build":
        index_documents(documents[: call.count], call.index, open_encoder())
        return
    with Pipeline.load(call.index) as pipeline:
        for question in questions[: call.count]:
            pipeline.ask(question.text)


if __name__ == "__main__":
    main()
