"""Reads a file with the token of a backend, written by hand or by a service manager."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

STDIN: Final = Path("-")
LIMIT: Final = 1 << 12
"""Characters that are read."""


class NoToken(Exception):
    """The file or stdin has no usable token; the text is a sentence."""


def read_token(file: Path) -> str:
    """Read the token; ``-`` means stdin. Raises ``NoToken``, also if other users can read it."""
    if file == STDIN:
        return _checked(sys.stdin.read(LIMIT), "stdin")
    try:
        with file.open(encoding="ascii") as opened:
            mode = os.fstat(opened.fileno()).st_mode
            text = opened.read(LIMIT)
    except OSError as error:
        raise NoToken(f"{file} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise NoToken(f"{file} does not hold a token.") from error
    if os.name == "posix" and mode & 0o077:
        raise NoToken(f"Other users can read {file}. Close it to them: chmod 600 {file}")
    return _checked(text, str(file))


def _checked(text: str, where: str) -> str:
    token = text.strip()
    if not (token.isascii() and token.isprintable()) or len(token.split()) != 1:
        raise NoToken(f"{where} does not hold a token.")
    return token
