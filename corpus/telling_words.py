"""Single words, in small letters, that tell one story from another that is worded alike."""

from __future__ import annotations

import re

NUMBER = re.compile(
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    "sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|"
    "hundreds|thousand|thousands|million|millions|billion|billions|trillion|trillions|dozen|dozens|half|"
    "halves|third|thirds|quarter|quarters|double|doubled|triple|tripled|twice|once|first|second|fourth|"
    "fifth|sixth|seventh|eighth|ninth|tenth|last|next"
)
"""Numbers in words, and what counts without saying how far."""

DAY = re.compile(
    "monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|june|july|"
    "august|september|october|november|december|yesterday|today|tomorrow"
)
"""Without "may", which is mostly another word: where it is a month, a figure stands beside it."""

TURN = re.compile(
    "not|no|never|none|nothing|nobody|neither|nor|without|cannot|rose|rise|rises|rising|fell|fall|falls|"
    "falling|up|down|increase|increased|increases|decrease|decreased|decreases|grew|grow|shrank|shrink|"
    "gain|gained|lost|lose|loss|losses|profit|more|less|fewer|higher|lower|above|below|over|under|before|"
    "after|won|win|beat|defeated|approved|rejected|accepted|refused|confirmed|denied|guilty|cleared|"
    "opened|closed|opens|closes|added|removed|all|some|most|many|few|yes|best|worst|largest|smallest|"
    "highest|lowest|north|south|east|west|left|right|men|women"
)
"""Words of which another in the same place turns what is told."""

AGENCY = re.compile("reuters|ap|afp|pa|dpa|upi|tass|ansa|efe|xinhua|bloomberg|press|association|associated|agency")
"""Names of news agencies: papers put them in or leave them out."""
