"""The writer's memory of workers: their slots, what they cannot run, and who is to be woken."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from desktop.engine.lanes.worker_offer import WorkerOffer
from desktop.engine.transaction.memory import NEVER, Memory, place_of
from desktop.engine.transaction.parts import Part

if TYPE_CHECKING:
    from desktop.engine.transaction.group import Group


class Workers(Part):
    """The workers that take orders, by id; nothing of it is in the writer's own tables."""

    def __init__(self) -> None:
        self.offers: dict[str, WorkerOffer] = {}
        self.lacks_slots = False  # whether they lack slots for as many attempts as began last
        # By queue: the processes that cannot run its tasks, and until when, epoch ms.
        self.unable: defaultdict[str, dict[str, int]] = defaultdict(dict)
        self.to_wake: set[str] = set()  # those that have something new to do after this group

    def begin(self, group: Group) -> None:
        """Wake none yet."""
        self.to_wake.clear()

    def commit(self, group: Group) -> None:
        """Note whether any worker lacks the slots for as many attempts again as began."""
        if group.claimed or group.ended:
            self.lacks_slots = bool(self.offers) and self._lacks_slots(group)

    def _lacks_slots(self, group: Group) -> bool:
        taken = Counter((each.worker, each.lane) for each in group.claimed)
        return any(
            n > self.free_slots(group.memory, self.offers[worker], lane)
            for (worker, lane), n in taken.items()
            if worker in self.offers
        )

    def free_slots(self, memory: Memory, worker: WorkerOffer, lane: str) -> int:
        """Return how many more tasks a worker can run in a lane."""
        return worker.slots.get(lane, 0) - memory.busy_lanes[place_of(lane, worker.id)]

    def shift(self, group: Group, ms: int) -> None:
        """Forget temporary exclusions, because the clock that ends them has jumped."""
        for unable in self.unable.values():
            for process in [each for each, until in unable.items() if until < NEVER]:
                del unable[process]
