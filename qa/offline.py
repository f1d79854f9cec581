"""Keeps the libraries below from looking outside: set before any of them is imported."""

from __future__ import annotations

import os

_MODELS_FROM_DISK = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1"}
"""A user who wants a model fetched by name may set these to 0 for that one build."""

_NO_TELEMETRY = {
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_SHARE": "False",
}


def stay_offline() -> None:
    """Set the environment so that models come from disk and nothing reports home."""
    for name, value in _MODELS_FROM_DISK.items():
        os.environ.setdefault(name, value)
    os.environ.update(_NO_TELEMETRY)
