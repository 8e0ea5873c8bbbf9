"""Where the backend says what it does: stderr, and a few small files in the data folder."""

from __future__ import annotations

import logging
import sys
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

FILE_BYTES: Final = 1024 * 1024
OLD_FILES: Final = 2
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
    # A full disk must not add a traceback of its own to each record that cannot be kept.
    logging.raiseExceptions = False
