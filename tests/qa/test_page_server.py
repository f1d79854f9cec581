"""The page over HTTP: its policy, its door, its address; no browser."""

from __future__ import annotations

import base64
import hashlib
import re
import socket

import pytest
from starlette.testclient import TestClient

from corpus.errors import ServingError
from index.listing import ListedDocument, Listing
from qa.page.credentials import is_loopback
from qa.page.security import content_security_policy
from qa.page.server import application, listen
from qa.page.shelf import Shelf


class Nobody:
    """Is never asked: these tests only fetch the page."""

    name = "nothing"
    default_target_error = None

    def listing(self):
        one = ListedDocument("a", "A", "/a.txt", None, "", None, None, 1)
        return Listing((one,) * 3, passages=40, generation=1)

    def ask(self, question):
        raise AssertionError

    def document(self, document_id):
        raise AssertionError


def client(*, host="127.0.0.1", base="http://127.0.0.1") -> TestClient:
    app = application([Shelf(Nobody(), ("Who?",))], host=host, credentials=None)
    return TestClient(app, base_url=base, headers={"accept": "text/html"})


def test_the_page_allows_only_its_own_scripts():
    with client() as browser:
        response = browser.get("/")
    policy = response.headers["content-security-policy"]
    assert response.status_code == 200
    assert "default-src 'none'" in policy
    scripts = re.search(r"script-src ([^;]*)", policy)[1]
    assert "'unsafe-inline'" not in scripts
    assert "http" not in policy
    inline = re.findall(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", response.text, re.DOTALL)
    assert inline
    for script in inline:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in scripts


def test_the_page_names_no_other_host():
    with client() as browser:
        html = browser.get("/").text
    assert not re.findall(r"""(?:src|href|content|url\()\s*[=(]?\s*["']?(https?:)?//(?!127\.0\.0\.1)[a-z]""", html)
    assert "fonts.googleapis" not in html


def test_every_response_carries_the_headers():
    with client() as browser:
        for path in ("/", "/theme.css", "/nowhere"):
            headers = browser.get(path).headers
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "no-referrer"
            assert "content-security-policy" in headers


def test_the_policy_without_inline_scripts_allows_none():
    assert "sha256" not in content_security_policy()
    assert content_security_policy(b"<script>a</script>") == content_security_policy(
        b"<script>a</script><script>a</script>"
    )


def test_a_name_that_points_here_is_turned_away():
    with client(base="http://evil.example") as browser:
        assert browser.get("/").status_code == 400
    for base in ("http://127.0.0.1:7860", "http://localhost:7860", "http://[::1]:7860"):
        with client(base=base) as browser:
            assert browser.get("/").status_code == 200


@pytest.mark.parametrize("host", ["127.0.0.1", "127.3.2.1", "localhost", "::1"])
def test_loopback_is_known(host):
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org", ""])
def test_other_addresses_are_not_loopback(host):
    assert not is_loopback(host)


def test_a_taken_port_is_told():
    with listen("127.0.0.1", 0) as bound:
        port = bound.getsockname()[1]
        with pytest.raises(ServingError, match=f"cannot listen on 127.0.0.1:{port} .*--port"):
            listen("127.0.0.1", port)


def test_an_address_of_another_machine_is_told():
    with pytest.raises(ServingError, match=r"192\.0\.2\.1"):
        listen("192.0.2.1", 0)


def test_an_unknown_host_is_told(monkeypatch):
    def unknown(*_args, **_kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(ServingError, match=r"cannot listen on nowhere\.example"):
        listen("nowhere.example", 7860)
