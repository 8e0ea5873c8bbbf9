"""The backend a command talks to: that of a data folder, or one at an address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.settings.token_file import read_token

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class BackendAddress:
    """A backend's base URL, and the file with the token it asks for."""

    url: str
    token_file: Path

    def token(self) -> str:
        """Read the token; raises ``NoToken`` also where others can read it."""
        return read_token(self.token_file)


@dataclass(frozen=True, slots=True)
class BackendPlace:
    """A data folder (``None`` is the default one), or an address in its stead."""

    folder: str | None = None
    address: BackendAddress | None = None
