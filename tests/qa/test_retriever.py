import subprocess
import sys
from pathlib import Path

import pytest

from corpus.errors import EncoderMismatchError, IndexUnavailableError
from index import build
from index.encoder import open_encoder
from index.types import Vectors
from qa import Pipeline
from qa.retriever import HybridRetriever
from qa.serialise import answer_to_json
from qa.verification import verify_answer


def test_it_finds_and_gives_documents(built: Path) -> None:
    retriever = HybridRetriever.open(built)
    try:
        best = retriever.search("How many books does the library hold?", 3)[0]
        assert "52,000 books" in best.passage.text
        assert retriever.document(best.passage.document_id).title == "The town library"
        assert retriever.count() >= 2
    finally:
        retriever.close()


def test_no_index_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailableError):
        Pipeline.load(tmp_path / "nowhere")


def test_an_index_of_another_encoder_is_an_error(built: Path) -> None:
    class Other:
        fingerprint = "other@1"
        dimension = 4

        def count_tokens(self, text: str) -> int:
            return len(text)

        def encode(self, texts: object) -> Vectors:
            raise NotImplementedError

    with pytest.raises(EncoderMismatchError):
        Pipeline.load(built, encoder=Other())


def test_the_whole_way_from_files_to_a_verified_answer(built: Path) -> None:
    with Pipeline.load(built) as pipeline:
        answer = pipeline.ask("Who is the harbour master?", target_error=1.0)
        again = pipeline.ask("Who is the harbour master?", target_error=1.0)
        row = answer_to_json(answer, 1)
        assert answer.text == "Rosa Lindqvist"
        assert answer.citations[0].title == "The harbour of Port Ellery"
        assert verify_answer(row, pipeline) == []
        assert {**row, "timings_ms": None} == {**answer_to_json(again, 1), "timings_ms": None}


def test_an_open_pipeline_follows_its_index(tmp_path: Path) -> None:
    folder, index = tmp_path / "articles", tmp_path / "growing.index"
    folder.mkdir()
    (folder / "one.txt").write_text("The mill\n\nThe mill was built in 1820 by Jane Orr.\n", encoding="utf-8")
    encoder = open_encoder()
    build([folder], index, encoder=encoder)
    with Pipeline.load(index, encoder=encoder) as pipeline:
        assert all("Pell" not in one.passage.text for one in pipeline.ask("Who built the pier?").nearest)
        (folder / "two.txt").write_text("The pier\n\nThe pier was built in 1931 by Tom Pell.\n", encoding="utf-8")
        build([folder], index, encoder=encoder)
        assert pipeline.ask("Who built the pier?", target_error=1.0).text == "Tom Pell"


def test_importing_the_room_loads_nothing_heavy() -> None:
    heavy = ("torch", "gradio", "faiss", "tantivy", "onnxruntime", "trafilatura", "nltk", "matplotlib", "numpy")
    script = f"import sys, qa; print([name for name in {heavy!r} if name in sys.modules], hasattr(qa, 'nothing'))"
    shown = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout
    assert shown.strip() == "[] False"
