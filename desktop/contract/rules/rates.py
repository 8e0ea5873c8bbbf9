"""How often the tasks of a queue may begin, as people write it: ``30/min``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

COUNT_LIMIT: Final = 1_000_000

DAY_MS: Final = 86_400_000
_MS: Final = {"s": 1_000, "min": 60_000, "h": 3_600_000, "day": DAY_MS}
_NAMES: Final = {"sec": "s", "second": "s", "minute": "min", "hour": "h", "d": "day"}
_WORDS: Final = {"s": "a second", "min": "a minute", "h": "an hour", "day": "a day"}
_RATE: Final = re.compile(r"\s*(\d{1,99})\s*/\s*([a-z]+)\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Rate:
    """At most ``count`` in any span of ``period_ms``; its text is what :meth:`parse` reads."""

    count: int
    period_ms: int

    @classmethod
    def parse(cls, text: str) -> Rate:
        """Read ``N/s``, ``N/min``, ``N/h`` or ``N/day``; ``ValueError`` with a sentence."""
        found = _RATE.fullmatch(text)
        unit = _NAMES.get(found[2], found[2]) if found else ""
        if found is None or unit not in _MS:
            raise ValueError("A rate is written as in 30/min; there are s, min, h and day.")
        count = int(found[1])
        if not 1 <= count <= COUNT_LIMIT:
            raise ValueError(f"A rate is from 1 to {COUNT_LIMIT} in its time.")
        return cls(count, _MS[unit])

    @property
    def words(self) -> str:
        """The rate in a sentence: *30 a minute*."""
        return f"{self.count} {_WORDS[self._unit]}"

    @property
    def _unit(self) -> str:
        return next(unit for unit, ms in _MS.items() if ms == self.period_ms)

    def __str__(self) -> str:
        """Write it in its shortest form."""
        return f"{self.count}/{self._unit}"
