"""Events that no browser would send: around the line, with files of the server, with values of another kind."""

from __future__ import annotations

import json

import pytest

from qa.page.layout import uploads_folder


def test_no_question_gets_around_the_line(open_page, event_of):
    event = event_of(open_page, "cs-question", "submit")
    body = {"data": ["Who?", None, None, None, None, None, None], "fn_index": event, "session_hash": "abc"}
    for name in ("predict", "ask"):
        assert open_page.post(f"/gradio_api/run/{name}", json=body).status_code == 404
    click = {"data": [None, 25, "", "", ""], "fn_index": event_of(open_page, "cs-talk", "act"), "session_hash": "abc"}
    click["event_data"] = {"act": "close"}
    assert open_page.post("/gradio_api/run/predict", json=click).status_code == 200
    click["event_data"] = {"path": "/etc/passwd"}
    assert open_page.post("/gradio_api/run/predict", json=click).status_code == 403


def test_gradio_makes_no_table_of_what_was_asked(open_page, monkeypatch, event_of, outcome):
    made = []
    monkeypatch.setattr("gradio.queueing.Queue._get_df", made.append)
    (place,) = open_page.post("/gradio_api/upload", files={"files": ("a.txt", b"x")}).json()
    file = {"path": place, "orig_name": "a.txt", "meta": {"_type": "gradio.FileData"}}
    assert outcome(open_page, event_of(open_page, "cs-drop", "upload"), [file], None, None)["success"] is True
    assert made == []


def test_no_file_of_the_server_can_be_named_as_an_upload(open_page, uploads, tmp_path, event_of):
    victim = tmp_path / "victim.txt"
    victim.write_text("private")
    event = event_of(open_page, "cs-drop", "upload")
    box = event_of(open_page, "cs-question", "submit")
    (link := uploads_folder() / "link.txt").parent.mkdir(exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(victim)
    for path in (str(victim), "/etc/passwd", f"/proc/self/root{victim}", "../../x", str(link), "http://192.0.2.1/", 7):
        file = {"path": path, "orig_name": "victim.txt", "meta": {"_type": "gradio.FileData"}}
        for number, data in ((event, [[file]]), (event, [{"value": [file]}]), (box, [file]), (box, ["Who?", file])):
            body = {"data": data, "fn_index": number, "session_hash": "abc"}
            assert open_page.post("/gradio_api/queue/join", json=body).status_code == 403, path
    link.unlink()
    assert "private" not in str(uploads.given)
    assert victim.read_text() == "private"


def test_gradio_itself_takes_no_file_that_was_not_uploaded(
    open_page, uploads, tmp_path, monkeypatch, event_of, outcome
):
    monkeypatch.setattr("qa.page.own_files.OwnFiles._is_upload", lambda *_: True)
    victim = tmp_path / "victim.txt"
    victim.write_text("private")
    file = {"path": str(victim), "orig_name": "victim.txt", "meta": {"_type": "gradio.FileData"}}
    assert outcome(open_page, event_of(open_page, "cs-drop", "upload"), [file], None, None)["success"] is False
    assert "private" not in str(uploads.given)


def test_an_event_that_is_no_event_is_told(open_page):
    for body in (b"", b"{", b"\xff", b"[" * 100_000):
        headers = {"content-type": "application/json"}
        assert open_page.post("/gradio_api/queue/join", content=body, headers=headers).status_code == 400


def test_what_was_sent_arrives_under_its_name(open_page, uploads, event_of, outcome):
    (place,) = open_page.post("/gradio_api/upload", files={"files": ("../../mill.txt", b"four floors")}).json()
    file = {"path": place, "orig_name": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}
    assert outcome(open_page, event_of(open_page, "cs-drop", "upload"), [file], None, None)["success"] is True
    assert uploads.given[-1] == ("mill.txt", "four floors")


@pytest.mark.parametrize("question", [None, 7, ["a"], {"a": 1}, "x" * 100_000])
def test_a_question_of_another_kind_is_an_answer_or_an_error_and_nothing_worse(open_page, question, event_of, outcome):
    event = event_of(open_page, "cs-question", "submit")
    told = outcome(open_page, event, question, None, None, None, None, None, None)
    assert told["success"] in {True, False}
    assert len(json.dumps(told)) < 20_000
