"""Our reader's weights as a Hugging Face folder, so that every system can read with the same.

The shipped ONNX file is read back into fp32 (`training.warm_start`) and named as `BertForQuestionAnswering` names its
weights. The relevance head stays behind: no other system has a use for it.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from qa.model_folder import BUNDLED, ModelFolder

WEIGHTS = "model.safetensors"


def export_reader(folder: Path, source: Path = BUNDLED) -> Path:
    """Write config, weights and tokeniser to `folder`, unless they are there, and return it."""
    if (folder / WEIGHTS).exists():
        return folder
    import torch
    from safetensors.torch import save_file

    from training.start_weights import default_folder
    from training.warm_start import read_published

    start = default_folder()
    state = read_published(ModelFolder.open(source).model, start)["model"]
    folder.mkdir(parents=True, exist_ok=True)
    named = {name.replace("spans.", "qa_outputs."): tensor for name, tensor in state.items() if "relevance" not in name}
    config = json.loads((start / "config.json").read_text(encoding="utf-8"))
    config |= {"architectures": ["BertForQuestionAnswering"], "torch_dtype": "float32"}
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
    shutil.copyfile(ModelFolder.open(source).tokenizer, folder / "tokenizer.json")
    about = {"tokenizer_class": "BertTokenizer", "do_lower_case": True, "model_max_length": 512}
    (folder / "tokenizer_config.json").write_text(json.dumps(about) + "\n", encoding="utf-8")
    save_file({name: tensor.to(torch.float32).contiguous() for name, tensor in named.items()}, folder / WEIGHTS)
    return folder
