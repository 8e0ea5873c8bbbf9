"""Virtual time: the time of day, which may jump, and the steady time that only passes.

The clock also knows when programs have to doubt it, and then delete nothing for its age.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

START: Final = 1_800_000_000.0
UNNOTICED_S: Final = 0.5
"""A smaller jump may be left until it has grown."""
DAY_S: Final = 24 * 3600.0
LARGE_S: Final = 3600.0
"""After a larger jump a program doubts the clock for a day."""
BEHIND_MS: Final = 60_000
AHEAD_MS: Final = 90 * 24 * 3600_000
"""So far behind or ahead of the newest event the clock is not doubted at a start, unless it is
behind the beginning of the last doubt."""


class Moment(NamedTuple):
    """When something was, in s that only pass."""

    steady: float
    told: float
    """As programs can tell, which take a jump at a start for time."""
    wall: float
    """By the time of day, which ages follow a day after a jump."""


class Clock:
    """Both clocks of a computer; nothing but the history moves them."""

    def __init__(self) -> None:
        self._wall = self.furthest = START
        self._steady = 1_000.0
        self.has_jumped = False
        self.unseen = 0.0  # by how much it has jumped since a program could follow, s
        self._told = self._relied_on = 0.0  # the latter is the latest by which ages were told
        self._doubted_until = 0.0

    def now(self) -> float:
        return self._wall

    def steady(self) -> float:
        return self._steady

    def advance(self, seconds: float) -> None:
        self._wall += seconds
        self._told += seconds
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
            self._doubted_until = self._until
            self.unseen = 0.0

    def missed(self) -> float:
        """Note that no program can follow what was not seen; returns by how much it jumped."""
        missed, self.unseen = self.unseen, 0.0
        self._told += max(0.0, missed)
        return missed

    @property
    def moment(self) -> Moment:
        return Moment(self._steady, self._told, self._wall)

    def is_within(self, since: Moment, seconds: float) -> bool:
        """Whether what was there then is not older yet, whatever a program makes of the clock."""
        return self._steady - since.steady < seconds and self._relied_on - since.told < seconds

    @property
    def is_doubted(self) -> bool:
        """Whether a program may delete nothing for its age now."""
        return self._wall + UNNOTICED_S < self._until

    @property
    def _until(self) -> float:
        """Until when it is doubted, once the program has followed what it has not seen yet."""
        if abs(self.unseen) > LARGE_S:
            return self._wall + DAY_S
        return self._doubted_until + self.unseen

    def rely(self) -> None:
        """Note that a program tells ages now."""
        if not self.is_doubted:
            self._relied_on = self._told

    def begin(self, newest: int | None) -> None:
        """Note that a program starts, whose newest event was then, epoch ms."""
        ahead = 0 if newest is None else math.floor(self._wall * 1000) - newest
        is_before = self._doubted_until > self._wall + DAY_S  # the last doubt
        if ahead < -BEHIND_MS or is_before or (ahead > AHEAD_MS and not self.is_doubted):
            self._doubted_until = self._wall + DAY_S

    def forget_doubt(self) -> None:
        """Note that programs may not know of a jump that they should have followed."""
        self._doubted_until = 0.0
