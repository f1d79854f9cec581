"""Any extractive QA model of Hugging Face's families behind the reader protocol. The only importer of torch in qa.

fp32 on the CPU, one window after the other, unpadded: a reading is a function of question and passage. Decoding and
windows are those of our own reader.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from corpus.errors import ModelError
from corpus.types import Passage
from qa.decoding import WindowLogits
from qa.hf_folder import find_folder, looks_like_path, one_line
from qa.hf_tokens import TrimmedPieces, pair_frame
from qa.types import Reading
from qa.windowed import Said, WindowedReading
from qa.windows import Window, WindowSettings

_LONGEST, _SHORTEST = 384, 32
"""Window lengths: what extractive readers are mostly trained on, and what is too short to hold a question."""


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A model with its tokeniser, as transformers give them."""

    folder: Path
    model: Any
    tokenizer: Any


class HfReader:
    """Implements `qa.types.Reader` with `AutoModelForQuestionAnswering`; use `HfReader.load`. Thread-safe."""

    has_relevance = False
    """These models have no such head."""

    def __init__(self, loaded: _Loaded, name: str, windows: WindowSettings | None, candidates: int) -> None:
        self.folder = loaded.folder
        self._model = loaded.model
        backend = loaded.tokenizer.backend_tokenizer
        frame = pair_frame(backend, loaded.tokenizer.cls_token_id)
        room = capacity(loaded)
        settings = windows or default_windows(room)
        left = settings.length - settings.question - settings.context - frame.size
        if settings.length > room or left <= settings.overlap:
            raise ModelError(f"windows of {settings} do not suit {name}, which reads at most {room} tokens at once")
        takes = inspect.signature(self._model.forward).parameters
        # RoBERTa knows one type and DeBERTa mostly none: what BERT calls the passage would be out of their range.
        self._typed = "token_type_ids" in takes and getattr(self._model.config, "type_vocab_size", 0) > 1
        self._fingerprint = f"{name}:{_digest(loaded, settings)}"
        self._windowed = WindowedReading(TrimmedPieces(backend, frame), settings, candidates)

    @classmethod
    def load(cls, name: str, *, windows: WindowSettings | None = None, candidates: int = 5) -> Self:
        """Open the model in the folder `name`, or a downloaded one of that name; raises ModelError.

        `windows` default to 384 tokens (fewer where the model reads fewer) that share a third, with title and heading.
        """
        folder = find_folder(name)
        shown = folder.resolve().name if looks_like_path(name) else name
        return cls(_load(folder, name), shown, windows, candidates)

    @property
    def fingerprint(self) -> str:
        """Names weights, tokeniser and windows."""
        return self._fingerprint

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """One reading a passage, in the order given."""
        return self._windowed.read(question, passages, lambda windows: map(self._run, windows))

    def _run(self, window: Window) -> Said:
        import torch

        ids = torch.from_numpy(window.input_ids)[None, :]
        feed = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
        if self._typed:
            feed["token_type_ids"] = torch.from_numpy(window.token_types)[None, :]
        with torch.inference_mode():
            said = self._model(**feed)
        return WindowLogits(window, said.start_logits[0].numpy(), said.end_logits[0].numpy()), None


def capacity(loaded: _Loaded) -> int:
    """How many tokens the model reads at once; raises ModelError for one that reads next to nothing.

    Where a position embedding has a padding row (RoBERTa and its kin), positions are counted from behind it.
    """
    positions = getattr(loaded.model.config, "max_position_embeddings", _LONGEST)
    for name, module in loaded.model.named_modules():
        if name.endswith("position_embeddings") and getattr(module, "padding_idx", None) is not None:
            positions -= module.padding_idx + 1
    found = min(int(positions), int(loaded.tokenizer.model_max_length))
    if found < _SHORTEST:
        raise ModelError(f"the model reads at most {found} tokens at once; expected {_SHORTEST} or more")
    return found


def default_windows(room: int) -> WindowSettings:
    """Windows for a model that reads `room` tokens at once, in the proportions that readers are trained with."""
    length = min(_LONGEST, room)
    return WindowSettings(length, overlap=length // 3, question=length // 6, context=length // 12)


def _load(folder: Path, name: str) -> _Loaded:
    """Weights and tokeniser out of the folder; what goes wrong in those libraries is one line."""
    try:
        from transformers import AutoModelForQuestionAnswering, AutoTokenizer
    except ImportError as error:
        raise ModelError(f"the reader {name!r} needs torch and transformers ({error}); install citespan[hf]") from error
    try:
        with _quiet():
            tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
            model, report = AutoModelForQuestionAnswering.from_pretrained(
                folder, dtype="float32", local_files_only=True, output_loading_info=True
            )
    except Exception as error:
        raise ModelError(
            f"cannot load the reader {name!r} ({one_line(error)}); expected an extractive QA model with its tokeniser"
        ) from error
    if missing := sorted({*report["missing_keys"], *report["mismatched_keys"]}, key=str):
        raise ModelError(
            f"{name!r} is no extractive QA model: its weights lack {missing[0]}; give one trained to answer"
        )
    if not getattr(tokenizer, "is_fast", False):
        raise ModelError(f"the tokeniser of {name!r} gives no offsets; expected a model with a tokenizer.json")
    return _Loaded(folder, model.eval(), tokenizer)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the loading bars and reports off standard error; what counts is told in an error."""
    from transformers.utils import logging

    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity(logging.CRITICAL)
    logging.disable_progress_bar()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()


def _digest(loaded: _Loaded, settings: WindowSettings) -> str:
    """A hash of all that a reading depends on: architecture, weights, tokeniser, windows."""
    described = loaded.model.config.to_diff_dict()
    architecture = {key: value for key, value in described.items() if key != "transformers_version"}
    about = [architecture, loaded.tokenizer.backend_tokenizer.to_str(), asdict(settings)]
    digest = hashlib.sha256(json.dumps(about, sort_keys=True, default=str).encode())
    for name, tensor in sorted(loaded.model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().contiguous().numpy().tobytes())
    return digest.hexdigest()[:12]
