"""What malloc still holds once a model has run: with the arena its tensors, without it nothing of them.

In a process of its own each time: the choice is for a whole process and cannot be taken back.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from index.tensor_memory import TENSORS, TensorMemory

MEGABYTES = """
import ctypes, gc, sys
import numpy as np
from index.tensor_memory import TENSORS

class Counts(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in (
        "arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost")]

libc = ctypes.CDLL(None)
libc.mallinfo2.restype = Counts

def held():
    gc.collect()
    counts = libc.mallinfo2()
    return (counts.uordblks + counts.hblkhd) / 1e6
"""
ENCODING = f"""{MEGABYTES}
if sys.argv[1] == "give back":
    assert TENSORS.give_back()
from index.onnx_encoder import OnnxEncoder
encoder = OnnxEncoder.load()
encoder.encode(["tram"])
before = held()
for length in (200, 120, 240, 160):
    encoder.encode(["tram " * length])
print(held() - before)
"""
FREEING = f"""{MEGABYTES}
if sys.argv[1] == "give back":
    assert TENSORS.give_back()
for _ in range(2):
    block = np.ones(8 << 20, dtype=np.uint8)
    own = libc.mallinfo2().hblks
    del block
    gave = own - libc.mallinfo2().hblks
print(gave)
"""
SHARING = """
import ctypes, sys, tempfile
from threading import Barrier, Thread
from index.tensor_memory import TENSORS
if sys.argv[1] == "give back":
    assert TENSORS.give_back()
libc = ctypes.CDLL(None)
libc.malloc.restype = libc.fopen.restype = ctypes.c_void_p
libc.malloc_info.argtypes = [ctypes.c_int, ctypes.c_void_p]
libc.fclose.argtypes = [ctypes.c_void_p]

def heaps():
    with tempfile.NamedTemporaryFile() as told:
        stream = libc.fopen(told.name.encode(), b"w")
        libc.malloc_info(0, stream)
        libc.fclose(stream)
        return told.read().count(b"<heap nr")

all_here = Barrier(7)

def take():
    all_here.wait()
    libc.malloc(5000)
    all_here.wait()

before = heaps()
threads = [Thread(target=take) for _ in range(6)]
for one in threads:
    one.start()
all_here.wait()
all_here.wait()
print(heaps() - before)
"""

glibc = pytest.mark.skipif(
    sys.platform != "linux" or "glibc" not in os.confstr("CS_GNU_LIBC_VERSION"), reason="malloc is not glibc's"
)


def printed(program: str, choice: str) -> float:
    """What a process of its own prints."""
    settings = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    call = [sys.executable, "-c", program, choice]
    return float(subprocess.run(call, env=settings, check=True, timeout=120, stdout=subprocess.PIPE).stdout)


@glibc
def test_what_a_model_ran_in_is_given_back() -> None:
    assert printed(ENCODING, "give back") < 1
    assert printed(ENCODING, "keep") > 1, "the arena keeps nothing either: this test shows nothing any more"


@glibc
def test_a_large_block_goes_back_to_the_system_even_after_others_went() -> None:
    assert printed(FREEING, "give back") == 1
    assert printed(FREEING, "keep") == 0


@glibc
def test_threads_share_heaps() -> None:
    assert printed(SHARING, "give back") <= 1
    assert printed(SHARING, "keep") > 1


def test_until_it_is_asked_for_models_keep_their_arena() -> None:
    assert TensorMemory().arena


def test_where_malloc_has_no_such_setting_the_arena_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "another")
    memory = TensorMemory()
    assert not memory.give_back()
    assert memory.arena


def test_a_server_chooses_before_it_opens_a_model(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    from qa.cli import main

    chosen = []
    monkeypatch.setattr(TENSORS, "give_back", lambda: chosen.append(True))
    assert main(["serve", "--index", str(tmp_path / "none"), "--port", "0"]) == 1
    assert chosen
