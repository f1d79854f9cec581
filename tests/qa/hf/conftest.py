"""Tiny random models of the families: what is tested is everything but their wit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from qa.hf_reader import HfReader

TEXTS = [
    "The harbour opened in 1904. It has 31 berths, and Ana Ruiz has run it since 2017.",
    "Tea costs $5,000 a tonne, said Müller; naïve buyers pay more. 北京 🧂 won't.",
]
FAMILIES = ("bert", "electra", "roberta", "deberta", "deberta-v2")
BERT_SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
ROBERTA_SPECIAL = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
TINY = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 48}


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


@pytest.fixture(scope="session", params=FAMILIES)
def family(request: pytest.FixtureRequest) -> str:
    """Each in turn."""
    return str(request.param)


@pytest.fixture
def bert_tokenizer() -> Any:
    """Made anew, to be spoilt."""
    return trained("bert")


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
    """By family."""
    return {family: HfReader.load(str(folder)) for family, folder in folders.items()}


@pytest.fixture(scope="session")
def reader(readers: dict[str, HfReader], family: str) -> HfReader:
    """That of the family in turn."""
    return readers[family]
