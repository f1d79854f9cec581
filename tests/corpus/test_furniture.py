"""Lines that are page furniture, and sentences that only look like it."""

import time

import pytest

from corpus.furniture import is_furniture, is_photo_credit

ANYWHERE = [
    "Share - WeChat",
    "Share on Facebook",
    "Share this article: Facebook Twitter LinkedIn",
    "Facebook | Twitter | E-mail",
    "Follow us on Twitter and Facebook",
    "L M S",
    "Read More",
    "Read more »",
    "Continue reading…",
    "Skip to main content",
    "Back to top",
    "ADVERTISEMENT",
    "Copyright©2022 China Daily. All rights reserved.",
    "Copyright © Xiamen Torch Academy. All rights reserved.",
    "© 2022 The Guardian",
    "All rights reserved.",
    "京公网安 京公网安备 11010502032503号",
    "京ICP备13028878号-6",
    "Please enter your comment!",
    "Please enter your name here",
    "Leave a Reply",
    "12 Comments",
    "Save my name, email, and website in this browser for the next time I comment.",
    "The city strengthens efforts to advance development. [Photo/xmnn.cn]",
    "Students visit enterprises. [Photo/WeChat account: Xiamen Torch Academy]",
    "[Containers at a Xiamen terminal. Photo/Agency]",
    "[Photo by Zhang Wei]",
    "A view of the harbour (Photo: Jane Doe/Agency)",
    "Photo credit: Getty Images",
    "Photo courtesy of the museum",
]
NEAR_AN_END = [
    "Home> Updates",
    "Home\u00a0>\u00a0Media Center\u00a0>\u00a0Academy Updates",
    "You are here: Home / News / World",
    "About us | Contact us | Privacy policy | Terms of use",
    "Updated: Jan 5, 2022 Print",
    "chinadaily.com.cn| Updated: April 15, 2021 L M S",
    "Last updated on 3 March 2024 at 10:15 am",
    "We use cookies to give you the best experience.",
    "Accept all cookies",
    "Sign up for our weekly newsletter",
    "Subscribe to the Courier updates by mail",
    "Get the news delivered to your inbox",
    "Print",
    "Share",
    "Subscribe now!",
]
SENTENCES = [
    "Share prices fell by 3 percent on Monday.",
    "Facebook and Twitter were fined.",
    "Read more books, he said.",
    "The court said that copyright law is old and that all rights are reserved to the author.",
    "Copyright 2013 was a bad year for singers.",
    "The company uses cookies to track its readers, the court found.",
    "The page was updated on 3 March 2024, the ministry said.",
    "Updated in 2022, the plan names six industries.",
    "Home ownership > rent, the study says.",
    "At home he is called the father of hidden champions.",
    "Print is not dead.",
    "He asked readers to leave a comment.",
    "Address: Room 607-617, South Building, Torch Square, No 56-58 Torch Road, Huli district",
    "Tel: 0592-5382008",
    "Email: contactus@xmtorch.org",
    "Why Xiamen",
    "• About Xiamen",
    "By Jane Doe | 3 March 2024",
    "The photo by Zhang Wei won the first prize.",
    "Police published a photo [see below] of the man.",
    "11010502032503",
    "In 2010, the zone was expanded to the whole of the municipality (see the photo).",
]


@pytest.mark.parametrize("line", ANYWHERE)
def test_furniture_anywhere(line):
    assert is_furniture(line, near_an_end=False)


@pytest.mark.parametrize("line", NEAR_AN_END)
def test_furniture_only_near_the_head_or_the_foot(line):
    assert is_furniture(line, near_an_end=True)
    assert not is_furniture(line, near_an_end=False)


@pytest.mark.parametrize("line", SENTENCES)
def test_words_of_the_article_are_no_furniture(line):
    assert not is_furniture(line, near_an_end=True)


def test_a_caption_is_a_credit_and_a_copyright_line_is_none():
    assert is_photo_credit("Students visit enterprises. [Photo/VCG]")
    assert not is_photo_credit("Copyright ©2022 China Daily. All rights reserved.")


def test_a_long_paragraph_that_ends_in_a_credit_stays():
    assert not is_furniture("The zone has grown. " * 20 + "[Photo/VCG]", near_an_end=True)


@pytest.mark.parametrize(
    "unit",
    [
        *(
            "[Photo ",
            "(photo by ",
            "photo",
            "home > ",
            "a > ",
            "a|",
            "share on x ",
            "Facebook ",
            "1公网安",
            "ICP备1",
            "证",
        ),
        *(
            "Updated: ",
            "updated 3 March 2024 ",
            "© ",
            "a a ",
            "menu ",
            "- ",
            ".",
            " ",
            "we use cookies ",
            "sign up for the ",
        ),
    ],
)
def test_no_line_makes_a_rule_search_long(unit):
    line = (unit * 300)[:299] + "\x01"
    started = time.perf_counter()
    for _ in range(10):
        is_furniture(line, near_an_end=True)
    assert time.perf_counter() - started < 1
