"""`import corpus` is cheap: whatever is slow to import waits for the file that needs it."""

import subprocess
import sys

SLOW = ("nltk", "trafilatura", "lxml", "yaml", "frontmatter", "markdown_it", "dateutil", "charset_normalizer")
SLOW += ("docx", "pypdfium2", "zipfile", "email.parser")


def test_importing_the_room_imports_nothing_slow():
    program = f"import sys, corpus; print([name for name in {SLOW!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
