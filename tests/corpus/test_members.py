"""Archives: what is in them, what is passed over, and what is a bomb."""

import gzip
import io
import tarfile
import time
import zipfile

import pytest

from benchmarks.packed_writers import packed, tarred
from corpus.errors import SourceError
from corpus.loaders.limits import LIMITS, Limits
from corpus.loaders.load import load_all
from corpus.loaders.members import members

TEXT = b"The harbour is open."


def bomb(size=100_000_000):
    return packed({"0.txt": TEXT, "a.txt": b"0" * size})


def inside(name, data, limits=LIMITS):
    return [(member.source, member.reason) for member in members("S", name, data, limits)]


def test_the_rules_of_a_folder_hold_inside(tmp_path):
    files = {
        "b/a.txt": TEXT,
        ".hidden.txt": TEXT,
        "photo.jpg": b"x",
        "__MACOSX/a.txt": TEXT,
        "../out.txt": TEXT,
        "/abs.txt": TEXT,
    }
    assert sorted(inside("a.zip", packed(files))) == [
        ("S!/../out.txt", "leads out of its archive"),
        ("S!/.hidden.txt", "hidden"),
        ("S!//abs.txt", "leads out of its archive"),
        ("S!/__MACOSX/a.txt", "a file of the system's own"),
        ("S!/b/a.txt", None),
        ("S!/photo.jpg", "no loader for '.jpg' files"),
    ]


def test_links_and_devices_in_a_tar_are_passed_over():
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for name, kind in (
            ("link.txt", tarfile.SYMTYPE),
            ("hard.txt", tarfile.LNKTYPE),
            ("pipe.txt", tarfile.FIFOTYPE),
        ):
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = kind, "/etc/passwd"
            archive.addfile(entry)
    assert {reason for _, reason in inside("a.tar.gz", stream.getvalue())} == {
        "is a link or a device, not a regular file"
    }


def test_archives_in_archives_up_to_a_limit():
    data = packed({"a.txt": TEXT})
    for _ in range(2):
        data = packed({"inner.zip": data, "b.txt": TEXT})
    assert ("S!/inner.zip!/inner.zip!/a.txt", None) in inside("a.zip", data)
    deeper = inside("a.zip", packed({"inner.zip": data}))
    assert ("S!/inner.zip!/inner.zip!/b.txt", None) in deeper
    assert ("S!/inner.zip!/inner.zip!/inner.zip", "holds archives nested deeper than 3; unpack it yourself") in deeper


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.zip", bomb(), "unpacks to more than 1,0.. times its size"),
        ("a.zip", packed({f"{n}.txt": b"0" * 30_000_000 for n in range(20)}), "unpacks to 572 MB or more"),
        ("a.txt.gz", gzip.compress(b"0" * 50_000_000), "unpacks to more than"),
        ("a.tar.gz", tarred({"a.txt": b"0" * 50_000_000}), "unpacks to more than"),
        ("a.zip", bomb()[:-30], "damaged zip container"),
        ("a.txt.gz", gzip.compress(TEXT)[:-9], "cut short"),
        ("a.txt.gz", b"\x1f\x8b\x08\x00" + b"\xff" * 30, "damaged"),
        ("a.zip", packed({f"{n}.txt": b"" for n in range(10_001)}), "holds 10,001 files"),
    ],
)
@pytest.mark.timeout(60)
def test_a_bomb_is_refused_at_once(name, data, reason):
    started = time.process_time()
    with pytest.raises(SourceError, match=reason):
        inside(name, data)
    assert time.process_time() - started < 5


def test_a_bomb_inside_costs_only_itself():
    found = inside("a.zip", packed({"bomb.zip": bomb(), "fine.txt": TEXT}))
    assert found[1] == ("S!/fine.txt", None)
    assert "as bombs do" in found[0][1]


def test_a_member_that_is_too_large_or_protected_costs_only_itself():
    small = Limits(text_bytes=100)
    found = dict(inside("a.zip", packed({"a.txt": b"x y " * 50, "b.txt": TEXT}), small))
    assert found["S!/b.txt"] is None
    assert "over the limit" in found["S!/a.txt"]
    data = bytearray(packed({"a.txt": TEXT}))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        where = archive.start_dir
    data[6] |= 1
    data[where + 8] |= 1
    assert "take its password off" in inside("a.zip", bytes(data))[0][1]


def test_a_name_that_lies_is_overruled_by_the_content(tmp_path):
    (tmp_path / "a.txt").write_bytes(gzip.compress(TEXT))
    assert load_all(tmp_path / "a.txt").documents[0].text == TEXT.decode()
    (tmp_path / "sheet.zip").write_bytes(packed({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"}))
    with pytest.raises(SourceError, match="is a spreadsheet"):
        load_all(tmp_path / "sheet.zip")
    (tmp_path / "old.docx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100)
    with pytest.raises(SourceError, match="old office program"):
        load_all(tmp_path / "old.docx")


def test_gzip_of_several_members():
    assert [
        member.data for member in members("S", "a.txt.gz", gzip.compress(b"One. ") + gzip.compress(b"Two."), LIMITS)
    ] == [b"One. Two."]
