"""What the one sentence is made of: facts as data, without a widget and without a clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from desktop.contract.items import MAIL_QUEUE
from desktop.gui.kit.rights import ALL_RIGHTS
from sendoff_tasks.client.health import Ready, Starting
from sendoff_tasks.model.events import NoticeId
from sendoff_tasks.model.reasons import OUTAGES
from sendoff_tasks.model.states import State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.contract.batches import Batch
    from desktop.contract.office import OfficeStats
    from desktop.gui.frame.cases import CaseFact
    from desktop.gui.kit.rights import WindowRights
    from desktop.gui.kit.words.task_row import Row
    from sendoff_tasks.client.health import BackendState
    from sendoff_tasks.model.causes import Cause
    from sendoff_tasks.model.events import Notice

DAMAGED: Final = "store.damaged"
"""The refusal of a store that is damaged."""


class Needing(NamedTuple):
    """What needs a person: the filter *Need you*, as it was read last.

    - ``one``: the only task, if it came since the window was last visited
    - ``cause``: the cause that all of them have
    - ``fixed``: how many of them are ready to be tried; ``ready``: the causes for which they waited
    - ``is_exact``: false if there are more
    """

    tasks: int = 0
    one: Row | None = None
    cause: Cause | None = None
    fixed: int = 0
    ready: tuple[str, ...] = ()
    is_exact: bool = True


class Unanswered(NamedTuple):
    """Changes that Sendoff has not answered; it ``may`` have made them."""

    changes: int = 0
    may: bool = False


NONE_NEEDING: Final = Needing()
ALL_ANSWERED: Final = Unanswered()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that the sentence knows at a moment (``now``, epoch s).

    - ``away_s``: for how long the backend has not answered; ``heard_at``: when it last did, epoch s
    - ``try_in``: in how many seconds it is started again
    - ``stats``: its counts, since it answers (again)
    - ``batches``: those that were started and are not done
    - ``is_busy``: tasks are under way that are worth a sentence
    - ``last``: the task that ended last
    - ``saved``: items and corrections that are on this computer's disk only
    - ``has_draft``: the form holds typed text
    - ``rooms``: what the rooms tell
    - ``is_app``: the tasks are an app's
    """

    now: float
    state: BackendState = field(default_factory=Starting)
    away_s: float = 0.0
    heard_at: float | None = None
    try_in: int = 0
    notices: Sequence[Notice] = ()
    stats: OfficeStats | None = None
    batches: Sequence[Batch] = ()
    is_busy: bool = False
    needing: Needing = NONE_NEEDING
    last: Row | None = None
    saved: int = 0
    unanswered: Unanswered = ALL_ANSWERED
    has_draft: bool = False
    rooms: Sequence[CaseFact] = ()
    is_app: bool = False
    rights: WindowRights = ALL_RIGHTS

    def notice(self, name: str) -> Notice | None:
        """Return the notice with an id."""
        return next((each for each in self.notices if each["id"] == name), None)

    def about(self, prefix: NoticeId) -> list[Notice]:
        """Return the notices whose ids begin so, the oldest first."""
        return [each for each in self.notices if each["id"].startswith(prefix)]

    def room(self, name: str) -> CaseFact | None:
        """Return what a room tells by this name."""
        return next((each for each in self.rooms if each.name == name), None)

    @property
    def is_ready(self) -> bool:
        """Whether the backend answers, and its counts are known."""
        return isinstance(self.state, Ready) and self.stats is not None

    @property
    def is_damaged(self) -> bool:
        """Whether the store is damaged."""
        notice = self.notice(NoticeId.STORE)
        told = notice is not None and notice.get("refusal") == DAMAGED
        return told or getattr(self.state, "damaged", False)

    # counts

    def count(self, state: str) -> int:
        """Count the tasks in a state."""
        return 0 if self.stats is None else self.stats["counts"].get(state, 0)

    @property
    def rows(self) -> int:
        """Count the rows of spreadsheets under way that are no tasks yet."""
        return 0 if self.stats is None else self.stats.get("batch_rows", 0)

    @property
    def stopped(self) -> int:
        """Count the queued tasks that a pause or a hold stops."""
        return 0 if self.stats is None else self.stats["standing"]

    @property
    def waiting(self) -> int:
        """Count the tasks that do not go on now: the filter *Waiting*."""
        return self.count(State.WAITING) + self.stopped

    def waiting_in(self, queue: str) -> int:
        """Count what waits while a queue does; e-mails of spreadsheets wait with theirs."""
        return self.waiting + (self.rows if queue == MAIL_QUEUE else 0)

    @property
    def unseen(self) -> int:
        """Count the failed and uncertain tasks that no person has seen to yet."""
        seen = {} if self.stats is None else self.stats["seen"]
        ended = (State.FAILED, State.UNCERTAIN)
        return sum(self.count(state) - seen.get(state, 0) for state in ended)

    @property
    def left_alone(self) -> int:
        """Count the waiting tasks that a person has to look at, each by itself."""
        return max(0, self.needing.tasks - self.unseen)

    @property
    def going(self) -> int:
        """Count the tasks that run or are about to: the filter *Under way*."""
        return self.count(State.QUEUED) - self.stopped + self.count(State.RUNNING)

    @property
    def open(self) -> int:
        """Count all that is not done: tasks, and rows to come."""
        paused = 0 if self.stats is None else self.stats.get("paused_rows", 0)
        return self.going + self.waiting + self.rows + paused + self.count(State.SCHEDULED)

    @property
    def acting(self) -> int:
        """Count the actions that wait, to be done or undone."""
        return 0 if self.stats is None else self.stats["pending"]

    @property
    def is_practice(self) -> bool:
        """Whether e-mails are kept in place of being sent."""
        return self.stats is not None and self.stats.get("practice", False)

    # what stops tasks

    @property
    def held(self) -> list[Notice]:
        """The queues that are on hold for a person."""
        return [each for each in self.about(NoticeId.QUEUE) if each.get("reason") not in OUTAGES]

    @property
    def outages(self) -> list[Notice]:
        """The queues that wait for their server, and go on by themselves."""
        return [each for each in self.about(NoticeId.QUEUE) if each.get("reason") in OUTAGES]

    @property
    def pause(self) -> Notice | None:
        """The pause of everything."""
        return self.notice(NoticeId.PAUSED)

    @property
    def paused_queues(self) -> list[Notice]:
        """The pauses of single queues."""
        return [each for each in self.about(NoticeId.PAUSED) if each["id"] != NoticeId.PAUSED]

    @property
    def is_all_paused(self) -> bool:
        """Whether everything is paused, or each queue in which something waits is."""
        if self.pause is not None:
            return True
        stands = self.count(State.QUEUED) and self.going == 0 and not self.count(State.WAITING)
        return bool(self.paused_queues and stands and not self.about(NoticeId.QUEUE))

    @property
    def stops(self) -> frozenset[str]:
        """What keeps tasks from starting, by the ids of notices; empty for the backend itself."""
        found = [each["id"] for each in self.about(NoticeId.QUEUE) + self.about(NoticeId.PAUSED)]
        own = NoticeId.STORE, NoticeId.ENGINE, NoticeId.RESTORED
        found += [name for name in own if self.notice(name) is not None]
        return frozenset(found if isinstance(self.state, Ready) else [*found, ""])
