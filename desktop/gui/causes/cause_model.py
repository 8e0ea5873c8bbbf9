"""The model of causes: their figures, their order, and what stands in each cell."""

from __future__ import annotations

import time
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final, cast

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal

from desktop.client.errors import BackendGone
from desktop.contract.causes import CASES, ON_THE_WAY
from desktop.contract.reasons import Reason
from desktop.gui.causes.cause_words import (
    cure_verb,
    help_words,
    look_of,
    new_count_words,
    new_words,
    on_the_way,
    over_words,
    parts,
    paused_batches,
    place_words,
    queue_among,
    state_words,
    stopped,
    whole_over_words,
)
from desktop.gui.jobs import Job
from desktop.gui.reach import WHOLE
from desktop.gui.tasks.task_row import epoch
from desktop.gui.tasks.words.causes import brief_cause_words
from desktop.gui.widgets.lists.live_rows import Cell, LiveRows, moment_cell
from desktop.gui.words.plurals import figure

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from desktop.client.api import Api, ApiSource
    from desktop.contract.causes import Cause
    from desktop.gui.jobs import Jobs, Ticket
    from desktop.gui.reach import Reach

    Index = QModelIndex | QPersistentModelIndex

_ROLE: Final = Qt.ItemDataRole
_STATES: Final = tuple(sorted(CASES | ON_THE_WAY))


class CauseColumn(IntEnum):
    """What stands where."""

    TASKS = 0
    CAUSE = 1
    WHERE = 2
    FIRST = 3
    LAST = 4
    HELP = 5


class CauseModel(LiveRows):
    """``shown`` says that they were read; ``outdated`` that it must be done once more.

    ``failed`` carries a sentence where they could not be read, none while the backend is away.

    A cause that stops nothing any more stays in its place, and is said to be *over*, until they are
    put in order: those below it would move up under the pointer.
    """

    shown = Signal()
    outdated = Signal()
    failed = Signal(str)

    def __init__(self, source: ApiSource, jobs: Jobs, reach: Reach = WHOLE) -> None:
        super().__init__("cause")
        self._reach = reach
        self._source = source
        self._jobs = jobs
        self._ticket: Ticket | None = None
        self._is_behind = False
        self.is_loaded = False
        self._keeps_places = False
        self._places: dict[str, int] = {}  # of all that were shown since they were put in order
        self._over: dict[str, float] = {}  # since when, epoch s, of those that stop nothing now
        self._most: dict[str, int] = {}  # how many tasks each has had
        self._became: dict[str, str] = {}  # what came of them, where that was followed
        self._cancelling: AbstractSet[int] = frozenset()
        self.paused: AbstractSet[str] = frozenset()
        """The queues that are paused; "" is all of them."""
        self.held: AbstractSet[str] = frozenset()
        """The queues that wait for a person."""
        self.titles = {
            CauseColumn.TASKS: self.tr("Tasks"),
            CauseColumn.CAUSE: self.tr("Cause"),
            CauseColumn.WHERE: self.tr("Where"),
            CauseColumn.FIRST: self.tr("First"),
            CauseColumn.LAST: self.tr("Last"),
            CauseColumn.HELP: self.tr("What helps"),
        }

    def refresh(self) -> None:
        """Read the causes as they are now."""
        if self._ticket is not None:
            self._is_behind = True
        elif self._source.api is not None:
            job = Job(_read, self._source.api).then(self.take).otherwise(self._on_failed)
            self._ticket = self._jobs.start(job)

    def cause(self, position: int) -> Cause | None:
        """Return a cause that was read."""
        return self.rows[position] if 0 <= position < len(self.rows) else None

    def over_since(self, cause: Cause) -> float | None:
        """Return since when, epoch s, it stops nothing any more; ``None`` where it does."""
        return self._over.get(cause["cause"])

    def became(self, cause: Cause) -> str:
        """Say what came of its tasks after the last thing that was done to them, if it is known."""
        return self._became.get(cause["cause"], "")

    def note_outcome(self, cause: str, words: str) -> None:
        """Learn what came of the tasks of a cause."""
        self._became[cause] = words
        place = self.position_of(cause)
        if place is not None:
            self._tell_changed(place, place)

    # QAbstractItemModel

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> Any:
        """Return what a cell says, and what is told under the pointer."""
        cause, column = self.cause(index.row()), index.column()
        if cause is not None and role == _ROLE.ToolTipRole:
            return self._more(cause, column) or super().data(index, role)
        if cause is not None and role == _ROLE.AccessibleTextRole and column == CauseColumn.TASKS:
            return self._more(cause, column)
        return super().data(index, role)

    def cell(self, position: int, column: int) -> Cell:
        """Return what a cell shows.

        The mark of a count are its parts, each with the look of a state, the worst first; that of
        what helps is whether it is a link.
        """
        cause, now = self.rows[position], time.time()
        over = self._over.get(cause["cause"])
        match column:
            case CauseColumn.TASKS if over is not None:
                return Cell(figure(cause["count"]), "faint text")
            case CauseColumn.TASKS:
                shown = [(look_of(cause, state), figure(count)) for state, count in parts(cause)]
                return Cell(figure(stopped(cause) + on_the_way(cause)), mark=shown)
            case CauseColumn.CAUSE:
                words = brief_cause_words(cause["about"], cause["title"])
                ink = "text" if over is None else "soft text"
                return Cell(words, ink, keeps_end="said" not in cause["about"])
            case CauseColumn.WHERE:
                return Cell(place_words(cause))
            case CauseColumn.FIRST:
                return moment_cell(epoch(cause["first_at"]) or now)
            case CauseColumn.LAST:
                return moment_cell(epoch(cause["last_at"]) or now)
            case _:
                return Cell(self.help_of(cause, new_count_words(cause)), mark=self._is_link(cause))

    def is_paused(self, cause: Cause) -> bool:
        """Tell whether nothing of what waits is tried before a pause ends."""
        return queue_among(cause, self.paused) is not None or bool(paused_batches(cause))

    def is_held(self, cause: Cause) -> bool:
        """Tell whether its queue waits for a person, who may have it tried here."""
        return queue_among(cause, self.held) is not None

    def may_resume(self, cause: Cause) -> bool:
        """Tell whether it is one pause, and none that a cancel began with."""
        batches = paused_batches(cause)
        is_of_one = len(batches) == 1 and self._cancelling.isdisjoint(batches)
        return queue_among(cause, self.paused) is not None or is_of_one

    def help_of(self, cause: Cause, new: str) -> str:
        """Say what helps and what came since it was tried again, or since when it is over."""
        if (over := self.over_since(cause)) is not None:
            return over_words(over, time.time(), self.became(cause))
        stands = {"is_paused": self.is_paused(cause), "is_held": self.is_held(cause)}
        return help_words(cause, new, **stands)

    def _is_link(self, cause: Cause) -> bool:
        is_needed = cause["cure"] is not None and stopped(cause) > 0
        return is_needed and self._reach.allows(cure_verb(cause))

    def _more(self, cause: Cause, column: int) -> str:
        over = self._over.get(cause["cause"])
        match column:
            case CauseColumn.TASKS | CauseColumn.HELP if over is not None:
                return whole_over_words(cause, over, time.time(), self.became(cause))
            case CauseColumn.TASKS:
                return state_words(cause)
            case CauseColumn.WHERE:
                return ", ".join(cause["where"])
            case CauseColumn.HELP:
                return self.help_of(cause, new_words(cause, time.time()))
            case _:
                return ""

    # Reading

    def sort_again(self) -> bool:
        """Put those with most tasks first, without those that are over; tell whether that is done.

        It is not while they are being read: then it is as soon as they were. After that each keeps
        its place, and new ones come last.
        """
        self._most.clear()
        self._became.clear()
        there = [each for each in self.rows if each["cause"] not in self._over]
        self._show([each for each in there if self._is_shown(each)])
        self._over.clear()
        self._keeps_places = self._ticket is None
        if self._keeps_places:
            self._places.clear()
            self._see(_in_order(self.rows))
        return self._keeps_places

    def show_cancelling(self, batches: AbstractSet[int]) -> None:
        """Leave out the pauses of these batches: *Undo* of their cancel ends them, not *Resume*."""
        if batches == self._cancelling:
            return
        self._cancelling = batches
        if self.is_loaded:
            self.replace(0, len(self.rows), [each for each in self.rows if self._is_shown(each)])
            self.outdated.emit()

    def _is_shown(self, cause: Cause) -> bool:
        """Tell whether it stops tasks, or those are tried again in sight of the person."""
        about = cause["about"]
        if about.get("reason") == Reason.BATCH_PAUSED and about["batch_id"] in self._cancelling:
            return False
        return bool(stopped(cause) or cause["retried_at"] or cause["cause"] in self._most)

    def take(self, causes: list[Cause]) -> None:
        """Show all causes, as they were read."""
        self._end()
        self.is_loaded = True
        if not self._keeps_places:
            self._places.clear()
        self._keeps_places = True
        gone = self._gone(causes) if self._most else []  # else none was seen in this order
        self._see([each for each in causes if self._is_shown(each)], gone)
        self.shown.emit()

    def _see(self, causes: list[Cause], gone: Iterable[Cause] = ()) -> None:
        """Show causes, and those that are over; from now on they stay in sight."""
        for each in causes:
            count, name = stopped(each) + on_the_way(each), each["cause"]
            self._most[name] = max(count, self._most.get(name, 0))
        self._show([*causes, *gone])

    def _gone(self, causes: list[Cause]) -> list[Cause]:
        """Return those in sight that are over by now."""
        there = {each["cause"] for each in causes}
        self._over = {name: at for name, at in self._over.items() if name not in there}
        gone = [each for each in self.rows if each["cause"] not in there and self._is_shown(each)]
        for each in gone:
            self._over.setdefault(each["cause"], time.time())
        nothing = {"states": {}, "behind": 0, "paused": {}, "cure": None}
        return [
            cast("Cause", {**each, **nothing, "count": self._most[each["cause"]]}) for each in gone
        ]

    def _show(self, causes: list[Cause]) -> None:
        for each in causes:
            self._places.setdefault(each["cause"], len(self._places))
        causes.sort(key=lambda each: self._places[each["cause"]])
        self.replace(0, len(self.rows), causes)

    def _on_failed(self, error: Exception) -> None:
        self._is_behind = self._keeps_places = True
        self._end()
        self.failed.emit("" if isinstance(error, BackendGone) else str(error))

    def _end(self) -> None:
        self._ticket = None
        if self._is_behind:
            self._is_behind = False
            self.outdated.emit()


def _read(api: Api) -> list[Cause]:
    """Read the causes that stop tasks, or whose tasks are tried again."""
    return _in_order(api.causes(_STATES))


def _in_order(causes: list[Cause]) -> list[Cause]:
    return sorted(causes, key=stopped, reverse=True)
