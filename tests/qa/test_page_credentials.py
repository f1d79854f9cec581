"""Who may enter: hashed passwords only, compared in the same time for anybody, and few guesses."""

from __future__ import annotations

import io
import stat
import threading
import time
import unicodedata

import pytest

from corpus.errors import UsageError
from qa.page import attempts as counting
from qa.page.attempts import MOST, Attempts, TooManyAttemptsError, address_of
from qa.page.credentials import Credentials, checked_name, open_to_others, read_credentials
from qa.page.passwords import hash_password, read_hash

WORD = "sécret-door"


@pytest.fixture(scope="module")
def hashed():
    return hash_password(WORD)


@pytest.fixture
def credentials(hashed):
    return Credentials({"ana": hashed})


def test_only_the_right_pair_is_admitted(credentials, hashed):
    assert credentials.admit("ana", WORD)
    for user, password in (("ana", "secret-door"), ("ana", ""), ("bob", WORD), ("", ""), ("bob", "")):
        assert not credentials.admit(user, password)
    assert credentials.admit(" ana", unicodedata.normalize("NFD", WORD))
    assert WORD not in repr(credentials) + repr(hashed) + str(hashed)


def test_the_same_password_never_hashes_the_same(hashed):
    again = hash_password(WORD)
    assert again != hashed
    assert read_hash(str(again)) == again
    assert again.agrees(WORD)


def test_an_unknown_user_costs_what_a_wrong_password_costs(credentials):
    def took(user):
        begun = time.thread_time()
        assert not credentials.admit(user, "wrong-door")
        return time.thread_time() - begun

    known, unknown = (min(took(user) for _ in range(2)) for user in ("ana", "bob"))
    assert unknown > 0.05
    assert 0.5 < known / unknown < 2


def test_who_was_admitted_is_recognised_without_hashing_again(credentials, monkeypatch):
    assert credentials.admit("ana", WORD)
    monkeypatch.setattr("qa.page.passwords.hashlib.scrypt", None)
    assert credentials.admit("ana", WORD)
    with pytest.raises(TypeError):
        credentials.admit("ana", WORD + "x")


def test_guessers_wait_and_others_do_not(credentials):
    for _ in range(MOST):
        assert not credentials.admit("ana", "wrong-door", "10.0.0.1")
    with pytest.raises(TooManyAttemptsError):
        credentials.admit("ana", WORD, "10.0.0.1")
    assert credentials.admit("ana", WORD, "10.0.0.2")
    assert credentials.admit("ana", WORD, "10.0.0.1")  # known by now: not a guess


def test_guesses_at_once_are_no_way_around_the_limit(credentials):
    outcomes = []

    def guess():
        try:
            outcomes.append(credentials.admit("ana", "wrong-door", "10.0.0.3"))
        except TooManyAttemptsError:
            outcomes.append(None)

    threads = [threading.Thread(target=guess) for _ in range(MOST + 10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert outcomes.count(False) == MOST
    assert outcomes.count(None) == 10


def test_attempts_are_forgotten_with_time_and_bounded(monkeypatch):
    now = [0.0]
    attempts = Attempts(most=2, seconds=10, clock=lambda: now[0])
    attempts.failed("a")
    now[0] = 5
    attempts.failed("a")
    with pytest.raises(TooManyAttemptsError) as told:
        attempts.check("a")
    assert told.value.seconds == 5
    now[0] = 10.5
    attempts.check("a")
    monkeypatch.setattr(counting, "_ADDRESSES", 3)
    for address in "bcdef":
        attempts.failed(address)
    assert list(attempts._failures) == ["d", "e", "f"]


def test_all_addresses_of_one_machine_are_one():
    def of(host):
        return address_of({"type": "http", "client": (host, 1)})

    assert of("2001:db8::1") == of("2001:db8::ffff:2") != of("2001:db8:0:1::1")
    assert of("10.0.0.1") != of("10.0.0.2")
    assert address_of({"type": "http", "client": None}) == ""


def test_lines_are_read(tmp_path, hashed):
    path = tmp_path / "users"
    path.write_text(f"# who may enter\nana:{hashed}\n\nbob:{hashed}\n", encoding="utf-8")
    assert read_credentials(path).users == ["ana", "bob"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("ana\n", ":1 is not user:"),
        ("\n:x\n", ":2 is not"),
        ("", "nobody"),
        ("ana:hunter22", "plain passwords are not read: .*citespan password NAME"),
        ("ana:scrypt$2$8$1$AAAA$AAAA", "no sound scrypt hash"),
        ("ana:{}\nana:{}", ":2 names 'ana' again"),
    ],
)
def test_a_bad_file_is_told_and_no_password_repeated(tmp_path, hashed, text, told):
    path = tmp_path / "users"
    path.write_text(text.format(hashed, hashed))
    with pytest.raises(UsageError, match=told) as error:
        read_credentials(path)
    assert "hunter22" not in str(error.value)
    with pytest.raises(UsageError, match="cannot read"):
        read_credentials(tmp_path / "missing")


@pytest.mark.parametrize(
    "change", [("32768", "32769"), ("32768", "1048576"), ("$8$", "$0$"), ("$3$", "$999$"), ("=", "")]
)
def test_a_hash_that_cannot_be_or_would_stall_the_server_is_none(hashed, change):
    assert read_hash(str(hashed).replace(*change, 1)) is None


@pytest.mark.parametrize("name", ["", " ", "a:b", "#a", "a\nb", "x" * 101])
def test_a_name_that_a_line_cannot_hold_is_told(name):
    with pytest.raises(UsageError):
        checked_name(name)


@pytest.fixture
def typed(monkeypatch):
    """Let standard input be a pipe that holds these words."""
    return lambda words: monkeypatch.setattr("sys.stdin", io.StringIO(words))


def test_a_line_is_made_from_a_pipe(citespan, typed, tmp_path):
    typed(WORD + "\r\n")
    outcome = citespan("password", "ana")
    assert (outcome.code, WORD in outcome.out) == (0, False)
    path = tmp_path / "users"
    path.write_text(outcome.out, encoding="utf-8")
    assert read_credentials(path).admit("ana", WORD)


def test_a_file_is_kept_private_and_a_user_once(citespan, typed, tmp_path):
    path = tmp_path / "users"
    for user, word in (("ana", "first-door"), ("bob", "other-door"), ("ana", "second-door")):
        typed(word)
        assert citespan("password", user, "--auth-file", path).code == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not open_to_others(path)
    credentials = read_credentials(path)
    assert sorted(credentials.users) == ["ana", "bob"]
    assert credentials.admit("ana", "second-door")
    assert not credentials.admit("ana", "first-door")
    path.chmod(0o644)
    assert open_to_others(path)


@pytest.mark.parametrize(("words", "told"), [("", "no password"), ("short\n", "5 characters"), ("\n", "0 characters")])
def test_a_password_that_will_not_do_is_told(citespan, typed, words, told):
    typed(words)
    outcome = citespan("password", "ana")
    assert outcome.code == 2
    assert told in outcome.error_line


def test_at_a_terminal_it_is_asked_for_twice(citespan, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr("sys.stdin", Terminal())
    said = iter(["first-door", "other-door"])
    monkeypatch.setattr("getpass.getpass", lambda _: next(said))
    assert "differ" in citespan("password", "ana").error_line
    monkeypatch.setattr("getpass.getpass", lambda _: WORD)
    assert citespan("password", "ana").out.startswith("ana:scrypt$")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5"])
def test_serving_others_wants_hashed_passwords(citespan, tmp_path, host):
    call = ("serve", "--index", tmp_path / "none.index", "--host", host)
    outcome = citespan(*call)
    assert (outcome.code, "citespan password" in outcome.error_line) == (2, True)
    plain = tmp_path / "users"
    plain.write_text("ana:hunter22\n")
    outcome = citespan(*call, "--auth-file", plain)
    assert (outcome.code, "plain passwords are not read" in outcome.error_line) == (2, True)


def test_a_file_that_others_may_read_is_warned_of(citespan, tmp_path, hashed):
    path = tmp_path / "users"
    path.write_text(f"ana:{hashed}\n")
    path.chmod(0o644)
    outcome = citespan("serve", "--index", tmp_path / "none.index", "--auth-file", path)
    assert "note: other users of this machine may read" in outcome.error
    path.chmod(0o600)
    assert "note:" not in citespan("serve", "--index", tmp_path / "none.index", "--auth-file", path).error
