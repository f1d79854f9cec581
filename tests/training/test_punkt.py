"""The recipe of the sentence parameters, on a handful of contexts."""

import gzip
import json

from training.punkt import KNOWN, contexts, learn, prune


def rows(folder, *pairs):
    path = folder / "rows.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        for dataset, context in pairs:
            file.write(json.dumps({"dataset": dataset, "context": context}) + "\n")
    return path


def test_each_context_of_the_chosen_sets_is_read_once(tmp_path):
    path = rows(tmp_path, ("tydiqa_en", "One."), ("tydiqa_en", "One."), ("tweetqa", "Two."), ("nq_oracle", "Three."))
    assert list(contexts(path)) == ["One.", "Three."]


def test_what_is_shipped_is_learned_then_pruned(tmp_path):
    text = (
        "The U.S. zone grew in the year. The smith saw the zone. Smith and Smith and Smith and Smith and Smith left. "
        * 50
    )
    shipped = prune(*learn(rows(tmp_path, ("tydiqa_en", text))))
    assert set(shipped) == {"abbreviations", "collocations", "sentence_starters", "capitals"}
    assert set(shipped["abbreviations"]) >= KNOWN
    assert "zone" in shipped["capitals"]
    assert "smith" not in shipped["capitals"]
