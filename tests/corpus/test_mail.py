"""E-mails and saved pages."""

from datetime import date
from email.message import EmailMessage

import pytest

from corpus.errors import SourceError
from corpus.loaders.mail import parse_mail, parse_mhtml

HEAD = (
    b"From: =?utf-8?q?Ana_R=C3=BCiz?= <ana@example.org>\r\nSubject: Harbour plan\r\n"
    b"Date: Sat, 5 Mar 2022 23:30:00 -0800\r\n"
)
PAGE = "<html><body><p>The council has agreed on the plan.</p></body></html>"


def test_a_letter_has_its_subject_as_title_and_tells_who_wrote_it_and_when():
    found = parse_mail(HEAD + b"\r\nThe council has agreed.\r\n\r\nIt is done.\r\n")
    assert found.text == "Harbour plan\n\nThe council has agreed.\n\nIt is done.\n"
    assert (found.title, found.author, found.published) == ("Harbour plan", "Ana R\u00fciz", date(2022, 3, 5))


def test_a_letter_that_is_only_a_page():
    message = EmailMessage()
    message["Subject"] = "Plan"
    message.set_content(PAGE, subtype="html")
    assert "The council has agreed on the plan." in parse_mail(message.as_bytes()).text


def test_what_is_attached_is_not_the_letter():
    message = EmailMessage()
    message["Subject"] = "Plan"
    message.set_content("The letter itself.")
    message.add_attachment("The text attached.", filename="a.txt")
    assert "attached" not in parse_mail(message.as_bytes()).text


@pytest.mark.parametrize(
    "head",
    [
        b"Date: Mon, 99 Foo 99999 99:99\r\n",
        b"From: <<<>>>@,,;\r\n",
        b"Content-Type: text/plain; charset=\xff\r\n",
        b"Content-Type: text/plain; charset=no-such\r\n",
        b"Subject: =?utf-8?b?//8=?= =?x?q?=ff?=\r\n",
        b"Content-Transfer-Encoding: nonsense\r\n",
    ],
)
def test_a_broken_head_costs_no_letter(head):
    found = parse_mail(head + b"X: y\r\n\r\nThe council has agreed.\r\n")
    assert "The council has agreed." in found.text
    found.text.encode("utf-8")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is no message"),
        (b"Subject: x\r\n\r\n", "without any text"),
        (
            b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\nA: b\r\n\r\nx\r\n" * 1001,
            "more than 1,000 parts",
        ),
    ],
)
def test_what_is_refused(data, reason):
    with pytest.raises(SourceError, match=reason):
        parse_mail(data)


def test_a_saved_page_knows_its_address():
    head = b"Snapshot-Content-Location: https://example.org/a\r\nContent-Type: text/html\r\n\r\n"
    assert parse_mhtml(head + PAGE.encode()).url == "https://example.org/a"
    with pytest.raises(SourceError, match="without a page"):
        parse_mhtml(HEAD + b"\r\nWords.")
