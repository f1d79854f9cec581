"""How the reader was made: a recipe that anyone can run, never imported by the product."""

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # before any step imports ONNX Runtime, see index/runtime.py
