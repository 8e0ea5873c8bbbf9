"""Which tasks are asked for: a filter and an order, as parameters of the API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_AS_THEY_ARE: Final = (
    *("text", "task", "item_id", "batch_id", "known_at", "queue", "cause", "to", "error"),
)


@dataclass(frozen=True, slots=True)
class TaskQuery:
    """Which tasks the table shows, and in which order; the default is all, newest first.

    ``known_at`` leaves out what was accepted, or ended, at that time (RFC 3339) or later.
    """

    states: tuple[str, ...] = ()
    text: str = ""
    task: str | None = None
    item_id: int | None = None
    batch_id: int | None = None
    reasons: tuple[str, ...] = ()
    standing: bool | None = None
    seen: bool | None = None
    known_at: str | None = None
    queue: str | None = None
    cause: str | None = None
    to: str = ""
    error: str = ""
    sort: str = "-id"

    def filter(self) -> dict[str, str | int | bool]:
        """Give the filter as parameters of ``GET /tasks``, or as the filter of a bulk call."""
        chosen = {name: getattr(self, name) for name in _AS_THEY_ARE}
        chosen |= {"state": ",".join(self.states), "reason": ",".join(self.reasons)}
        given = {name: value for name, value in chosen.items() if value}
        asked = {"standing": self.standing, "seen": self.seen}
        return given | {name: value for name, value in asked.items() if value is not None}
