"""Bytes to text: what the file declares is believed first, then UTF-8, and only then is an encoding guessed.

The text that comes out is what every offset counts from: the byte order mark is dropped, line ends stay as they are.
"""

from __future__ import annotations

import codecs
import re

from corpus.errors import SourceError

# The UTF-32 marks come first: the little-endian one begins with the mark of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"""<(?:meta|\?xml)\b[^>]{0,200}?\b(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.I)
_DECLARATION_WINDOW = 4096
_GUESS_WINDOW = 256 * 1024
_FOREIGN_LETTER = re.compile(rb"[\xc0-\xff]")
"""Where no byte of a text is above this, its foreign bytes are the quotes, dashes and currency signs of Windows."""
_GUESSED = [
    *("cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "iso8859_2", "cp874"),
    *("koi8_r", "koi8_u", "mac_roman", "mac_cyrillic", "gb18030", "big5", "cp932", "euc_jp", "cp949"),
]
"""Encodings that people's files are in; a machine's others (EBCDIC, DOS) would only find sense in line noise."""
_WESTERN = "cp1252"
_SOUND_TO_BROKEN = 10
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffe\uffff]")
_CONTROL_SHARE = 0.01
_LETTER_SHARE = 0.3
"""Of the visible characters of a text in any script at least this share are letters; in misread bytes far fewer."""


def decode(data: bytes) -> str:
    """The text of `data`; raises SourceError when it is empty, blank, binary or in no encoding that makes sense."""
    if not data:
        raise SourceError("is empty; nothing to index")
    marked = _marked(data)
    text = _checked(_unmarked(data) if marked is None else marked)
    if not text.strip():
        raise SourceError("holds only white space; nothing to index")
    return text


def _marked(data: bytes) -> str | None:
    """The text of `data` by its byte order mark, None when it has none."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                name = encoding.removesuffix("-sig").upper()
                raise SourceError(
                    f"is marked as {name} but breaks it at byte {error.start}; save it again as UTF-8"
                ) from None
    return None


def _unmarked(data: bytes) -> str:
    """The text of `data` without a mark: UTF-8 when it is that, else as the page declares, else the best guess."""
    if b"\0" in data:
        raise SourceError("is binary (it holds NUL bytes), not text; if it is UTF-16, save it again as UTF-8")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _declared(data) or _mended(data) or _guessed(data)


def _declared(data: bytes) -> str | None:
    """The text of `data` by the encoding that its HTML or XML head names, None when that is absent or wrong."""
    found = _DECLARED.search(data[:_DECLARATION_WINDOW])
    if found is None:
        return None
    name = found.group(1).decode("ascii", "replace").lower()
    try:
        # A page that says Latin-1 means Windows-1252, as every browser reads it; GB2312 means its superset likewise.
        supersets = {
            "iso-8859-1": "cp1252",
            "latin-1": "cp1252",
            "latin1": "cp1252",
            "gb2312": "gb18030",
            "gbk": "gb18030",
        }
        return data.decode(supersets.get(name, name))
    except (LookupError, UnicodeDecodeError):
        return None


def _mended(data: bytes) -> str | None:
    """UTF-8 with U+FFFD for what is broken, None unless nearly all of it is sound (a file cut short, a stray byte)."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    sound = len(text) - len(text.encode("ascii", "ignore")) - broken
    return text if sound > _SOUND_TO_BROKEN * broken else None


def _guessed(data: bytes) -> str:
    """The text of `data` in the encoding that explains its bytes best."""
    names = [_WESTERN]
    if _FOREIGN_LETTER.search(data):
        # The guess is made on the stretch where the foreign bytes are, then the whole is decoded with it.
        start = next(index for index, byte in enumerate(data) if byte > 0x7F)
        window = data[max(0, start - 1024) : start + _GUESS_WINDOW]
        if start + _GUESS_WINDOW < len(data):
            # A character of several bytes that is cut in half would speak against its own encoding.
            window = window[: window.rfind(b"\n") + 1] or window
        names.insert(0, _best_encoding(window))
    for name in names:
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        if _reads_as_text(text):
            return text
    raise SourceError("is in no encoding that gives readable text; save it again as UTF-8")


def _best_encoding(window: bytes) -> str:
    """The encoding that makes most sense of `window`; the western one where another makes no more sense than it."""
    from charset_normalizer import from_bytes  # slow; plain UTF-8 never needs it

    matches = from_bytes(window, cp_isolation=_GUESSED)
    best = matches.best()
    if best is None:
        return _WESTERN
    as_good = (match for match in matches if match.chaos <= best.chaos and match.coherence >= best.coherence)
    return _WESTERN if any(_WESTERN in match.could_be_from_charset for match in as_good) else best.encoding


def _reads_as_text(text: str) -> bool:
    """Whether `text` looks written by people: mostly letters, hardly any control characters."""
    sample = text[:_GUESS_WINDOW]
    visible = sum(not character.isspace() for character in sample)
    letters = sum(character.isalpha() for character in sample)
    return letters >= _LETTER_SHARE * visible and len(_CONTROL.findall(sample)) <= _CONTROL_SHARE * len(sample)


def _checked(text: str) -> str:
    """`text` itself; raises SourceError when control characters or lone surrogates show that it is not text."""
    controls = sum(1 for _ in _CONTROL.finditer(text))
    if controls > max(1.0, _CONTROL_SHARE * len(text)) or "\0" in text:
        raise SourceError("is binary (too many control characters), not text; convert it to text first")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise SourceError(f"holds half of a character at position {error.start}; save it again as UTF-8") from None
    return text
