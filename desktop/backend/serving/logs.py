"""The backend's log: stderr, and a few small files in the data folder."""

from __future__ import annotations

import logging
import sys
import time
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FILE_BYTES: Final = 1024 * 1024
OLD_FILES: Final = 2
FAILURES: Final = 20
"""Records of failed attempts in a minute, for each task function: more tell nothing new, and would
drive everything else out of the files."""
_MINUTE_S: Final = 60.0
_FORMAT: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def install(folder: Path, *, on_stderr: bool) -> None:
    """Send records of INFO and above to ``backend.log`` in ``folder``, and to stderr if wanted.

    The window, which keeps what its backend prints, does not want them twice: there, stderr has
    the last words of a backend that fails, and what tasks print.

    Raises ``OSError`` when the folder cannot be written.
    """
    file = RotatingFileHandler(
        folder / "backend.log", maxBytes=FILE_BYTES, backupCount=OLD_FILES, encoding="utf-8"
    )
    handlers: list[logging.Handler] = [file]
    if on_stderr:
        handlers.append(logging.StreamHandler(sys.stderr))
    logging.basicConfig(level=logging.INFO, format=_FORMAT, handlers=handlers)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    logging.getLogger("sendoff.task").addFilter(FewFailures())
    # A full disk must not add a traceback of its own to each record that cannot be kept.
    logging.raiseExceptions = False


class FewFailures(logging.Filter):
    """Passes the first ``FAILURES`` records of a task function and level in a minute."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._passed: dict[tuple[str, int], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether the record is kept; the last one of a minute says that more may follow."""
        key, now = (getattr(record, "task", ""), record.levelno), self._clock()
        since, count = self._passed.get(key, (now, 0))
        if now - since >= _MINUTE_S:
            since, count = now, 0
        count += 1
        self._passed[key] = since, count
        if count == FAILURES:
            record.msg = f"{record.msg} (more of these are left out for the rest of the minute)"
        return count <= FAILURES
