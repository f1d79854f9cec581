"""Every exception that Citespan raises on purpose, in one tree.

    CitespanError
    ├── UsageError              the call is wrong: nothing was done (exit code 2)
    ├── SourceError             one file cannot be taken in: it is listed as refused, the rest goes on
    ├── IndexUnavailableError   there is no index at the place named, or it cannot be opened
    │   ├── IndexDamagedError   the truth or a view fails its check
    │   ├── IndexLockedError    another process is writing
    │   ├── EncoderMismatchError  the index was made by another encoder or chunker
    │   └── ArticleChangedError   an article was replaced between being found and being cited
    ├── StorageError            the disk refused (full, read-only, gone): what was committed stays
    ├── ModelError              a model is missing, damaged or not the one expected
    ├── DatasetError            an evaluation set has a malformed row, named by file and line
    └── ServingError            the page cannot be served (address taken or unknown)

A message is one line: what was met, what was expected, what to do next. Only the command line turns
an error into an exit code.
"""


class CitespanError(Exception):
    """The root: catch this to catch everything that Citespan raises on purpose."""


class UsageError(CitespanError):
    """The call is wrong (an empty question, a path that does not exist)."""


class SourceError(CitespanError):
    """One file cannot become a document; its reason is one clause, fit for a list of refusals."""


class IndexUnavailableError(CitespanError):
    """There is no usable index at the place named."""


class IndexDamagedError(IndexUnavailableError):
    """The index fails a check of its own."""


class IndexLockedError(IndexUnavailableError):
    """Another process holds the write lock."""


class EncoderMismatchError(IndexUnavailableError):
    """The index was made by another encoder or chunker than the one at hand."""


class ArticleChangedError(IndexUnavailableError):
    """An article was replaced or removed between the search that found it and its citing."""


class StorageError(CitespanError):
    """The file system refused a write; nothing committed is lost."""


class ModelError(CitespanError):
    """A model file is missing, damaged or not the one expected."""


class DatasetError(CitespanError):
    """An evaluation set cannot be read; the message names file and line."""


class ServingError(CitespanError):
    """The page cannot be served at the address named."""
