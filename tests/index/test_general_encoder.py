import numpy as np
import pytest

from corpus.errors import ModelError
from index.encoder import encoder_name, open_encoder
from index.encoder_files import package_directory

pytestmark = pytest.mark.filterwarnings("ignore")  # of torch and transformers themselves

TEXTS = ["The tram opened on Monday.", "Molten salt stores heat for a week in a tank near the town.", "12.5"]


def test_another_model_by_path_agrees_with_the_default_one(real_encoder) -> None:
    path = str(package_directory())
    general = open_encoder(path)
    vectors = general.encode(TEXTS)
    assert vectors.shape == (3, general.dimension) == (3, 384)
    assert general.encode([TEXTS[1]])[0].tobytes() == vectors[1].tobytes()
    assert (vectors * real_encoder.encode(TEXTS)).sum(axis=1).min() > 0.98  # int8 beside fp32, the same weights
    assert general.count_tokens("hello world") == 2
    assert general.encode([]).shape == (0, 384)
    assert encoder_name(general.fingerprint) == path
    assert np.isfinite(vectors).all()


def test_a_folder_without_a_model_is_one_line(tmp_path) -> None:
    with pytest.raises(ModelError, match="cannot load the encoder") as caught:
        open_encoder(str(tmp_path))
    assert "\n" not in str(caught.value)


def test_a_path_that_is_not_there_is_told_at_once(tmp_path) -> None:
    with pytest.raises(ModelError, match="there is no encoder at"):
        open_encoder(str(tmp_path / "nowhere"))
