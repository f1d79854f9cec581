"""A tiny reader and a tiny corpus: nothing outside the repository is read."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

WORDS = [
    "the", "a", "of", "in", "was", "is", "who", "what", "when", "where", "how", "many", "did", "found", "##ed",
    "city", "river", "built", "by", "year", "1904", "1911", "anna", "ben", "carla", "dora", "bridge", "school",
    "mill", "tower", ",", ".", "?", "north", "south", "##s", "green", "red", "long", "old", "new", "14", "000",
    "##0",
]  # fmt: skip
CONTEXTS = [
    "The old mill was built by Anna in 1904. The river is long.",
    "Ben founded the school in the north city. The school is new. When was the tower built?",
    "The green bridge of the south was built in 1911 by Carla. Dora was in the city.",
    "The red tower is old. Dora found the long river in 1904.",
]
QUESTIONS = [
    ("Who built the mill?", 0, "Anna"),
    ("When was the mill built?", 0, "1904"),
    ("Who founded the school?", 1, "Ben"),
    ("Where is the school?", 1, "the north city"),
    ("When was the bridge built?", 2, "1911"),
    ("Who built the green bridge?", 2, "Carla"),
    ("What did Dora find?", 3, "the long river"),
    ("Who built the tower?", 3, None),
]


@pytest.fixture(autouse=True)
def _settings_put_back() -> Iterator[None]:
    """The trainer sets threads, determinism and a signal handler for its process; other tests share ours."""
    import torch

    threads, handler = torch.get_num_threads(), signal.getsignal(signal.SIGTERM)
    yield
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(mode=False)
    signal.signal(signal.SIGTERM, handler)


@pytest.fixture(scope="session")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random two-layer BERT with a word-piece tokeniser, saved as a pretrained folder."""
    import torch
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
    from transformers import BertConfig, BertModel

    folder = tmp_path_factory.mktemp("start")
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *dict.fromkeys(WORDS)]
    tokenizer = Tokenizer(models.WordPiece({word: at for at, word in enumerate(vocabulary)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.add_special_tokens(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
    tokenizer.save(str(folder / "tokenizer.json"))
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=48,
        max_position_embeddings=512,
    )
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def qa(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A QA folder in the published layout; the development file repeats one training question."""
    from training.records import Example, write_examples

    folder = tmp_path_factory.mktemp("qa")
    names = ("squad1_du11k", "tydiqa_en", "squad2_devhalf")
    examples = []
    for copy in range(12):
        for number, (question, place, answer) in enumerate(QUESTIONS):
            context = CONTEXTS[place]
            answers = () if answer is None else ((answer, context.index(answer)),)
            dataset = "squad2_devhalf" if answer is None else names[copy % 3]
            examples.append(Example(f"{copy}-{number}", dataset, question, context, answers))
    held = Example("0-0", "squad1_du11k", "who built THE mill", "Elsewhere.", (("Elsewhere", 0),))
    write_examples(folder / "core_train.jsonl.gz", examples)
    write_examples(folder / "core_dev.jsonl.gz", [held])
    write_examples(folder / "extra_train.jsonl.gz", [])
    write_examples(folder / "extra_dev.jsonl.gz", [])
    return folder


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, qa: Path, start: Path) -> Path:
    """A run folder after the data and features steps."""
    from training.config import Layout
    from training.steps import feature_config, make_data, make_features

    root = tmp_path_factory.mktemp("run")
    make_data(Layout(root), qa, [], seed=3)
    for phase in ("stable", "decay"):
        summary = make_features(Layout(root), feature_config(phase, 3), phase, 2, start / "tokenizer.json")
        assert "label wrong" not in json.dumps(summary)
    return root
