"""Page furniture in plain text: what a web page puts around an article and a reader would never quote.

A rule matches a whole line or nothing, so that a sentence which merely speaks of cookies or copyright stays. Lines that
could be an article's own words count only near its head or foot.
"""

from __future__ import annotations

import re

from corpus.dates import DATE_TIME_PATTERN

MAX_LINE = 300
"""Characters; no line of furniture is longer, and no pattern is tried on one that is."""

_NETWORK = (
    r"(?:facebook|twitter|x|linkedin|whatsapp|wechat|weibo|instagram|youtube|pinterest|reddit|telegram|tumblr|e-?mail|"
    r"tiktok|rss|messenger|line)"
)
_GAP = r"[\s|/,·•:–—-]{1,5}"
_TOOL = r"(?:print|l\s?m\s?s|large\s?medium\s?small|a[-+]?\s?a[-+]?(?:\s?a[-+]?)?|share|e-?mail|save|comments?)"
_SITE = r"(?:[\w.-]{1,40}\.[a-z]{2,6}|(?!by\s)[\w .'&-]{2,60})"
_DATE_LABEL = r"(?:last\s)?(?:updated|modified|published|posted|date)(?:\s(?:on|at))?"
_PICTURE = r"(?:photos?|image|picture|file\sphoto|illustration|graphics?|video)"
_REGISTRATION = "公网安备证号第ICP京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
"""The letters of Chinese site registrations: the provinces' short names and the words around the number."""
_MENU_WORD = (
    r"(?:about(?:\sus)?|contact(?:\sus)?|privacy(?:\s(?:policy|notice))?|terms(?:\s(?:of\s(?:use|service)|and\sconditions))?|imprint|"
    r"site\s?map|careers|jobs|help|advertise(?:\swith\sus)?|cookies?(?:\s(?:policy|settings))?|accessibility|log\s?in|sign\s?in|"
    r"register|subscribe|search|menu)"
)
_CRUMB = r"[^\s>»›|/][^>»›|/]{0,39}"

_ANYWHERE = (
    # Share and tool bars.
    rf"share(?:\sthis(?:\s(?:article|story|page|post))?)?(?:(?:{_GAP}|\s(?:on|via|to)\s){_NETWORK}){{1,12}}",
    r"share\sthis(?:\s(?:article|story|page|post))?:?",
    rf"{_NETWORK}(?:{_GAP}{_NETWORK}){{2,12}}",
    rf"(?:follow|like|find|join)\sus\s(?:on|at)\s{_NETWORK}(?:{_GAP}(?:and\s)?{_NETWORK}){{0,5}}[.!]?",
    r"(?:l\sm\ss|large\smedium\ssmall|font\ssize:?\s.{1,20}|text\ssize:?\s.{1,20})",
    # Pointers to more.
    r"(?:read|show|load|view|see)\smore\s?(?:[>»›→]{1,3}|\.{3}|…)?",
    r"(?:click\shere\sto\s)?(?:read|continue\sreading)(?:\sthe)?\s(?:full\s)?(?:article|story)\s?(?:[>»›→]{1,3}|\.{3}|…)?",
    r"continue\sreading\s?(?:below|[>»›→]{1,3}|\.{3}|…)?",
    r"skip\sto\s(?:the\s)?(?:main\s)?(?:content|navigation)",
    r"back\sto\s(?:the\s)?top\s?[↑^]?",
    r"advertisement(?:\s?[-–—]\s?(?:continue\sreading|scroll)\s.{1,40})?",
    # Rights and registrations.
    r"(?:copyright\b.{0,200}|(?:©|\(c\)).{1,200})\ball\srights\sreserved\.?",
    r"all\srights\sreserved\.?",
    r"copyright\s?(?:©|\(c\))\s?.{1,120}",
    r"©\s?(?:copyright\s)?(?:19|20)\d\d\b.{0,120}",
    rf"(?=.{{0,60}}(?:公网安|ICP[备证]))[{_REGISTRATION}\d\s-]{{6,80}}",
    # Comment boxes.
    r"please\senter\syour\s(?:comment|name|e-?mail(?:\saddress)?)(?:\shere)?!?",
    r"you\shave\sentered\san\sincorrect\se-?mail\saddress!?",
    r"(?:leave|post|write|add)\sa\s(?:comment|reply)\.?",
    r"(?:cancel\sreply|\d{1,5}\scomments?)",
    r"save\smy\sname,\semail,?\sand\swebsite\sin\sthis\sbrowser\sfor\sthe\snext\stime\si\scomment\.?",
    r"your\semail\saddress\swill\snot\sbe\spublished\.?(?:\srequired\sfields\sare\smarked\s?\*?)?",
    r"you\smust\sbe\slogged\sin\sto\spost\sa\scomment\.?",
)
_CREDITS = (
    # A caption that ends in its credit, in square or round brackets, or a credit alone.
    rf".{{0,280}}\[(?:[^\[\]]{{0,200}}\s)?{_PICTURE}\s?(?:/|:|by\s|via\s|courtesy\s)[^\[\]]{{1,80}}\]",
    rf".{{0,280}}\(\s?{_PICTURE}\s?(?:/|:|by\s|courtesy\sof\s|credit)[^()]{{1,80}}\)",
    rf"{_PICTURE}\s(?:credits?\s?[:/]|courtesy(?:\sof\s|\s?[:/])|by\s)\s?[^.!?;]{{1,80}}",
    r"(?:photos?|image|picture)\s?[:/]\s?[^.!?;,]{1,60}",
)
_NEAR_AN_END = (
    # The trail of pages above the title, and menus on one line.
    rf"(?:you\sare\shere:?\s?)?home(?:page)?\s?[>»›|/]\s?{_CRUMB}(?:[>»›|/]\s?{_CRUMB}){{0,8}}",
    rf"{_MENU_WORD}(?:[\s|·•/,]{{1,5}}{_MENU_WORD}){{2,12}}",
    # When the page was made.
    rf"(?:{_SITE}\s?[|·•–—-]\s?)?{_DATE_LABEL}\s?[::]?\s{{0,3}}{DATE_TIME_PATTERN}(?:{_GAP}{_TOOL}){{0,6}}",
    # Consent and sign-up boxes.
    r"(?:we|this\s(?:web)?site|our\s(?:web)?site)\suses?\scookies\b.{0,250}",
    r"(?:accept|reject|allow)\s(?:all\s)?cookies|accept\sall|reject\sall|(?:manage|cookie)\s(?:preferences|settings)|only\swhat\sis\sneeded",
    r"(?:sign\sup|subscribe|register)\s(?:here\s|now\s|today\s)?(?:to|for)\s(?:our|the)\s.{0,60}\b(?:newsletter|e-?mails?|alerts|updates|briefing)\b.{0,60}",
    r"get\s.{0,60}\b(?:delivered|sent)\s(?:straight\s|directly\s)?to\syour\s(?:inbox|e-?mail)\b.{0,40}",
    r"(?:enter\syour\se-?mail(?:\saddress)?|sign\sup(?:\snow)?|subscribe(?:\snow)?)[.!]?",
    rf"(?:print|share|comments?|save)(?:{_GAP}{_TOOL}){{0,6}}",
)


def _compiled(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern that matches where any of `patterns` does; they hold no groups of their own."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


_ALWAYS = _compiled(_ANYWHERE)
_CREDIT = _compiled(_CREDITS)
_AT_AN_END = _compiled(_NEAR_AN_END)


def is_furniture(line: str, *, near_an_end: bool) -> bool:
    """Whether `line`, one line without blanks at its ends, is page furniture and nothing else.

    `near_an_end` says that it stands near the head or the foot of the text.
    """
    if len(line) > MAX_LINE:
        return False
    spaced = " ".join(line.split())
    if _ALWAYS.fullmatch(spaced) or _CREDIT.fullmatch(spaced):
        return True
    return near_an_end and _AT_AN_END.fullmatch(spaced) is not None


def is_photo_credit(line: str) -> bool:
    """Whether `line` is a picture's caption with its credit: the article goes on after it."""
    return len(line) <= MAX_LINE and _CREDIT.fullmatch(" ".join(line.split())) is not None
