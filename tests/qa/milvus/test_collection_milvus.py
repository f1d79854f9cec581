"""A collection in Milvus as the page and programs see it."""

from __future__ import annotations

import shutil
from contextlib import closing

from index import build
from index.encoder import open_encoder
from index.engines.milvus.opening import open_milvus
from index.leveling import level
from qa.collection import Counted, MilvusCollection, counts_of
from qa.filters.types import Filters
from qa.metered import MeteredCollection
from qa.metrics import Metrics
from qa.pipeline import Pipeline
from qa.retriever import HybridRetriever


def test_a_collection_lists_counts_answers_and_follows(articles, lite_milvus, tmp_path):
    place, built = lite_milvus.place(tmp_path), tmp_path / "own.index"
    articles = shutil.copytree(articles, tmp_path / "articles")
    build([articles], built, encoder=open_encoder())
    level([built], place)
    with Pipeline.over(HybridRetriever.open_place(place)) as pipeline, closing(open_milvus(place)) as engine:
        collection = MeteredCollection(MilvusCollection("town", engine, pipeline), Metrics())
        assert isinstance(collection, Counted)
        listing = collection.listing()
        assert [one.title for one in listing.documents] == [document.title for document in engine.documents()]
        counts = counts_of(collection)
        assert (counts.documents, counts.passages) == (len(listing.documents), listing.passages)
        assert collection.listing() is listing
        answer = collection.ask("How many berths does the harbour of Port Ellery have?")
        assert answer.text == "31"
        assert collection.document(answer.citations[0].document_id).sha256 == answer.citations[0].document_sha256
        (articles / "later.txt").write_text("A later article\n\nThe lighthouse of Port Ellery has 97 steps.\n")
        build([articles], built, encoder=open_encoder())
        level([built], place)
        assert len(collection.listing().documents) == len(listing.documents) + 1
        late = collection.ask("How many steps does the lighthouse of Port Ellery have?")
        assert late.text is not None
        assert "97" in late.text
        nowhere = pipeline.ask("How many steps does the lighthouse have?", filters=Filters(source="*harbour*"))
        assert nowhere.text is None or "97" not in nowhere.text
