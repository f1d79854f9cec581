"""Words that bound a number or a date: they tell two wordings apart, not two values."""

from __future__ import annotations

import re

QUALIFIER = re.compile(
    r"(?:(?:(?:no|not|slightly|just|well|a little|far)\s)?(?:more|less|fewer|greater|higher|lower|larger)\sthan"
    r"|(?:just\s|well\s|slightly\s)?(?:over|under|above|below|beyond)|about|around|nearly|almost|approximately|roughly|circa|c\."
    r"|at\s(?:least|most)|up\sto|as\s(?:many|much|few|little|high|low)\sas|close\sto|(?:an\s)?estimated|some|only|exactly|exceeding|"
    r"a\stotal\sof|early|late|mid|the\send\sof|~|≈|>|<)(?:\s|(?<=[~≈><]))\s?",
    re.IGNORECASE,
)
