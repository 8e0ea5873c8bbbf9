"""What the token of a request allows, and the number of the API that both sides speak."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

CONTRACT: Final = 1
"""Grows when a window of before could not work with a backend of now, or the other way round."""


class Access(StrEnum):
    """What a token allows."""

    FULL = "full"
    """Everything."""
    VIEWER = "viewer"
    """Looking, and changing nothing."""
    EXPIRED = "expired"
    """Nothing any more."""
    NONE = "none"
    """Nothing: it is not known."""
