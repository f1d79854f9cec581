"""The number formats that a reader's weights may be kept in; names only, so that the command line starts at once."""

from __future__ import annotations

INT8 = "int8"
PRECISIONS = (INT8, "fp16", "fp32")
"""From the smallest file to the largest."""
