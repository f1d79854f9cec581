"""What an index in a folder lacks of several others: documents, and what is remembered of the files they came from.

Two places cut the same document differently where a line of it repeats in one folder and not in the other. So a
document that is stored otherwise is looked at once more: if the cut is all that differs, it is not brought in again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from corpus.errors import IndexDamagedError
from corpus.metadata import retitled
from corpus.sources import file_of
from index.looks import FileRecord, incomplete
from index.store import Store
from index.stored import Stored, stored_documents
from index.truth_check import is_whole
from index.truths import documents_of_each


@dataclass(slots=True)
class Share:
    """What is to be brought in of one truth."""

    store: Store
    lacking: list[Stored] = field(default_factory=list)
    records: dict[str, FileRecord] = field(default_factory=dict)
    """By id of a document: that of its file, with the last document of the file that is lacking."""
    touched: list[FileRecord] = field(default_factory=list)
    """Of files that look otherwise and whose documents are all there."""
    unsure: list[FileRecord] = field(default_factory=list)
    """What is remembered, until the last of them is in, of files with documents that are lacking."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be brought in of all, and what is to go."""

    shares: list[Share]
    gone: list[str]
    """Ids of documents."""
    added: int
    updated: int
    unchanged: int

    @property
    def passages(self) -> int:
        """Of the documents lacking."""
        return sum(one.passages for share in self.shares for one in share.lacking)


def planned(stores: Sequence[Store], target: Store, *, prune: bool) -> Plan:
    """What `target` lacks of `stores`; raises UsageError for a document that is in two of them."""
    there = {one.id: one for one in stored_documents(target, copies=False)}
    found = list(documents_of_each(stores, copies=False))
    seen = {one.id for _, documents in found for one in documents}
    others = [one for one in there.values() if one.id not in seen]
    known = target.files()
    shares = [_share(store, documents, there, () if prune else others, target, known) for store, documents in found]
    lacking = [one.id for share in shares for one in share.lacking]
    added = sum(key not in there for key in lacking)
    gone = [one.id for one in others] if prune else []
    return Plan(shares, gone, added, len(lacking) - added, len(seen) - len(lacking))


def _share(
    store: Store,
    documents: Sequence[Stored],
    there: Mapping[str, Stored],
    staying: Sequence[Stored],
    target: Store,
    known: Mapping[str, FileRecord],
) -> Share:
    """`staying` are documents of the target that no truth has."""
    files = store.files()
    # A file of which the target keeps more than there is now is to be read by the next build, which removes that.
    for file in {file_of(one.source, files) for one in staying} & files.keys():
        files[file] = incomplete(files[file])
    share, last = Share(store), dict[str, str]()
    for one in documents:
        file = file_of(one.source, files)
        if not _holds(store, target, one, there.get(one.id), sure=files.get(file) == known.get(file)):
            share.lacking.append(one)
            last[file] = one.id
    share.records = {key: files[file] for file, key in last.items() if file in files}
    share.unsure = [incomplete(known[file]) for file in last if file in known]
    share.touched = [record for file, record in files.items() if file not in last and known.get(file) != record]
    return share


def _holds(store: Store, target: Store, one: Stored, other: Stored | None, *, sure: bool) -> bool:
    """Whether the target has this document; where its file is not `sure` to be the same, also whether it is whole."""
    if other is None:
        return False
    if other.version == one.version:
        return sure or is_whole(target, one.id)
    before, after = store.folder.repeated(one.id), target.folder.repeated(one.id)
    if before == after or not is_whole(target, one.id):
        return False
    try:
        return target.document(one.id) == retitled(store.document(one.id), before, after)
    except IndexDamagedError:
        return False
