"""How much of the machine's matrix-multiply rate the encoder reaches.

    python -m benchmarks.encoder_rate [--tokens 128] [--rounds 40]

The rate of the machine is that of the encoder's own largest product, [tokens, 384] by [384, 1536] in int8 and in fp32,
run by ONNX Runtime with nothing around it, one thread for each core. The encoder's rate is the multiplications and
additions of its matrix products, divided by the time of a whole text: what is missing is normalisation, activation,
softmax, quantising and moving memory. Turns are taken round by round, so that what else the machine does falls on all.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from time import perf_counter

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from index.encoder_files import MODELS
from index.runtime import Session, open_session

WIDTH, INNER, LAYERS = 384, 1536, 6
CALLS = 8
"""Calls a round on each core."""


def product(tokens: int, kind: str) -> tuple[Session, Mapping[str, np.ndarray]]:
    """The encoder's largest product alone, and its input."""
    draws = np.random.default_rng(0)
    integer = kind == "int8"
    weights = draws.integers(-60, 60, (WIDTH, INNER)).astype(np.int8 if integer else np.float32)
    node = helper.make_node("MatMulInteger" if integer else "MatMul", ["a", "b"], ["c"])
    takes, gives = (TensorProto.UINT8, TensorProto.INT32) if integer else (TensorProto.FLOAT, TensorProto.FLOAT)
    graph = helper.make_graph(
        [node],
        "product",
        [helper.make_tensor_value_info("a", takes, [tokens, WIDTH])],
        [helper.make_tensor_value_info("c", gives, [tokens, INNER])],
        [numpy_helper.from_array(weights, "b")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10)
    values = draws.integers(0, 255, (tokens, WIDTH)).astype(np.uint8 if integer else np.float32)
    return open_session(model.SerializeToString(), kind), {"a": values}


def operations(tokens: int) -> float:
    """Multiplications and additions in the matrix products of one text: projections, feed-forward, attention."""
    per_token = LAYERS * (4 * WIDTH**2 + 2 * WIDTH * INNER + 2 * tokens * WIDTH)
    return 2.0 * per_token * tokens


def seconds(run: Callable[[], object], pool: ThreadPoolExecutor, cores: int) -> float:
    """Of one call, all cores calling at once."""
    begun = perf_counter()
    list(pool.map(lambda _: [run() for _ in range(CALLS)], range(cores)))
    return (perf_counter() - begun) / CALLS / cores


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.encoder_rate", description=__doc__.split("\n")[0])
    parser.add_argument("--tokens", type=int, default=128)
    parser.add_argument("--rounds", type=int, default=40)
    call = parser.parse_args()
    cores = len(os.sched_getaffinity(0))
    ids = np.random.default_rng(0).integers(1000, 30_000, (1, call.tokens), dtype=np.int64)
    encoder = open_session((MODELS / "encoder_int8.onnx").read_bytes(), "the encoder"), {"input_ids": ids}
    sessions = {"int8": product(call.tokens, "int8"), "fp32": product(call.tokens, "fp32"), "encoder": encoder}
    done = {
        name: operations(call.tokens) if name == "encoder" else 2.0 * call.tokens * WIDTH * INNER for name in sessions
    }
    times: dict[str, list[float]] = {name: [] for name in sessions}
    with ThreadPoolExecutor(cores) as pool:
        for _ in range(call.rounds):
            for name, (session, feed) in sessions.items():
                times[name].append(seconds(partial(session.run, None, feed), pool, cores))
    rates = {name: done[name] / float(np.median(times[name])) / 1e9 for name in sessions}
    for name, rate in rates.items():
        print(f"{name:8} {rate:8.1f} billion operations a second on {cores} cores")
    texts = 1 / float(np.median(times["encoder"]))
    print(
        f"encoder: {texts:.1f} texts of {call.tokens} tokens a second, {rates['encoder'] / rates['int8']:.0%} of int8's"
    )


if __name__ == "__main__":
    main()
