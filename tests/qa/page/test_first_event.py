"""What the first event has to load: nothing that the page does not use."""

import os
import subprocess
import sys

PROGRAM = """
import sys
from starlette.testclient import TestClient
from qa.page.server import application
from qa.page.shelf import Shelf

class Library:
    name = "nothing"
    default_target_error = None

    def listing(self):
        from index.listing import Listing
        return Listing((), passages=0, generation=1)

app = application([Shelf(Library())], host="127.0.0.1", credentials=None)
with TestClient(app, base_url="http://127.0.0.1") as client:
    config = client.get("/config").json()
    box = next(one["id"] for one in config["components"] if one["props"].get("elem_id") == "cs-question")
    event = next(one["id"] for one in config["dependencies"] if [box, "submit"] in map(list, one["targets"]))
    body = {"data": ["x" * 2001, None, "nothing", 25, "", "", ""], "fn_index": event, "session_hash": "abc"}
    client.post("/gradio_api/queue/join", json=body).raise_for_status()
    assert "Ask a shorter one" in client.get("/gradio_api/queue/data", params={"session_hash": "abc"}).text
assert "matplotlib" in sys.modules, "Gradio asks for it no more: qa.page.gradio_settings can do without _NO_WINDOWS"
print("matplotlib.pyplot" in sys.modules)
"""


def test_drawing_windows_is_not_loaded() -> None:
    # Of its own process: this one may have loaded it for a report.
    settings = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
    settings["PYTHONPATH"] = os.pathsep.join(sys.path)
    call = [sys.executable, "-c", PROGRAM]
    done = subprocess.run(call, env=settings, check=True, timeout=200, stdout=subprocess.PIPE, text=True)
    assert done.stdout.split()[-1] == "False"
