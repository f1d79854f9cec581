"""Opening a reader by name: the bundled one, another folder of ours, or a Hugging Face model; and who judges for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from corpus.errors import UsageError
from qa.calibration import Calibration
from qa.enough import STOPPING, Stopping
from qa.evidence import Judge
from qa.model_folder import BUNDLED, MANIFEST
from qa.types import Reader
from qa.uncalibrated import Uncalibrated

_CALIBRATIONS = "calibration*.json"


@dataclass(frozen=True, slots=True)
class OpenedReader:
    """A reader and the folder that it was loaded from."""

    reader: Reader
    folder: Path
    has_relevance: bool

    def judge(self) -> Judge:
        """The calibration in the folder that was fitted for this reader; without one, nothing is called calibrated."""
        found = [Calibration.load(path) for path in sorted(self.folder.glob(_CALIBRATIONS))]
        fitting = [one for one in found if one.reader == self.reader.fingerprint]
        return fitting[0] if fitting else Uncalibrated(self.reader.fingerprint, tuple(one.reader for one in found))

    def stopping(self, judge: Judge) -> Stopping | None:
        """The rule in the folder for when enough was read, where it was fitted for this very reader and judge."""
        rule = Stopping.load(self.folder / STOPPING)
        fits = rule is not None and (rule.reader, rule.calibration) == (self.reader.fingerprint, judge.fingerprint)
        return rule if fits else None


def open_reader(name: str | Path | None = None, precision: str | None = None) -> OpenedReader:
    """Open the bundled reader (None), a folder with a manifest.json, or a Hugging Face model by folder or name.

    `precision` (see `qa.precision`) chooses among the weights that a folder of ours has. Raises ModelError for what is
    not there or damaged, UsageError for a precision of a model that has no choice.
    """
    # Each door loads its own runtime.
    folder = BUNDLED if name is None else Path(name).expanduser()
    if name is None or (folder / MANIFEST).is_file():
        from qa.reader import OnnxReader

        ours = OnnxReader.load(folder, precision=precision)
        return OpenedReader(ours, folder, ours.has_relevance)
    if precision is not None:
        raise UsageError(f"{name} is run in fp32; --precision chooses among the weights of a reader with a {MANIFEST}")
    from qa.hf_reader import HfReader

    foreign = HfReader.load(str(name))
    return OpenedReader(foreign, foreign.folder, foreign.has_relevance)
