import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import ModelError
from corpus.types import Document, Passage, Span
from index.encoder import encoder_input, encoder_name, open_encoder
from index.encoder_files import MODELS, package_directory
from index.onnx_encoder import OnnxEncoder

TEXTS = [
    "The tram opened on Monday.",
    "A tram line was inaugurated at the start of the week.",
    "Molten salt stores heat.",
    "word " * 700,
    "",
    "Ünïcode 北京 🧂 \ud800",
]

SUBJECTS = [
    "Who owns the tram line between the harbour and the hospital?",
    "The enzyme binds the substrate at two sites, and a mutation at either one halves the rate of the reaction.",
    "In the second act the tenor sings from the balcony while the chorus, unseen, answers from below the stage.",
    "A laminar boundary layer separates where the pressure rises along the surface of the aerofoil.",
    "Revenue fell 4 % to €1.2bn in the third quarter; the board left its forecast for the year as it was.",
    "Libraries that lend to one another need a common catalogue, or a reader asks in vain where a book stands.",
    "The midfielder, 23, scored twice in the last ten minutes and was carried off the pitch by his team-mates.",
    "Add the stock a ladle at a time, stirring until the rice has taken it up.",
]


def test_vectors_have_length_one_and_do_not_hang_on_their_neighbours(real_encoder) -> None:
    together = real_encoder.encode(TEXTS)
    assert together.shape == (len(TEXTS), real_encoder.dimension) and together.dtype == np.float32
    assert np.linalg.norm(together, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)
    for text, row in zip(TEXTS, together, strict=True):
        assert real_encoder.encode([text])[0].tobytes() == row.tobytes()
    assert real_encoder.encode(TEXTS[::-1])[::-1].tobytes() == together.tobytes()


def test_the_number_of_threads_changes_nothing(real_encoder) -> None:
    assert OnnxEncoder.load(threads=3).encode(TEXTS).tobytes() == real_encoder.encode(TEXTS).tobytes()


def test_like_meanings_lie_near(real_encoder) -> None:
    tram, tramway, salt = real_encoder.encode(TEXTS[:3])
    assert tram @ tramway > 0.6 > tram @ salt


def test_vectors_lie_near_those_of_the_same_weights_in_fp32(real_encoder) -> None:
    full = open_encoder(str(package_directory())).encode(SUBJECTS)
    cosines = (full * real_encoder.encode(SUBJECTS)).sum(axis=1)
    assert cosines.mean() > 0.9985 and cosines.min() > 0.998, "plain int8 has .993 and .989 for the sample questions"


def test_no_text_gives_no_row(real_encoder) -> None:
    assert real_encoder.encode([]).shape == (0, 384)


def test_tokens_are_counted_without_special_ones_and_without_limit(real_encoder) -> None:
    assert real_encoder.count_tokens("") == 0
    assert real_encoder.count_tokens("hello world") == 2
    assert real_encoder.count_tokens("word " * 700) == 700


def test_a_text_counts_by_its_first_256_word_pieces(real_encoder) -> None:
    long, cut = real_encoder.encode(["word " * 254 + "salt " * 50, "word " * 254])
    assert long.tobytes() == cut.tobytes()


def copy_of_models(tmp_path: Path) -> Path:
    return Path(shutil.copytree(MODELS, tmp_path / "models"))


def test_a_changed_graph_is_refused(tmp_path: Path) -> None:
    models = copy_of_models(tmp_path)
    graph = models / "encoder_int8.onnx"
    damaged = bytearray(graph.read_bytes())
    damaged[1000] ^= 1
    graph.write_bytes(damaged)
    with pytest.raises(ModelError, match=r"encoder_int8\.onnx has SHA-256"):
        OnnxEncoder.load(models)


@pytest.mark.parametrize(
    ("field", "message"), [("source_sha256", "source weights"), ("tokenizer_sha256", r"tokenizer\.json has SHA-256")]
)
def test_other_source_weights_or_another_tokenizer_are_refused(tmp_path: Path, field: str, message: str) -> None:
    models = copy_of_models(tmp_path)
    manifest = json.loads((models / "manifest.json").read_text())
    (models / "manifest.json").write_text(json.dumps({**manifest, field: "0" * 64}))
    with pytest.raises(ModelError, match=message):
        OnnxEncoder.load(models)


@pytest.mark.parametrize("content", [None, "", "[]", "{}", '{"name": 1}'])
def test_a_missing_or_malformed_manifest_is_one_line(tmp_path: Path, content: str | None) -> None:
    models = copy_of_models(tmp_path)
    (models / "manifest.json").unlink()
    if content is not None:
        (models / "manifest.json").write_text(content)
    with pytest.raises(ModelError) as caught:
        OnnxEncoder.load(models)
    assert "\n" not in str(caught.value)


def test_the_fingerprint_names_the_encoder_to_open(real_encoder) -> None:
    assert encoder_name(real_encoder.fingerprint) == "all-MiniLM-L6-v2"
    assert open_encoder("all-MiniLM-L6-v2").fingerprint == real_encoder.fingerprint
    assert encoder_name("no-hash") == "no-hash"


def test_a_passage_is_encoded_under_its_title() -> None:
    document = Document.create(source="/a", text="Words here.", title="Title")
    assert encoder_input(Passage.of(document, Span(0, 11), "Title › Part")) == "Title › Part\nWords here."
    assert encoder_input(Passage.of(document, Span(0, 5))) == "Words"
