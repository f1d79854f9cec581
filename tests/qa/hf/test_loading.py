"""Which folders and names open, what they are called, and what is said of those that do not."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import ModelError, UsageError
from qa.hf_reader import HfReader
from qa.hf_tokens import pair_frame
from qa.open_reader import open_reader
from qa.uncalibrated import Uncalibrated
from qa.windows import WindowSettings

pytestmark = pytest.mark.filterwarnings("ignore")  # of torch and transformers themselves


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


def test_a_frame_without_its_null_in_front_is_refused(bert_tokenizer: Any) -> None:
    from tokenizers import processors

    null = bert_tokenizer.token_to_id("[CLS]")
    assert pair_frame(bert_tokenizer, null).size == 3
    special = [(name, bert_tokenizer.token_to_id(name)) for name in ("[CLS]", "[SEP]")]
    bert_tokenizer.post_processor = processors.TemplateProcessing(
        "$A [SEP] [CLS]", "$A [SEP] $B:1 [SEP]:1 [CLS]:2", special
    )
    with pytest.raises(ModelError, match=r"do not begin with \[CLS\]"):
        pair_frame(bert_tokenizer, null)


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
