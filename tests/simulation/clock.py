"""Virtual time: the time of day, which may jump, and the steady time that only passes."""

from __future__ import annotations

from typing import Final

START: Final = 1_800_000_000.0


class Clock:
    """Both clocks of a computer; nothing but the history moves them."""

    def __init__(self) -> None:
        self._wall = START
        self._steady = 1_000.0

    def now(self) -> float:
        return self._wall

    def steady(self) -> float:
        return self._steady

    def advance(self, seconds: float) -> None:
        self._wall += seconds
        self._steady += seconds

    def jump(self, seconds: float) -> None:
        """Set the time of day, as a person or a time server does."""
        self._wall += seconds
