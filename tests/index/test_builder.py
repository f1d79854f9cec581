import shutil
from pathlib import Path

import pytest

from corpus.errors import EncoderMismatchError, IndexUnavailableError, StorageError, UsageError
from corpus.settings import ChunkSettings
from index import build, hybrid_search, open_index, status
from index.builder import BuildSettings
from index.search import SearchSettings
from index.store import Store


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "index"


def everything(directory: Path) -> list[tuple]:
    """All that an index holds but its keys and generations."""
    store = Store(directory)
    texts = [(row.context, row.text) for row in store.rows_since(0)]
    vectors = {text: store.vectors.of_inputs([f"{c}\n{text}" if c else text]) for c, text in texts}
    documents = [store.document(document_id) for document_id in store.document_ids()]
    store.close()
    return [documents, texts, {k: {t: v.tobytes() for t, v in found.items()} for k, found in vectors.items()}]


def answers(directory: Path, encoder) -> list:
    engine = open_index(directory)
    found = [hybrid_search(engine, encoder, query, 9) for query in ("tram", "salt heat", "Marrowick gallery", "!")]
    engine.close()
    return found


def names(sources: tuple[str, ...]) -> list[str]:
    return [Path(source).name for source in sources]


def test_a_build_can_be_searched(articles: Path, directory: Path, encoder) -> None:
    report = build([articles], directory, encoder=encoder)
    assert names(report.added) == ["gallery.txt", "salt.txt", "tram.txt"]
    assert (report.updated, report.unchanged, report.removed, report.refused) == ((), (), (), ())
    assert report.passages_embedded == len(encoder.encoded) == status(directory).passages
    with open_index(directory, encoder) as engine:
        best = hybrid_search(engine, encoder, "molten salt battery", 2)[0]
        document = engine.document(best.passage.document_id)
        assert document.source.endswith("salt.txt")
        assert best.passage.span.of(document.text) == best.passage.text
        assert best.dense is not None and best.lexical is not None and 0 < best.score <= 1


def test_nothing_changed_embeds_nothing(articles: Path, directory: Path, encoder) -> None:
    first = build([articles], directory, encoder=encoder)
    encoder.encoded.clear()
    again = build([articles], directory, encoder=encoder)
    assert encoder.encoded == []
    assert again.unchanged == first.added
    assert (again.generation, again.passages_embedded) == (first.generation, 0)


def test_one_change_embeds_its_passages_only(articles: Path, directory: Path, encoder) -> None:
    build([articles], directory, encoder=encoder)
    encoder.encoded.clear()
    (articles / "tram.txt").write_text("The bus line\n\nA bus opened instead.\n")
    report = build([articles], directory, encoder=encoder)
    assert (names(report.updated), names(report.unchanged)) == (["tram.txt"], ["gallery.txt", "salt.txt"])
    assert len(encoder.encoded) == report.passages_embedded == 1
    with open_index(directory) as engine:
        assert engine.search_lexical("tram", 5) == []
        assert len(engine.search_lexical("bus", 5)) == 1


def test_a_moved_file_keeps_its_vectors(articles: Path, directory: Path, encoder) -> None:
    build([articles], directory, encoder=encoder)
    encoder.encoded.clear()
    (articles / "sub").mkdir()
    (articles / "tram.txt").rename(articles / "sub" / "line.txt")
    report = build([articles], directory, encoder=encoder)
    assert (names(report.added), names(report.removed), report.passages_embedded) == (["line.txt"], ["tram.txt"], 0)
    assert encoder.encoded == []


def test_gone_files_go_and_documents_from_elsewhere_stay(
    articles: Path, directory: Path, encoder, tmp_path: Path
) -> None:
    other = tmp_path / "articles-2"
    shutil.copytree(articles, other)
    build([articles, other], directory, encoder=encoder)
    (articles / "salt.txt").unlink()
    kept = build([articles], directory, encoder=encoder, settings=BuildSettings(prune=False))
    assert (kept.removed, status(directory).documents) == ((), 6)
    report = build([articles], directory, encoder=encoder)
    assert report.removed == (str(articles / "salt.txt"),)
    assert status(directory).documents == 5
    build([other / "salt.txt"], directory, encoder=encoder)  # one file named: its neighbours are not asked about
    assert status(directory).documents == 5


def test_a_file_that_cannot_be_read_now_keeps_its_last_version(articles: Path, directory: Path, encoder) -> None:
    build([articles], directory, encoder=encoder)
    before = everything(directory)
    (articles / "tram.txt").write_bytes(b"\x00\x01\x02" * 500)
    report = build([articles], directory, encoder=encoder)
    assert [Path(refusal.source).name for refusal in report.refused] == ["tram.txt"]
    assert report.removed == ()
    assert everything(directory) == before


@pytest.mark.parametrize("make", ["missing", "empty"])
def test_a_bad_path_changes_nothing(articles: Path, directory: Path, encoder, tmp_path: Path, make: str) -> None:
    build([articles], directory, encoder=encoder)
    before = everything(directory)
    if make == "empty":
        (tmp_path / "bad").mkdir()
    with pytest.raises(UsageError):
        build([tmp_path / "bad"], directory, encoder=encoder)
    for path in articles.iterdir():
        path.unlink()
    with pytest.raises(UsageError):  # an emptied folder is more likely unmounted than meant
        build([articles], directory, encoder=encoder)
    assert everything(directory) == before
    with pytest.raises(UsageError):
        build([tmp_path / "bad"], tmp_path / "new", encoder=encoder)
    assert not (tmp_path / "new").exists()


def test_steps_and_a_single_build_end_alike(articles: Path, directory: Path, encoder, tmp_path: Path) -> None:
    texts = {path.name: path.read_text() for path in articles.iterdir()}
    (articles / "salt.txt").write_text("Another text\n\nAbout a tram and a gallery of salt.\n")
    (articles / "more.md").write_text("# More\n\nWords that will go.\n")
    build([articles], directory, encoder=encoder)
    (articles / "salt.txt").write_text(texts["salt.txt"])
    (articles / "more.md").unlink()
    build([articles], directory, encoder=encoder)
    build([articles], tmp_path / "at once", encoder=encoder)
    assert everything(directory) == everything(tmp_path / "at once")
    assert answers(directory, encoder) == answers(tmp_path / "at once", encoder)


def test_one_text_in_two_files_is_embedded_once(articles: Path, directory: Path, encoder) -> None:
    shutil.copy(articles / "tram.txt", articles / "copy.txt")
    build([articles], directory, encoder=encoder)
    assert len(encoder.encoded) == len(set(encoder.encoded)) == 3
    assert status(directory).documents == 4


def test_other_passage_sizes_cut_everything_anew(articles: Path, directory: Path, encoder, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    sentences = " ".join(f"Sentence number {number} tells of a thing." for number in range(40))
    (other / "long.txt").write_text(f"A long one\n\n{sentences}\n")
    build([articles, other], directory, encoder=encoder)
    small = BuildSettings(passages=ChunkSettings(target=24, overlap=8, maximum=40, sentence=20))
    report = build([articles], directory, encoder=encoder, settings=small)
    assert names(report.updated) == ["gallery.txt", "salt.txt", "tram.txt", "long.txt"]
    again = build([articles, other], directory, encoder=encoder, settings=small)
    assert len(again.unchanged) == 4 and again.passages_embedded == 0
    build([articles, other], tmp_path / "at once", encoder=encoder, settings=small)
    assert everything(directory) == everything(tmp_path / "at once")


def test_another_encoder_is_refused(articles: Path, directory: Path, encoder) -> None:
    build([articles], directory, encoder=encoder)
    other = type(encoder)("other")
    with pytest.raises(EncoderMismatchError, match="made by encoder bag@1, not other@1: use 'bag'"):
        build([articles], directory, encoder=other)
    with pytest.raises(EncoderMismatchError):
        open_index(directory, other)
    build([articles], directory, encoder=encoder)  # the lock was given back


def test_another_version_of_the_same_encoder_is_told_to_build_anew(articles: Path, directory: Path, encoder) -> None:
    build([articles], directory, encoder=encoder)
    later = type(encoder)("bag")
    later.fingerprint = "bag@2"
    with pytest.raises(EncoderMismatchError, match="bag@1, not bag@2: build it anew, into another directory"):
        open_index(directory, later)


def test_a_directory_of_something_else_is_left_alone(articles: Path, encoder) -> None:
    with pytest.raises(IndexUnavailableError, match="holds files but no index"):
        build([articles], articles, encoder=encoder)
    assert len(list(articles.iterdir())) == 3


def test_an_index_inside_the_folder_is_not_indexed(articles: Path, encoder) -> None:
    for _ in range(2):
        report = build([articles], articles / "index", encoder=encoder)
        assert report.refused == ()
    assert len(report.unchanged) == 3


def test_a_damaged_text_is_healed_from_its_file(articles: Path, directory: Path, encoder) -> None:
    build([articles], directory, encoder=encoder)
    before = everything(directory)
    store = Store(directory, writable=True)
    store.rows.connection.execute("UPDATE documents SET text = text || 'x' WHERE source LIKE '%salt.txt'")
    store.close()
    report = build([articles], directory, encoder=encoder)
    assert names(report.updated) == ["salt.txt"]
    assert everything(directory) == before


def test_a_failing_encoder_keeps_the_batches_before(
    articles: Path, directory: Path, encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.batch.PASSAGES_A_BATCH", 1)
    encode = encoder.encode

    def fail_on_salt(texts):
        if any("salt" in text for text in texts):
            raise StorageError("the disk refused")
        return encode(texts)

    monkeypatch.setattr(encoder, "encode", fail_on_salt)
    with pytest.raises(StorageError):
        build([articles], directory, encoder=encoder)
    monkeypatch.setattr(encoder, "encode", encode)
    assert status(directory).documents == 1
    encoder.encoded.clear()
    report = build([articles], directory, encoder=encoder)
    assert (names(report.unchanged), len(encoder.encoded)) == (["gallery.txt"], 2)


def test_progress_counts_up_to_the_end(articles: Path, directory: Path, encoder) -> None:
    seen = []
    build([articles], directory, encoder=encoder, progress=seen.append)
    assert [progress.done for progress in seen] == [0, 1, 2, 3]
    assert {progress.total for progress in seen} == {3}
    assert seen[-1].passages_embedded == 3


@pytest.mark.parametrize("method", ["min-max", "rrf", "dense", "lexical"])
def test_every_method_finds_the_article(articles: Path, directory: Path, encoder, method: str) -> None:
    build([articles], directory, encoder=encoder)
    with open_index(directory) as engine:
        found = hybrid_search(engine, encoder, "molten salt", 3, settings=SearchSettings(method=method))
        assert "molten salt" in found[0].passage.text
        assert hybrid_search(engine, encoder, "  ", 3, settings=SearchSettings(method=method)) == []
        with pytest.raises(UsageError, match="limit"):
            hybrid_search(engine, encoder, "salt", 0)


@pytest.mark.parametrize("numbers", [{"weight": 1.5}, {"weight": -0.1}, {"candidates": 0}])
def test_settings_that_make_no_sense_are_refused(numbers: dict) -> None:
    with pytest.raises(UsageError):
        SearchSettings(**numbers)


def test_the_real_encoder_end_to_end_twice(articles: Path, directory: Path, real_encoder, tmp_path: Path) -> None:
    build([articles], directory, encoder=real_encoder)
    build([articles], tmp_path / "second", encoder=real_encoder)
    assert everything(directory) == everything(tmp_path / "second")
    with open_index(directory, real_encoder) as engine:
        found = hybrid_search(engine, real_encoder, "How long does the store keep warm?", 3)
    assert "molten salt" in found[0].passage.text


def test_a_document_replaced_during_a_search_is_searched_again(
    articles: Path, directory: Path, encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    build([articles], directory, encoder=encoder)
    with open_index(directory) as engine:
        search, replaced = engine.search_both, []

        def replace_meanwhile(vector, query: str, limit: int, where=None):
            found = search(vector, query, limit, where)
            if not replaced:
                replaced.append(True)
                (articles / "tram.txt").write_text("The tram\n\nIt was replaced by another tram line in the end.\n")
                build([articles], directory, encoder=encoder)
            return found

        monkeypatch.setattr(engine, "search_both", replace_meanwhile)
        found = hybrid_search(engine, encoder, "tram", 9)
        assert "replaced" in found[0].passage.text and len(found) == 3
