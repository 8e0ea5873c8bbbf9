"""What the one sentence is made of: facts as data, without a widget and without a clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from desktop.gui.kit.rights import ALL_RIGHTS
from sendoff_tasks.client.health import Ready, Starting
from sendoff_tasks.events.notices import STORE
from sendoff_tasks.model.reasons import OUTAGES
from sendoff_tasks.model.states import State

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desktop.contract.batches import Batch
    from desktop.contract.office import OfficeStats
    from desktop.gui.kit.rights import WindowRights
    from desktop.gui.kit.words.task_row import Row
    from sendoff_tasks.client.health import BackendState
    from sendoff_tasks.model.causes import Cause
    from sendoff_tasks.model.events import Notice

HELD: Final = "queue:"
"""How the ids of notices about queues on hold begin."""
PAUSED: Final = "paused:"
"""How the ids of notices about pauses begin; that of all queues has no more."""
OWN_TASKS: Final = "own tasks "
"""How the ids of notices about files and packages of own tasks begin."""
DAMAGED: Final = "store.damaged"
"""The refusal of a store that is damaged."""


class Needing(NamedTuple):
    """What needs a person: the filter *Need you*, as it was read last.

    ``one`` is the only task, if it came since the window was last visited; ``cause`` the one that
    all of them have. ``fixed`` of them are ready to be tried.
    """

    tasks: int = 0
    one: Row | None = None
    cause: Cause | None = None
    fixed: int = 0


class LastDone(NamedTuple):
    """The task that ended last: when, epoch s, and the word for what became of it."""

    at: float
    word: str


class Reading(NamedTuple):
    """A spreadsheet that is being read: how many of its rows are, and how many it has."""

    done: int
    rows: int


class Unanswered(NamedTuple):
    """Changes that Sendoff has not answered; it ``may`` have made them."""

    changes: int = 0
    may: bool = False


class Offer(NamedTuple):
    """Something that a room has ready for the person, by its name in the words."""

    name: str
    n: int | None = None
    fields: Mapping[str, str] = {}


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
    - ``acting``: actions that wait, to be done or undone
    - ``saved``: items and corrections that are on this computer's disk only
    - ``has_draft``: the form holds typed text; ``unsaved``: why what is typed cannot be written
    - ``backup_at``: of a damaged store: its newest backup, epoch s
    - ``offers``: what rooms have ready, in the order in which it is said
    - ``is_app``: the tasks are an app's; ``is_new``: no letter was ever sent or kept
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
    acting: int = 0
    needing: Needing = NONE_NEEDING
    last: LastDone | None = None
    reading: Reading | None = None
    saved: int = 0
    unanswered: Unanswered = ALL_ANSWERED
    unsaved: str = ""
    has_draft: bool = False
    backup_at: float | None = None
    offers: Sequence[Offer] = ()
    is_app: bool = False
    is_new: bool = False
    is_list_read: bool = True
    rights: WindowRights = ALL_RIGHTS

    def notice(self, name: str) -> Notice | None:
        """Return the notice with an id."""
        return next((each for each in self.notices if each["id"] == name), None)

    def about(self, prefix: str) -> list[Notice]:
        """Return the notices whose ids begin so, the oldest first."""
        return [each for each in self.notices if each["id"].startswith(prefix)]

    @property
    def is_ready(self) -> bool:
        """Whether the backend answers, and its counts are known."""
        return isinstance(self.state, Ready) and self.stats is not None

    @property
    def is_damaged(self) -> bool:
        """Whether the store is damaged."""
        notice = self.notice(STORE)
        told = notice is not None and notice.get("refusal") == DAMAGED
        return told or getattr(self.state, "damaged", False)

    def count(self, state: str) -> int:
        """Count the tasks in a state."""
        return 0 if self.stats is None else self.stats["counts"].get(state, 0)

    @property
    def standing(self) -> int:
        """Count what does not go on now: the filter *Waiting*, and rows to come."""
        if self.stats is None:
            return 0
        return self.count(State.WAITING) + self.stats["standing"] + self.rows

    @property
    def rows(self) -> int:
        """Count the rows of spreadsheets that are no tasks yet."""
        stats = self.stats
        return 0 if stats is None else stats.get("batch_rows", 0) + stats.get("paused_rows", 0)

    @property
    def going(self) -> int:
        """Count the tasks that run or are about to: the filter *Under way*."""
        if self.stats is None:
            return 0
        return self.count(State.QUEUED) + self.count(State.RUNNING) - self.stats["standing"]

    @property
    def open(self) -> int:
        """Count all that is not done: tasks, and rows to come."""
        return self.going + self.standing + self.count(State.SCHEDULED)

    @property
    def is_practice(self) -> bool:
        """Whether e-mails are kept in place of being sent."""
        return self.stats is not None and self.stats.get("practice", False)

    @property
    def held(self) -> list[Notice]:
        """The queues that are on hold for a person."""
        return [each for each in self.about(HELD) if each.get("reason") not in OUTAGES]

    @property
    def outages(self) -> list[Notice]:
        """The queues that wait for their server, and go on by themselves."""
        return [each for each in self.about(HELD) if each.get("reason") in OUTAGES]

    @property
    def pause(self) -> Notice | None:
        """The pause of everything."""
        return self.notice(PAUSED)

    @property
    def paused_queues(self) -> list[Notice]:
        """The pauses of single queues."""
        return [each for each in self.about(PAUSED) if each["id"] != PAUSED]

    @property
    def is_all_paused(self) -> bool:
        """Whether everything is paused, or each queue in which something waits is."""
        if self.pause is not None:
            return True
        stands = self.count(State.QUEUED) and self.going == 0 and not self.count(State.WAITING)
        return bool(self.paused_queues and stands and not (self.held or self.outages))

    @property
    def was_paused_by_itself(self) -> bool:
        """Whether Sendoff has paused everything, until a person has looked."""
        pause = self.pause
        return pause is not None and bool(pause.get("reason_data", {}).get("text"))

    def stops_besides(self, *names: str) -> bool:
        """Tell whether something else stops what waits: a pause, or a hold."""
        stops = [*self.held, *self.outages, *([self.pause] if self.pause else ())]
        return any(each["id"] not in names for each in stops)
