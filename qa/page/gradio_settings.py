"""What Gradio does beside showing the page unless it is told not to; it is told by the environment."""

from __future__ import annotations

import os

_NO_ANALYTICS = {"GRADIO_ANALYTICS_MAX_EVENTS": "1", "GRADIO_ANALYTICS_CACHE_FREQUENCY": str(10**12)}
"""Gradio keeps its last 10,000 events and makes a table of them after every one, for a page that is not served."""
_NO_WINDOWS = {"MPLBACKEND": "agg"}
"""Around every event Gradio asks Matplotlib, where there is one, what it draws on. Unless that is settled, Matplotlib
loads all it has to find out: 14 MB, and half a second of the first visitor's time."""


def settle() -> None:
    """Tell it, before the first page is laid out."""
    os.environ.update(_NO_ANALYTICS | _NO_WINDOWS)
