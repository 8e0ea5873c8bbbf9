"""The backend a command talks to: that of a data folder, or one at an address."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class NoToken(Exception):
    """The token file has no token to use; the text is a sentence."""


@dataclass(frozen=True, slots=True)
class BackendAddress:
    """A backend's base URL, and the file with the token it asks for."""

    url: str
    token_file: Path

    def token(self) -> str:
        """Read the token; raises ``NoToken`` also where others can read it."""
        file = self.token_file
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


@dataclass(frozen=True, slots=True)
class BackendPlace:
    """A data folder (``None`` is the default one), or an address in its stead."""

    folder: str | None = None
    address: BackendAddress | None = None
