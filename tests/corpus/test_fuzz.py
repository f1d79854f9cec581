"""A short run of the fuzzing that `benchmarks/fuzz_loaders.py` does at length."""

import pytest

from benchmarks.fuzz_loaders import FAULT, check

INPUTS = 360


@pytest.mark.timeout(280)
@pytest.mark.filterwarnings("ignore")
def test_damaged_files_give_documents_or_a_reason():
    documents, faults = 0, []
    for number in range(INPUTS):
        suffix, found, reasons = check(number, seed=7)
        documents += len(found)
        faults += [f"{suffix} {reason}" for reason in reasons if reason.startswith(FAULT)]
    assert documents > INPUTS / 4
    assert len(faults) < INPUTS / 50, faults
