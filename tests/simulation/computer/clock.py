"""Virtual time: the time of day, which may jump, and the steady time that only passes."""

from __future__ import annotations

from typing import Final

START: Final = 1_800_000_000.0
UNNOTICED_S: Final = 0.5
"""A smaller jump may be left until it has grown."""


class Clock:
    """Both clocks of a computer; nothing but the history moves them."""

    def __init__(self) -> None:
        self._wall = self.furthest = START
        self._steady = 1_000.0
        self.has_jumped = False
        self.unseen = 0.0  # by how much it has jumped since a program could follow, s

    def now(self) -> float:
        return self._wall

    def steady(self) -> float:
        return self._steady

    def advance(self, seconds: float) -> None:
        self._wall += seconds
        self._steady += seconds
        self.furthest = max(self.furthest, self._wall)

    def jump(self, seconds: float) -> None:
        """Set the time of day, as a person or a time server does."""
        self._wall += seconds
        self.furthest = max(self.furthest, self._wall)
        self.has_jumped = True
        self.unseen += seconds

    def seen(self) -> None:
        """Note that a program has looked, and has put on disk what follows from it."""
        if abs(self.unseen) > UNNOTICED_S:
            self.unseen = 0.0
