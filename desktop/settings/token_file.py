"""A file with the token of a backend: written by hand, or by what starts the backend."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class NoToken(Exception):
    """The file has no token to use; the text is a sentence."""


def read_token(file: Path) -> str:
    """Read the token; raises ``NoToken`` also where others can read it."""
    try:
        with file.open(encoding="ascii") as opened:
            mode = os.fstat(opened.fileno()).st_mode
            token = opened.read().strip()
    except OSError as error:
        raise NoToken(f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise NoToken(f"{file} does not hold a token.") from error
    if os.name == "posix" and mode & 0o077:
        raise NoToken(f"Other users can read {file}. Close it to them: chmod 600 {file}")
    if not token.isprintable() or len(token.split()) != 1:
        raise NoToken(f"{file} does not hold a token.")
    return token
