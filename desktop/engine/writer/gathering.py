"""How large a group becomes: how long the writer waits for more, and how many notes it takes."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from typing import Final, Protocol, TypeVar

from desktop.engine.transaction.replies import Callers, Request
from desktop.engine.writer.note_kinds import AwaitedNote, Note

GROUP_WEIGHT: Final = 2_000
"""Most weight that the requests of one group have together, 1 for a task or verb; a heavier request
has a group of its own."""
SIBLINGS: Final = 4
"""After a group of this many requests or notes the next group waits: answered callers come back,
and newly started attempts may end at once. Otherwise those that came during a commit and those it
answered would take turns in groups half as large, at a quarter more CPU per task. Source:
PostgreSQL's ``commit_delay`` and ``commit_siblings``."""
DELAY_S: Final = 0.0003
"""How long it waits for ends, and for callers while tasks wait for a slot, s."""
RETURN: Final = 2
"""It waits for callers until all are back, at most this many times the duration of the last group:
a caller who came during that group has waited as long."""
LONGEST_RETURN_S: Final = 0.01
"""The longest wait for callers, however slow the disk is, s."""
LEAST_AWAITED: Final = 2
"""Unless callers are away, a group takes at least this many awaited notes, and of many one in
``AWAITED_SHARE``. The attempts waiting for them all compute at once afterwards, and callers would
wait behind them."""
AWAITED_SHARE: Final = 8
AWAY_GROUPS: Final = 50
"""After so many groups without a request callers are away: groups get larger, at a fifth less CPU
per task. A group takes about 10 ms then."""


def wait_for_more(
    took: float, taken: int, callers: int, patient: bool, needs_workers: bool
) -> tuple[float, float] | None:
    """Return how long the next group waits, s, and how many requests end the wait; else ``None``.

    The last group took ``took`` s. While tasks wait for a worker's slot, only its notes count: more
    callers would queue up.
    """
    if callers >= SIBLINGS and (patient or needs_workers):
        return min(RETURN * took, LONGEST_RETURN_S), callers if patient else 0
    return (DELAY_S, math.inf) if taken >= SIBLINGS else None


class Weighed(Protocol):
    """A request that waits for a group, here or in the process that runs the tasks."""

    @property
    def weight(self) -> int:
        """How much of a group it takes up."""


W = TypeVar("W", bound=Weighed)


def take_requests(waiting: deque[W]) -> list[W]:
    """Take the requests of one group from those that wait, in order."""
    taken: list[W] = []
    weight = 0
    while waiting and (not taken or weight + waiting[0].weight <= GROUP_WEIGHT):
        taken.append(waiting.popleft())
        weight += taken[-1].weight
    return taken


def notes_of_a_group(found: list[Note], callers: Callers) -> tuple[list[Note], list[Note]]:
    """Divide notes into those of the next group and the rest.

    While callers come, attempts wait for few of those that are taken. An end never waits for other
    attempts' points of no return: until it is on disk, a crash leaves what is past such a point
    uncertain. The notes of one attempt stay in order.
    """
    awaited = sum(isinstance(note, AwaitedNote) for note in found)
    room = max(LEAST_AWAITED, awaited // AWAITED_SHARE)
    if callers is Callers.AWAY or awaited <= room:
        return found, []
    taken: list[Note] = []
    left: list[Note] = []
    behind: set[int] = set()  # tasks with a note that is left
    for note in found:
        is_awaited = isinstance(note, AwaitedNote)
        if note.claim.task_id in behind or (is_awaited and not room):
            behind.add(note.claim.task_id)
            left.append(note)
        else:
            room -= is_awaited
            taken.append(note)
    return taken, left


class Nearness:
    """How near the callers are to the group that was taken last."""

    def __init__(self) -> None:
        self._groups_alone = 0  # groups since the last one that had a request

    def taken(self, requests: Sequence[Request]) -> None:
        """Take note of the requests that wait as a group is taken."""
        self._groups_alone = 0 if requests else self._groups_alone + 1

    @property
    def now(self) -> Callers:
        """How near they are now."""
        if self._groups_alone == 0:
            return Callers.WAITING
        return Callers.NEAR if self._groups_alone < AWAY_GROUPS else Callers.AWAY


class WorkerWait:
    """Whether the next group waits for the request that brings workers' notes.

    It does while workers lack slots for another group like the last one, and that request was
    answered and has not come again. It waits only once, because their attempts may be slow.

    Callers' threads read :attr:`is_on` and call :meth:`came`, under the lock of the inbox. The
    writer thread alone does the rest.
    """

    def __init__(self) -> None:
        self.lacks_slots = False  # whether workers lack slots for another group like the last one
        self._is_away = False  # whether the request that brings workers' notes will come again

    @property
    def is_on(self) -> bool:
        """Whether the next group needs the slots that workers' next notes free."""
        return self.lacks_slots and self._is_away

    def came(self, request: Request) -> None:
        """Take note of a request that was left for the writer."""
        if request.ahead is not None:
            self._is_away = False

    def answered(self, requests: Sequence[Request]) -> int:
        """Take note of the requests of a group; return how many requests to expect after it."""
        callers = sum(request.ahead is None for request in requests)
        if callers < len(requests):
            self._is_away = True
        return callers + self.is_on

    def give_up(self) -> None:
        """End the wait, until the request has been answered again."""
        if self.is_on:
            self._is_away = False
