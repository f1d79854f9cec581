"""Bytes to text: encodings that are believed, guessed and refused."""

import gzip
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import SourceError
from corpus.loaders.decode import decode

FRENCH = "Le maire de Besançon a annoncé que l’été serait très chaud à Orléans."
GERMAN = "Die Größe der Zone beträgt 19,6 Milliarden; eine Überraschung für Köln."
SPANISH = "El año pasado la niña comió en Ávila más de lo que soñó."
POLISH = "Zażółć gęślą jaźń w Łodzi, powiedział burmistrz."
RUSSIAN = "Сямэнь является одним из самых конкурентоспособных городов Китая. Зона была основана в 1991 году."
CHINESE = "厦门火炬高技术产业开发区成立于1991年，是国家级高新区。"
ENGLISH = "The zone’s “output” – 19.6 billion £ – rose."


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1).filter(lambda text: text.strip()))
def test_utf_8_comes_back_to_the_letter(text):
    assert decode(b"\xef\xbb\xbf" + text.encode()) == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_is_believed_and_dropped(encoding):
    assert decode(ENGLISH.encode(encoding)) == ENGLISH


def test_line_ends_stay_as_they_are():
    assert decode(b"One.\r\nTwo.\rThree.\n") == "One.\r\nTwo.\rThree.\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (FRENCH, "cp1252"),
        (GERMAN, "cp1252"),
        (ENGLISH, "cp1252"),
        (SPANISH, "cp1252"),
        (POLISH, "cp1250"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (CHINESE, "gb18030"),
    ],
)
def test_other_encodings_are_guessed(text, encoding):
    assert decode(text.encode(encoding)) == text


def test_what_a_page_declares_goes_before_a_guess():
    page = f'<html><head><meta charset="gb2312"><title>{CHINESE}</title></head><body>ok</body></html>'
    assert decode(page.encode("gb18030")) == page
    wrong = f'<html><head><meta charset="no-such-encoding"></head><body>{FRENCH}</body></html>'
    assert decode(wrong.encode("cp1252")) == wrong


def test_a_file_cut_in_the_middle_of_a_character_is_still_utf_8():
    assert decode((CHINESE * 5).encode()[:-1]) == (CHINESE * 5)[:-1] + "\ufffd"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b" \r\n\t\xc2\xa0", "only white space"),
        (b"\xef\xbb\xbf", "only white space"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary"),
        ("no mark".encode("utf-16-le"), "UTF-16"),
        (b"\xff\xfeabc", "marked as UTF-16"),
        (b"a\x01\x02\x03\x04b", "control characters"),
        (gzip.compress(b"hello " * 100, mtime=0).replace(b"\0", b""), "no encoding"),
        (random.Random(1).randbytes(5000).replace(b"\0", b""), "no encoding"),
    ],
)
def test_what_is_no_text_is_refused_with_a_reason(data, reason):
    with pytest.raises(SourceError, match=reason) as refusal:
        decode(data)
    assert "\n" not in str(refusal.value)


@given(st.binary(max_size=400))
def test_any_bytes_give_clean_text_or_a_refusal(data):
    try:
        text = decode(data)
    except SourceError:
        return
    assert text.strip()
    text.encode("utf-8")
    assert "\0" not in text
