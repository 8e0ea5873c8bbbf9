"""The log of the backend: what is written to its files, and what is deleted from them."""

from __future__ import annotations

import logging
import re
import sys
import time
from contextlib import suppress
from itertools import chain
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sendoff_tasks.folder.paths import LOG_FORMAT
from sendoff_tasks.text import Finder, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Sequence

FILE_BYTES: Final = 1024 * 1024
OLD_FILES: Final = 2
FAILURES: Final = 20
"""Records of failed attempts in a minute, for each task function and level. More of them would push
everything else out of the files."""
_MINUTE_S: Final = 60.0


def install_log(folder: Path, *, on_stderr: bool) -> None:
    """Write records of INFO and above to ``backend.log`` in ``folder``, and to stderr if wanted.

    A backend that a window started writes none to stderr: the window keeps that for the reason of
    a failure and for the output of tasks.

    Raises ``OSError`` if the folder cannot be written.
    """
    file = RotatingFileHandler(
        folder / "backend.log",
        maxBytes=FILE_BYTES,
        backupCount=OLD_FILES,
        encoding="utf-8",
        errors="backslashreplace",  # half a character would lose the whole record
    )
    handlers: list[logging.Handler] = [file]
    if on_stderr:
        handlers.append(logging.StreamHandler(sys.stderr))
    log_to(handlers, LOG_FORMAT)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    logging.getLogger("sendoff.task").addFilter(FewFailures())
    # On a full disk, logging would print a traceback for each record that it cannot write.
    logging.raiseExceptions = False


_RECORD: Final = re.compile(r"\S.*\n?(?:[^\S\n].*\n?|\n)*")
"""A record, with the lines that are indented below it."""
_HEAD: Final = re.compile(
    r"\d{4}-\S+ \S+ [A-Z]+ [\w.]+: (?:Attempt \d+ of task \d+ \([^)]*\) [^:]*: )?"
)
_TASK: Final = re.compile(r"\btask(?:_id=| )(\d{1,18})\b", re.IGNORECASE)


def forget_in_logs(gone: Callable[[set[int]], Container[int]], words: Finder | None = None) -> None:
    """Delete records from the log files beside those that this process writes.

    These are the records with ``words``, and those about tasks that are ``gone``: it returns which
    ones are, of the numbers of tasks in a file. Of what was printed only lines with ``words`` are.
    """
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.FileHandler):
            folder = Path(handler.baseFilename).parent
            for file in folder.glob("*.log*"):
                _forget_in(file, gone, words, handler)
            for printed in folder.glob("*.err*") if words else ():
                _forget_in(printed, lambda _: (), words, handler)


def _forget_in(
    file: Path,
    gone: Callable[[set[int]], Container[int]],
    words: Finder | None,
    writer: logging.Handler,
) -> None:
    writer.acquire()  # what it wrote meanwhile would be cut off
    try:
        with suppress(FileNotFoundError), file.open("rb+") as log:
            text = log.read().decode(errors="surrogateescape")
            records = _RECORD.findall(text)
            told = [[int(number) for number in _TASK.findall(record)] for record in records]
            missing = gone({*chain.from_iterable(told)})
            kept = [
                record
                for record, numbers in zip(records, told, strict=True)
                if not any(number in missing for number in numbers)
                and not (words and words.search(record, _head_of(record)))
            ]
            if len(kept) < len(records):
                log.seek(0)
                log.write("".join(kept).encode(errors="surrogateescape"))
                log.truncate()
    finally:
        writer.release()


def _head_of(record: str) -> int:
    """Return the length of the part that is ours: *INFO* and *task* are no names of people."""
    head = _HEAD.match(record)
    return head.end() if head else 0


def log_to(handlers: Sequence[logging.Handler], form: str) -> None:
    """Have ``handlers`` write records of INFO and above in this form."""
    for handler in handlers:
        handler.setFormatter(OneRecord(form))
    logging.basicConfig(level=logging.INFO, handlers=handlers)


class OneRecord(logging.Formatter):
    """Formats records whose text comes from tasks and servers: none looks like two, or as it likes.

    Control characters are shown, and only the first line of a record is not indented.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the text of a record."""
        return visible(super().format(record)).replace("\n", "\n  ")


class FewFailures(logging.Filter):
    """Passes the first ``FAILURES`` records of a task function and level in a minute."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._passed: dict[tuple[str, int], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether to keep a record; the last one of a minute says that more are left out."""
        key, now = (getattr(record, "task", ""), record.levelno), self._clock()
        since, count = self._passed.get(key, (now, 0))
        if now - since >= _MINUTE_S:
            since, count = now, 0
        count += 1
        self._passed[key] = since, count
        if count == FAILURES:
            record.msg = f"{record.msg} (more of these are left out for the rest of the minute)"
        return count <= FAILURES
