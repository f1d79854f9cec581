"""Tiny random models of the families: what is tested is everything but their wit."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import ModelError, UsageError
from corpus.types import Document, Passage, Span
from qa.hf_reader import HfReader
from qa.hf_tokens import pair_frame, trimmed
from qa.open_reader import open_reader
from qa.uncalibrated import Uncalibrated
from qa.windows import WindowSettings

pytestmark = pytest.mark.filterwarnings("ignore")  # of torch and transformers themselves

TEXTS = [
    "The harbour opened in 1904. It has 31 berths, and Ana Ruiz has run it since 2017.",
    "Tea costs $5,000 a tonne, said Müller; naïve buyers pay more. 北京 🧂 won't.",
]
FAMILIES = ("bert", "electra", "roberta", "deberta", "deberta-v2")
BERT_SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
ROBERTA_SPECIAL = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
TINY = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 48}


def passage(text: str, context: str = "") -> Passage:
    return Passage.of(Document.create(source="a.txt", text=text, title="A"), Span(0, len(text)), context)


def trained(family: str) -> Any:
    """The family's kind of tokeniser, trained on the texts, and what puts its pairs together."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

    if family in {"bert", "electra"}:
        tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
        tokenizer.normalizer, tokenizer.pre_tokenizer = normalizers.BertNormalizer(), pre_tokenizers.BertPreTokenizer()
        trainer: Any = trainers.WordPieceTrainer(vocab_size=200, special_tokens=BERT_SPECIAL, show_progress=False)
    elif family == "deberta-v2":
        tokenizer = Tokenizer(models.Unigram())
        tokenizer.normalizer, tokenizer.pre_tokenizer = normalizers.NFKC(), pre_tokenizers.Metaspace()
        trainer = trainers.UnigramTrainer(
            vocab_size=150, special_tokens=BERT_SPECIAL, unk_token="[UNK]", show_progress=False
        )
    else:
        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        trainer = trainers.BpeTrainer(
            vocab_size=350,
            special_tokens=ROBERTA_SPECIAL if family == "roberta" else BERT_SPECIAL,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        )
    tokenizer.train_from_iterator(TEXTS * 3, trainer)
    at = tokenizer.token_to_id
    tokenizer.post_processor = (
        processors.RobertaProcessing(("</s>", at("</s>")), ("<s>", at("<s>")))
        if family == "roberta"
        else processors.TemplateProcessing(
            "[CLS] $A [SEP]", "[CLS] $A [SEP] $B:1 [SEP]:1", [(name, at(name)) for name in ("[CLS]", "[SEP]")]
        )
    )
    return tokenizer


def untrained(family: str, words: int) -> Any:
    import transformers

    known = TINY | {"vocab_size": words}
    if family == "bert":
        config: Any = transformers.BertConfig(**known)
    elif family == "electra":
        config = transformers.ElectraConfig(**known, embedding_size=16)
    elif family == "roberta":
        config = transformers.RobertaConfig(**known, max_position_embeddings=130, type_vocab_size=1, pad_token_id=1)
    elif family == "deberta":
        config = transformers.DebertaConfig(**known, relative_attention=True, pos_att_type=["c2p", "p2c"])
    else:
        config = transformers.DebertaV2Config(
            **known,
            relative_attention=True,
            pos_att_type=["c2p", "p2c"],
            position_biased_input=False,
            position_buckets=32,
        )
    return transformers.AutoModelForQuestionAnswering.from_config(config)


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One folder a family, as `save_pretrained` writes it."""
    import torch
    from transformers import PreTrainedTokenizerFast

    found = {}
    for family in FAMILIES:
        folder = tmp_path_factory.mktemp(family)
        tokenizer = trained(family)
        names = dict(zip(("cls_token", "pad_token", "sep_token"), ROBERTA_SPECIAL, strict=False))
        if family != "roberta":
            names = {"cls_token": "[CLS]", "pad_token": "[PAD]", "sep_token": "[SEP]"}
        PreTrainedTokenizerFast(tokenizer_object=tokenizer, **names).save_pretrained(folder)
        torch.manual_seed(1)
        model = untrained(family, tokenizer.get_vocab_size())
        for weight in model.parameters():
            torch.nn.init.normal_(weight, std=0.3)
        model.save_pretrained(folder)
        found[family] = folder
    return found


@pytest.fixture(scope="session")
def readers(folders: dict[str, Path]) -> dict[str, HfReader]:
    return {family: HfReader.load(str(folder)) for family, folder in folders.items()}


@pytest.mark.parametrize("family", FAMILIES)
def test_a_reading_keeps_to_the_protocol(readers: dict[str, HfReader], family: str) -> None:
    reader = readers[family]
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


@pytest.mark.parametrize("family", FAMILIES)
def test_the_best_score_is_that_of_the_library_s_own_pair(
    readers: dict[str, HfReader], folders: dict[str, Path], family: str
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
    found = readers[family].read(question, [passage(text)])[0].candidates[0]
    assert found.score == pytest.approx(best - start[0] - end[0], abs=1e-3)


@pytest.mark.parametrize(("family", "typed"), [(family, family in {"bert", "electra"}) for family in FAMILIES])
def test_token_types_go_only_to_families_that_have_them(
    readers: dict[str, HfReader], monkeypatch: pytest.MonkeyPatch, family: str, typed: bool
) -> None:
    seen: list[dict[str, Any]] = []
    model = readers[family]._model

    class Spy:
        def __call__(self, **feed: Any) -> Any:
            seen.append(feed)
            return model(**feed)

    monkeypatch.setattr(readers[family], "_model", Spy())
    readers[family].read("Who?", [passage(TEXTS[0])])
    assert ("token_type_ids" in seen[0]) is typed
    ids = seen[0]["input_ids"][0].tolist()
    if family == "roberta":
        close = ids[-1]
        assert ids[0] == 0
        assert [ids[place : place + 2] for place in range(len(ids))].count([close, close]) == 1


@pytest.mark.parametrize("family", FAMILIES)
def test_title_and_heading_are_read_but_never_quoted(readers: dict[str, HfReader], family: str) -> None:
    text, reader = "It opened in 1904.", readers[family]
    plain, shown = (reader.read("Which?", [passage(text, context)])[0] for context in ("", "The harbour of Ana"))
    assert [one.score for one in plain.candidates] != [one.score for one in shown.candidates]
    assert all(one.span.end <= len(text) for one in shown.candidates)


@pytest.mark.parametrize("family", FAMILIES)
@settings(max_examples=25, deadline=None)
@given(text=st.text(st.characters(exclude_categories=()), max_size=60))
def test_spans_of_any_text_are_its_words(readers: dict[str, HfReader], family: str, text: str) -> None:
    for candidate in readers[family].read("Who \ud800 is it?", [passage(text)])[0].candidates:
        words = candidate.span.of(text)
        assert words == words.strip()
        assert any(map(str.isalnum, words))


@pytest.mark.parametrize("family", FAMILIES)
@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=80))
def test_offsets_are_in_order_trimmed_and_leave_no_word_out(
    readers: dict[str, HfReader], family: str, text: str
) -> None:
    offsets = readers[family]._windowed.pieces.encode(text).offsets
    assert [start for start, _ in offsets] == sorted(start for start, _ in offsets)
    covered = set()
    for start, end in offsets:
        assert 0 <= start <= end <= len(text)
        assert text[start:end] == text[start:end].strip()
        covered |= set(range(start, end))
    if family in {"roberta", "deberta"}:
        assert covered >= {place for place, char in enumerate(text) if not char.isspace()}


def test_trimming_by_hand() -> None:
    assert trimmed("a  bc \n", 1, 7) == (3, 5)
    assert trimmed("a \n b", 1, 4) == (4, 4)
    assert trimmed("word", 0, 4) == (0, 4)


def test_windows_fit_the_positions_that_a_family_has(readers: dict[str, HfReader]) -> None:
    assert readers["bert"]._windowed.settings.length == 384
    assert readers["roberta"]._windowed.settings.length == 128  # 130 positions, two of them before the first
    assert readers["roberta"].read("Who? " * 200, [passage(TEXTS[0] * 20, "Title " * 50)])[0].candidates


def test_an_answer_deep_in_a_long_passage_lies_in_some_window(readers: dict[str, HfReader]) -> None:
    text = TEXTS[0] * 40
    windowed = readers["roberta"]._windowed
    tokens = windowed.pieces.encode(text)
    windows = windowed.pieces.windows(windowed.pieces.encode("Who?"), tokens, tokens.head(0), windowed.settings)
    assert len(windows) > 5
    assert all(len(window.input_ids) <= 128 for window in windows)
    assert {place for window in windows for place in range(window.first, window.first + window.count)} == set(
        range(len(tokens.ids))
    )


def test_the_fingerprint_follows_weights_and_windows_and_not_the_place(
    readers: dict[str, HfReader], folders: dict[str, Path], tmp_path: Path
) -> None:
    from safetensors.torch import load_file, save_file

    there = Path(shutil.copytree(folders["bert"], tmp_path / "elsewhere" / folders["bert"].name))
    assert HfReader.load(str(there)).fingerprint == readers["bert"].fingerprint
    assert HfReader.load(str(there), windows=WindowSettings()).fingerprint != readers["bert"].fingerprint
    weights = load_file(there / "model.safetensors")
    weights["qa_outputs.bias"][0] += 1e-3
    save_file(weights, there / "model.safetensors", {"format": "pt"})
    assert HfReader.load(str(there)).fingerprint != readers["bert"].fingerprint


def broken(folders: dict[str, Path], tmp_path: Path, change: Callable[[Path], object]) -> str:
    folder = Path(shutil.copytree(folders["bert"], tmp_path / "model"))
    change(folder)
    return str(folder)


def _drop_head(folder: Path) -> None:
    from safetensors.torch import load_file, save_file

    weights = load_file(folder / "model.safetensors")
    kept = {name: tensor for name, tensor in weights.items() if not name.startswith("qa_outputs")}
    save_file(kept, folder / "model.safetensors", {"format": "pt"})


def _unknown_family(folder: Path) -> None:
    (folder / "config.json").write_text(json.dumps({"model_type": "abacus"}), encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_drop_head, "is no extractive QA model: its weights lack qa_outputs"),
        (_unknown_family, "cannot load the reader"),
        (lambda folder: (folder / "model.safetensors").write_bytes(b"short"), "cannot load the reader"),
        (lambda folder: (folder / "model.safetensors").unlink(), "cannot load the reader"),
        (lambda folder: (folder / "tokenizer.json").write_text("{}"), "cannot load the reader"),
        (lambda folder: (folder / "config.json").unlink(), "there is no reader at"),
    ],
)
def test_what_cannot_be_read_with_is_one_line(
    folders: dict[str, Path], tmp_path: Path, capfd: pytest.CaptureFixture[str], change: Any, message: str
) -> None:
    name = broken(folders, tmp_path, change)
    capfd.readouterr()
    with pytest.raises(ModelError, match=message) as caught:
        open_reader(name)
    assert "\n" not in str(caught.value)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", ["/no/such/folder", "./nowhere", "nobody/no-such-reader", "a/b/c"])
def test_a_name_that_is_nowhere_is_one_line(name: str) -> None:
    with pytest.raises(ModelError, match="there is no reader") as caught:
        open_reader(name)
    assert "\n" not in str(caught.value)


def test_windows_longer_than_the_model_reads_are_refused(folders: dict[str, Path]) -> None:
    with pytest.raises(ModelError, match="at most 128 tokens"):
        HfReader.load(str(folders["roberta"]), windows=WindowSettings())


def test_a_frame_without_its_null_in_front_is_refused() -> None:
    from tokenizers import processors

    tokenizer = trained("bert")
    null = tokenizer.token_to_id("[CLS]")
    assert pair_frame(tokenizer, null).size == 3
    special = [(name, tokenizer.token_to_id(name)) for name in ("[CLS]", "[SEP]")]
    tokenizer.post_processor = processors.TemplateProcessing("$A [SEP] [CLS]", "$A [SEP] $B:1 [SEP]:1 [CLS]:2", special)
    with pytest.raises(ModelError, match=r"do not begin with \[CLS\]"):
        pair_frame(tokenizer, null)


def test_a_precision_is_for_readers_of_ours(folders: dict[str, Path]) -> None:
    with pytest.raises(UsageError, match="fp32"):
        open_reader(str(folders["bert"]), "int8")


def test_a_calibration_in_the_folder_counts_only_if_it_was_fitted_for_this_reader(
    folders: dict[str, Path], tmp_path: Path
) -> None:
    from qa.calibration import CALIBRATION, Calibration
    from qa.model_folder import BUNDLED

    folder = Path(shutil.copytree(folders["bert"], tmp_path / folders["bert"].name))
    opened = open_reader(folder)
    assert opened.judge() == Uncalibrated(opened.reader.fingerprint)
    values = json.loads((BUNDLED / CALIBRATION).read_text(encoding="utf-8"))
    (folder / CALIBRATION).write_text(json.dumps(values), encoding="utf-8")
    foreign = opened.judge()
    assert isinstance(foreign, Uncalibrated)
    assert values["reader"] in foreign.note
    (folder / "calibration_x.json").write_text(json.dumps(values | {"reader": opened.reader.fingerprint}))
    assert isinstance(opened.judge(), Calibration)
