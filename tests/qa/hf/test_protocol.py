"""What a reading of any family keeps to, and that its scores are the model's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from corpus.types import Document, Passage, Span
from qa.hf_reader import HfReader

pytestmark = pytest.mark.filterwarnings("ignore")  # of torch and transformers themselves

TEXTS = [
    "The harbour opened in 1904. It has 31 berths, and Ana Ruiz has run it since 2017.",
    "Tea costs $5,000 a tonne, said Müller; naïve buyers pay more. 北京 🧂 won't.",
]


def passage(text: str, context: str = "") -> Passage:
    return Passage.of(Document.create(source="a.txt", text=text, title="A"), Span(0, len(text)), context)


def test_a_reading_keeps_to_the_protocol(reader: HfReader, family: str) -> None:
    texts = [TEXTS[0], TEXTS[1] * 30, "1904", "", "…", " \n\n \t"]
    passages = [passage(text) for text in texts]
    together = reader.read("When did the harbour open?", passages)
    assert together == [reader.read("When did the harbour open?", [one])[0] for one in passages]
    assert [reading.passage for reading in together] == passages
    assert [bool(reading.candidates) for reading in together] == [True, True, True, False, False, False]
    for reading in together:
        assert reading.relevance is None
        scores = [candidate.score for candidate in reading.candidates]
        assert scores == sorted(scores, reverse=True)
        for one in reading.candidates:
            assert not any(one.span.overlaps(other.span) for other in reading.candidates if other is not one)
    assert reader.read("Who?", []) == []


def test_the_best_score_is_that_of_the_library_s_own_pair(
    reader: HfReader, folders: dict[str, Path], family: str
) -> None:
    """Frame, types and null beside those of the tokeniser's and model's own: every span of every length tried."""
    import torch
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer

    question, text = "How many berths has it?", "It has berths"
    tokenizer = AutoTokenizer.from_pretrained(folders[family])
    model = AutoModelForQuestionAnswering.from_pretrained(folders[family]).eval()
    pair = tokenizer.backend_tokenizer.encode(question, text)
    feed = {"input_ids": torch.tensor([pair.ids])}
    if family in {"bert", "electra"}:
        feed["token_type_ids"] = torch.tensor([pair.type_ids])
    with torch.inference_mode():
        said = model(**feed)
    start, end = said.start_logits[0].tolist(), said.end_logits[0].tolist()
    places = [place for place, whose in enumerate(pair.sequence_ids) if whose == 1]
    words = [place for place in places if any(map(str.isalnum, text[slice(*pair.offsets[place])]))]
    best = max(
        start[left] + end[right]
        for left in places
        for right in places
        if left <= right and any(left <= word <= right for word in words)
    )
    found = reader.read(question, [passage(text)])[0].candidates[0]
    assert found.score == pytest.approx(best - start[0] - end[0], abs=1e-3)


def test_token_types_go_only_to_families_that_have_them(
    reader: HfReader, monkeypatch: pytest.MonkeyPatch, family: str
) -> None:
    seen: list[dict[str, Any]] = []
    model = reader._model

    class Spy:
        def __call__(self, **feed: Any) -> Any:
            seen.append(feed)
            return model(**feed)

    monkeypatch.setattr(reader, "_model", Spy())
    reader.read("Who?", [passage(TEXTS[0])])
    assert ("token_type_ids" in seen[0]) is (family in {"bert", "electra"})
    ids = seen[0]["input_ids"][0].tolist()
    if family == "roberta":
        close = ids[-1]
        assert ids[0] == 0
        assert [ids[place : place + 2] for place in range(len(ids))].count([close, close]) == 1


def test_title_and_heading_are_read_but_never_quoted(reader: HfReader, family: str) -> None:
    text = "It opened in 1904."
    plain, shown = (reader.read("Which?", [passage(text, context)])[0] for context in ("", "The harbour of Ana"))
    assert [one.score for one in plain.candidates] != [one.score for one in shown.candidates]
    assert all(one.span.end <= len(text) for one in shown.candidates)
