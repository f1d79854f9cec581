"""How `corpus/punkt_parameters.json` was made: `python -m training.punkt CONTEXTS.jsonl.gz`.

Punkt learns, without any labels, which words end in a full stop that ends no sentence. What it learned from the
encyclopaedic contexts was read through by hand: abbreviations of dotted letters and those of `CONFIRMED` are kept, the
rest (code names, foreign words that happened to stand before a full stop) is not. The abbreviations of `KNOWN` are
added, because a text of a few megabytes does not hold each of them often enough.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from nltk.tokenize.punkt import PunktParameters, PunktTrainer

SETS = frozenset(
    {
        "squad1_du11k",
        "squad1_sub5k",
        "squad2_devhalf",
        "squadshifts_newwiki",
        "tydiqa_en",
        "afriqa_en",
        "nq_oracle",
        "fairytaleqa",
    }
)
OUTPUT = Path(__file__).parents[1] / "corpus" / "punkt_parameters.json"
FREQUENT = 40
"""Occurrences from which on a word's use of capitals is kept: rarer words say little and would make the file large."""
LOWER_SHARE = 0.2
"""Of a word's occurrences in lower case, below which it counts as a name: "smith" once does not make Smith a noun."""
WORD = re.compile(r"[^\W\d_]{2,}")
"""A single letter is left out: before a full stop it is an initial, whatever capitals it is seen in elsewhere."""

TITLES = (
    "mr mrs ms messrs dr prof st ste mt ft sr jr rev hon fr capt cpt cmdr col lt sgt cpl pvt maj gen adm sen rep gov "
    "pres supt det insp mgr esq"
)
FIRMS = "co ltd inc corp bros plc llc dept univ assn assoc est intl mfg"
DOTTED = "u.s u.k u.n e.u u.s.a u.s.s.r d.c p.r.c ph.d m.d b.a m.a b.sc m.sc m.p a.m p.m b.c a.d b.c.e c.e n.y n.j"
REFERENCES = "no nos vol vols pp pg ed eds fig figs ch sec para ref op seq sp spp vs e.g i.e etc cf ca approx al viz"
CALENDAR = "jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri"
PLACES = "ave blvd rd hwy sq apt tel ext calif conn penn tex fla mich minn wis ariz colo ga va fl ky"
MEASURES = "lb lbs oz"
KNOWN = frozenset(" ".join((TITLES, FIRMS, DOTTED, REFERENCES, CALENDAR, PLACES, MEASURES)).split())
"""Abbreviations of English news. Those that are everyday words too (art, mass, ill, min) are left out on purpose."""

DOTTED_LETTERS = re.compile(r"[a-z](?:\.[a-z]){1,4}")
CONFIRMED = frozenset({"abbr", "adj", "heb", "lat", "pl", "syn", "tr", "translit"})
"""Learned, and right. Single letters are left out: Punkt treats them as initials, which it decides by what follows."""
NO_STARTERS = frozenset(
    {
        "beyoncé",
        "bostwick",
        "brisby",
        "clair",
        "dery",
        "jeremy",
        "lawrence",
        "louis",
        "mcgregor",
        "ronaldo",
        "tittlemouse",
    }
)
"""Learned as words that begin sentences, but names of single stories or halves of St. Louis and St. Clair."""
STARTERS = frozenset(
    {"a", "an", "as", "that", "those", "what", "why", "how", "on", "for", "from", "with", "by", "not", "their", "her"}
)
"""Begin sentences too often to be part of a name after an abbreviation."""


def contexts(path: Path) -> Iterator[str]:
    """The distinct contexts of the chosen sets, in the order of the file."""
    seen: set[str] = set()
    with gzip.open(path, "rt", encoding="utf-8") as rows:
        for line in rows:
            row = json.loads(line)
            if row["dataset"] in SETS and row["context"] not in seen:
                seen.add(row["context"])
                yield row["context"]


def learn(path: Path) -> tuple[PunktParameters, frozenset[str]]:
    """What Punkt learns from the contexts in `path`, and the frequent words there that are no names."""
    trainer = PunktTrainer()
    spellings: Counter[str] = Counter()
    for context in contexts(path):
        trainer.train(context, finalize=False)
        spellings.update(WORD.findall(context))
    trainer.finalize_training()
    totals: Counter[str] = Counter()
    for spelling, count in spellings.items():
        totals[spelling.lower()] += count
    common = {word for word, count in totals.items() if count >= FREQUENT and spellings[word] >= LOWER_SHARE * count}
    return trainer.get_params(), frozenset(common)


def prune(learned: PunktParameters, common: frozenset[str]) -> dict[str, object]:
    """The parameters to ship, as JSON values."""
    confirmed = {word for word in learned.abbrev_types if word in CONFIRMED or DOTTED_LETTERS.fullmatch(word)}
    pairs = sorted(pair for pair in learned.collocations if "##number##" not in pair)
    words = sorted(common & set(learned.ortho_context))
    return {
        "abbreviations": sorted(confirmed | KNOWN),
        "collocations": [list(pair) for pair in pairs],
        "sentence_starters": sorted((learned.sent_starters - NO_STARTERS) | STARTERS),
        "capitals": {word: learned.ortho_context[word] for word in words},
    }


def main() -> None:
    """Learn, prune and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("contexts", type=Path, help="gzipped JSONL whose rows have `dataset` and `context`")
    parser.add_argument("--out", type=Path, default=OUTPUT)
    options = parser.parse_args()
    shipped = prune(*learn(options.contexts))
    lines = (f"{json.dumps(name)}: {json.dumps(part, ensure_ascii=False)}" for name, part in shipped.items())
    options.out.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
