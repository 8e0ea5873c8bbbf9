"""Where the backend of a command is: in a data folder, or at an address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.settings.tokens import read_token

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class BackendAddress:
    """The base URL of a backend, and the file that holds its token."""

    url: str
    token_file: Path

    def token(self) -> str:
        """Read the token; raise ``NoToken`` if there is none, or if other users can read it."""
        return read_token(self.token_file)


@dataclass(frozen=True, slots=True)
class BackendPlace:
    """A data folder (``None``: the default one), or an address, which takes precedence."""

    folder: str | None = None
    address: BackendAddress | None = None
