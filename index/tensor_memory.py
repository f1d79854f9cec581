"""Where tensors live while a model runs: in ONNX Runtime's arena, or in blocks that go back to the system at once.

The arena is as fast and never gives anything back. Its regions double in size, and questions whose passages have
other lengths touch ever more of them: a server's memory grows for hours. Without it glibc does much the same, for it
takes the size of the largest block freed (up to 32 MB) for one to be kept, and every thread keeps its own. With that
size held fixed, memory is what runs now (docs/performance.md has the figures).
"""

from __future__ import annotations

import ctypes
import sys

LARGE = 1 << 20
"""Bytes from which a block goes back at once: at 128 KB reading takes some 4 % more processor time, at 1 MB no more
than with the arena, as far as could be measured."""
_MMAP_THRESHOLD = -3
"""M_MMAP_THRESHOLD of glibc's malloc.h."""


class TensorMemory:
    """The choice for this process, to be made before its models are opened."""

    def __init__(self) -> None:
        self._arena = True

    @property
    def arena(self) -> bool:
        """Whether models that are opened now keep an arena."""
        return self._arena

    def give_back(self) -> bool:
        """Keep nothing of what is freed, for a process that goes on for long; False where malloc is not glibc's.

        Changes malloc for the whole process, so it is for programs, not for libraries, to call.
        """
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
        if mallopt is not None and mallopt(_MMAP_THRESHOLD, LARGE) == 1:
            self._arena = False
        return not self._arena


TENSORS = TensorMemory()
"""Those of this process."""
