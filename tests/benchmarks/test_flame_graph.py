"""A flame graph says what took the time and nothing about the machine that it was drawn on."""

from __future__ import annotations

from xml.etree import ElementTree

from benchmarks.flame_graph import drawn, own_share, tree

STACKS = (
    "_run_code (<frozen runpy>);<module> (benchmarks/flame_work.py);ask (qa/pipeline.py);read (qa/reader.py:42) 60",
    "ask (/home/someone/checkout/qa/pipeline.py);run (/opt/venv/lib/python3.11/site-packages/onnxruntime/capi/x.py) 39",
    "ask (qa/pipeline.py);wait (/usr/lib/python3.11/threading.py) 1",
)


def test_stacks_are_joined_under_the_names_that_tell() -> None:
    root = tree(STACKS)
    assert root.samples == 100
    ask = root.called["ask (qa/pipeline.py)"]
    assert ask.samples == 100
    assert {name: one.samples for name, one in ask.called.items()} == {
        "read (qa/reader.py)": 60,
        "run (onnxruntime/capi/x.py)": 39,
        "wait (threading.py)": 1,
    }
    assert own_share(root).most_common(1) == [("qa/reader.py", 60)]


def test_the_picture_names_no_folder_of_the_machine_and_leaves_slivers_out() -> None:
    root = tree([*STACKS, "ask (qa/pipeline.py);rare (x.py) 1"] * 3 + ["many (y.py) 99999"])
    picture = drawn(root, "1 < 2")
    ElementTree.fromstring(picture)
    assert "many (y.py), 99.7%" in picture
    assert "ask (qa/pipeline.py), 0.3%" in picture
    for hidden in ("/home", "/opt", "/usr", "rare", "runpy"):
        assert hidden not in picture
