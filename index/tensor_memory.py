"""Where tensors live while a model runs: in ONNX Runtime's arena, or in blocks that go back to the system at once.

The arena gives nothing back. Its regions double in size, and questions whose passages have other lengths touch ever
more of them, so a server's memory grows for hours. Without it glibc does much the same: it takes the size of the
largest block freed (up to 32 MB) for one worth keeping, and gives each thread a heap that keeps its own. With that size
held fixed, and few heaps, memory is what runs now (docs/performance.md has the figures).
"""

from __future__ import annotations

import ctypes
import sys

LARGE = 1 << 20
"""Bytes from which a block goes back at once. At 128 KB reading takes 4 to 7 % more processor time than with the arena,
at 1 MB 3 % by the median of measurements and none by the least."""
HEAPS = 2
"""Shared by all threads; where no more than a few compute at once, each need not have one."""
_SETTINGS = ((-8, HEAPS), (-3, LARGE))
"""M_ARENA_MAX and M_MMAP_THRESHOLD of glibc's malloc.h."""


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
        if mallopt is not None and all(mallopt(name, value) == 1 for name, value in _SETTINGS):
            self._arena = False
        return not self._arena


TENSORS = TensorMemory()
"""Those of this process."""
