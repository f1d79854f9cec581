"""The numbers that passages are cut by."""

import pytest

from corpus.errors import UsageError
from corpus.settings import ChunkSettings


def test_the_fingerprint_names_every_number():
    plain = ChunkSettings().fingerprint
    assert plain == ChunkSettings(target=128, overlap=32, maximum=160, sentence=100).fingerprint
    others = (
        ChunkSettings(target=127),
        ChunkSettings(overlap=31),
        ChunkSettings(maximum=161),
        ChunkSettings(sentence=99),
    )
    assert len({plain, *(other.fingerprint for other in others)}) == 5


@pytest.mark.parametrize(
    "numbers",
    [
        {"overlap": -1},
        {"overlap": 100},
        {"target": 50},
        {"maximum": 100},
        {"sentence": 150},
        {"overlap": 90, "maximum": 150},
    ],
)
def test_numbers_that_contradict_one_another_are_refused(numbers):
    with pytest.raises(UsageError, match="contradict"):
        ChunkSettings(**numbers)
