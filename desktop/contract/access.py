"""The access that a token gives, and the number of the API."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

CONTRACT: Final = 2
"""Grows with each incompatible change: windows and backends with the same number work together."""


class Access(StrEnum):
    """The access that a token gives."""

    FULL = "full"
    """Everything."""
    VIEWER = "viewer"
    """Reading only."""
    EXPIRED = "expired"
    """Nothing: the token has expired."""
    NONE = "none"
    """Nothing: the token is not known."""
