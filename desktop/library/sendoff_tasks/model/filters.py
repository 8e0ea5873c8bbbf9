"""The filter of tasks: what selects them in a list, a count or an action on many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final, Self

from sendoff_tasks.model.reasons import NEEDS_PERSON, NO_REASON, Reason
from sendoff_tasks.model.states import State
from sendoff_tasks.model.times import wire_time

_LISTS: Final = {"states": "state", "reasons": "reason", "ids": "id"}
"""Fields that hold several values, with the names of their parameters."""
_TIMES: Final = frozenset({"since", "until", "known_at"})


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Selects the tasks that meet all conditions set here.

    - ``states``, ``reasons``, ``ids``: the task has one of these. Reasons are those in the row;
      ``none`` means tasks without one.
    - ``standing``: false leaves out queued tasks that a pause or hold stops, true all others that
      are queued.
    - ``item_id``, ``batch_id``: the task is of this subject, of this batch.
    - ``task``: the registered name or the title. ``called``: the same in any spelling; if no task
      has it, its words begin words of name or title. ``queue``: the queue.
    - ``text``: each word begins a word of the task's title, the recipient's name or address (also
      corrected ones), the subject's title or fields, the arguments or an error. Digits alone also
      mean the subject's number. Text without a letter or digit selects nothing. A
      word after a minus keeps out the tasks that have it: ``-invoice``.
    - ``since`` ≤ created at < ``until``, both epoch s. ``known_at`` (epoch s) leaves out tasks that
      were accepted, or ended, at that time or later.
    - ``seen``: whether a person has marked it as seen, possible for failed and uncertain tasks.
    - ``cause``: the stop of the task's queue or batch, or else the cause it has met.
    - ``to``, ``error``: words in its recipient, or in the errors it has had, in any case, with or
      without accents.
    """

    states: tuple[str, ...] = ()
    task: str | None = None
    called: str = ""
    text: str = ""
    item_id: int | None = None
    since: float | None = None
    until: float | None = None
    reasons: tuple[str, ...] = ()
    standing: bool | None = None
    seen: bool | None = None
    batch_id: int | None = None
    queue: str | None = None
    cause: str | None = None
    to: str = ""
    error: str = ""
    known_at: float | None = None
    ids: tuple[int, ...] = ()

    def parameters(self) -> dict[str, Any]:
        """Write it as parameters of ``GET /tasks``, or as the filter of a bulk call."""
        given: dict[str, Any] = {}
        for each in fields(TaskFilter):
            name, value = each.name, getattr(self, each.name)
            if value in (None, "", ()):
                continue
            if name in _LISTS:
                given[_LISTS[name]] = ",".join(map(str, value))
            else:
                given[name] = _written(value) if name in _TIMES else value
        return given

    @classmethod
    def of(cls, parameters: Mapping[str, Any]) -> Self:
        """Read what :meth:`parameters` writes; other parameters do not count."""
        known: dict[str, Any] = {}
        for each in fields(TaskFilter):
            name = each.name
            value = parameters.get(_LISTS.get(name, name))
            if value in (None, ""):
                continue
            if name in _LISTS:
                values = value.split(",")
                known[name] = tuple(map(int, values)) if name == "ids" else tuple(values)
            else:
                known[name] = _read(value) if name in _TIMES else value
        return cls(**known)


def _written(moment: float) -> str:
    return wire_time(round(moment * 1_000_000) // 1000)


def _read(moment: str) -> float:
    return datetime.fromisoformat(moment.upper()).timestamp()


NAMED: Final[Mapping[str, TaskFilter]] = {
    "need_you": TaskFilter(
        (State.FAILED, State.UNCERTAIN, State.WAITING),
        seen=False,
        reasons=tuple(sorted(NEEDS_PERSON)),
    ),
    "under_way": TaskFilter((State.QUEUED, State.RUNNING), standing=False),
    "waiting": TaskFilter((State.WAITING, State.QUEUED), standing=True),
    "scheduled": TaskFilter((State.SCHEDULED,)),
    "done": TaskFilter((State.SUCCEEDED,), reasons=(NO_REASON,)),
    "failed": TaskFilter((State.FAILED,), seen=False),
    "uncertain": TaskFilter((State.UNCERTAIN,), seen=False),
    "cancelled": TaskFilter((State.CANCELLED,)),
    "seen": TaskFilter((State.FAILED, State.UNCERTAIN), seen=True),
    "kept": TaskFilter((State.SUCCEEDED,), reasons=(Reason.KEPT,)),
    "settled": TaskFilter((State.SUCCEEDED,), reasons=(Reason.SETTLED_BY_PERSON,)),
}
"""The filters above a list, in their fixed order: the same in a window and on the page."""
STATE_WORDS: Final[Mapping[str, TaskFilter]] = {
    **{state.value: TaskFilter((state.value,)) for state in State},
    **NAMED,
    "active": NAMED["under_way"],
    "sent": NAMED["done"],
}
"""The meaning of a word after ``state:`` in a search.

A queued task that a pause or a hold stops counts as waiting. Failed and uncertain tasks that need
no person any more count as seen only.
"""
