"""The model of causes: their figures, their order, and what stands in each cell."""

from __future__ import annotations

import time
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QCoreApplication, QModelIndex, QPersistentModelIndex, Qt, Signal

from desktop.client.errors import BackendGone
from desktop.contract.causes import CASES, ON_THE_WAY, Cure
from desktop.contract.items import CONFIRMATION, MAIL_QUEUE
from desktop.contract.reasons import Reason
from desktop.contract.states import State
from desktop.gui.jobs import Job
from desktop.gui.reach import WHOLE
from desktop.gui.tasks.task_row import epoch
from desktop.gui.tasks.words.causes import brief_cause_words, cure_words
from desktop.gui.tasks.words.states import LOOKS
from desktop.gui.widgets.lists.live_rows import Cell, LiveRows, moment_cell
from desktop.gui.words.ages import minute_of_day
from desktop.gui.words.plurals import figure

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from desktop.client.api import Api, ApiSource
    from desktop.contract.causes import Cause
    from desktop.gui.jobs import Jobs, Ticket
    from desktop.gui.reach import Reach

    Index = QModelIndex | QPersistentModelIndex


translate = QCoreApplication.translate

_HELD: Final = {Reason.HELD_FOR_PERSON, Reason.HELD_AFTER_CRASHES, Reason.QUEUE_HELD}
SHOWN_PLACES = 3
"""Places that are named in a cell."""


def stopped(cause: Cause) -> int:
    """Count the tasks that a cause stops, with rows that are still in batches."""
    return sum(cause["states"].get(state, 0) for state in CASES) + cause["behind"]


def parts(cause: Cause) -> list[tuple[State, int]]:
    """Count the stopped tasks by state, the worst first, then those that are tried again.

    What its batch has put aside, as a paused one does, is scheduled: no other try is under way.
    """
    shown = (State.FAILED, State.UNCERTAIN, State.WAITING)
    counts = {state: cause["states"].get(state, 0) for state in shown}
    counts[State.WAITING] += cause["behind"]
    counts[State.SCHEDULED] = cause["states"].get(State.SCHEDULED, 0)
    counts[State.RUNNING] = on_the_way(cause) - counts[State.SCHEDULED]
    return [(state, n) for state, n in counts.items() if n] or [(State.RUNNING, 0)]


def on_the_way(cause: Cause) -> int:
    """Count its tasks that are being tried again, or are about to be."""
    return sum(cause["states"].get(state, 0) for state in ON_THE_WAY)


def state_words(cause: Cause) -> str:
    """Say how many of its tasks are in which state: *2 failed · 310 waiting*."""
    return " · ".join(words for _, words in words_of_parts(cause))


def words_of_parts(cause: Cause) -> list[tuple[State, str]]:
    """Say how many tasks each of its :func:`parts` has, and how many are still in batches."""
    counts = dict(parts(cause))
    failed, unsure = counts.get(State.FAILED, 0), counts.get(State.UNCERTAIN, 0)
    waiting, under_way = counts.get(State.WAITING, 0), counts.get(State.RUNNING, 0)
    later = counts.get(State.SCHEDULED, 0)
    awaited = translate("causes", "%Ln waiting", None, waiting)
    if cause["behind"]:
        in_batches = translate("causes", "{} still in batches").format(figure(cause["behind"]))
        awaited = f"{awaited} ({in_batches})"
    said = {
        State.FAILED: translate("causes", "%Ln failed", None, failed),
        State.UNCERTAIN: translate("causes", "%Ln uncertain", None, unsure),
        State.WAITING: awaited,
        State.SCHEDULED: translate("causes", "%Ln scheduled", None, later),
        State.RUNNING: translate("causes", "%Ln queued again", None, under_way),
    }
    return [(state, said[state]) for state, n in counts.items() if n]


def place_words(cause: Cause) -> str:
    """Name the places where it happened last."""
    places = cause["where"]
    words = ", ".join(places[:SHOWN_PLACES])
    return words if len(places) <= SHOWN_PLACES else f"{words}, …"


def new_words(cause: Cause, now: float) -> str:
    """Say how many met it after a person had its tasks tried again, and when that was.

    Those may be the same ones, or others; they need not have failed where some of them wait.
    """
    retried = epoch(cause["retried_at"])
    words = _new_words(cause)
    if retried is None or not words:
        return ""
    return translate("causes", "{} at {}").format(words, minute_of_day(retried, now))


def _new_words(cause: Cause) -> str:
    new = cause["new_since_retry"] if cause["retried_at"] is not None else 0
    if not new:
        return ""
    if any(cause["states"].get(state) for state in (State.WAITING, State.UNCERTAIN)):
        return translate("causes", "%Ln more since it was tried again", None, new)
    return translate("causes", "%Ln failed since the retry", None, new)


def pause_of(cause: Cause, paused: AbstractSet[str]) -> str | None:
    """Return which of the ``paused`` queues its tasks are in; "" stands for all queues."""
    about = cause["about"]
    task = about.get("task", "")
    queue = about.get("queue") or (MAIL_QUEUE if task == CONFIRMATION else task)
    return next((each for each in ("", queue) if each in paused), None)


def goes_on_by_itself(cause: Cause) -> bool:
    """Tell whether those of its tasks that wait are on hold for nothing and no one."""
    is_held = cause["about"].get("reason") in _HELD
    return cause["cure"] in {None, Cure.RETRY, Cure.RESOLVE} and not is_held


def help_words(cause: Cause, new: str, *, is_paused: bool = False) -> str:
    """Say what helps, or that it is queued again; ``new`` says what came since."""
    if not stopped(cause):
        return state_words(cause)
    said = [cure_words(cause["cure"], is_paused=is_paused), new]
    return " · ".join(words for words in said if words)


def cure_verb(cause: Cause) -> str:
    """Return what a click on the cure does.

    Which of two things is true of an uncertain task, its tasks and the card tell.
    """
    return "tasks" if cause["cure"] == Cure.RESOLVE else str(cause["cure"])


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

    ``failed`` carries a sentence where they could not be read.
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
        self.paused: AbstractSet[str] = frozenset()
        """The queues that are paused; "" is all of them."""
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

    # QAbstractItemModel

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> Any:
        """Return what a cell says, and what is told under the pointer."""
        cause, column = self.cause(index.row()), index.column()
        if cause is not None and role == _ROLE.ToolTipRole:
            return self._more(cause, column) or super().data(index, role)
        if cause is not None and role == _ROLE.AccessibleTextRole and column == CauseColumn.TASKS:
            return state_words(cause)
        return super().data(index, role)

    def cell(self, position: int, column: int) -> Cell:
        """Return what a cell shows.

        The mark of a count are its parts, each with the look of a state, the worst first; that of
        what helps is whether it is a link.
        """
        cause, now = self.rows[position], time.time()
        match column:
            case CauseColumn.TASKS:
                shown = [(LOOKS[state], figure(count)) for state, count in parts(cause)]
                return Cell(figure(stopped(cause) + on_the_way(cause)), mark=shown)
            case CauseColumn.CAUSE:
                words = brief_cause_words(cause["about"], cause["title"])
                return Cell(words, "text", keeps_end="said" not in cause["about"])
            case CauseColumn.WHERE:
                return Cell(place_words(cause))
            case CauseColumn.FIRST:
                return moment_cell(epoch(cause["first_at"]) or now)
            case CauseColumn.LAST:
                return moment_cell(epoch(cause["last_at"]) or now)
            case _:
                return Cell(self._help(cause, _new_words(cause)), mark=self._is_link(cause))

    def _help(self, cause: Cause, new: str) -> str:
        is_paused = pause_of(cause, self.paused) is not None
        return help_words(cause, new, is_paused=is_paused)

    def _is_link(self, cause: Cause) -> bool:
        is_needed = cause["cure"] is not None and stopped(cause) > 0
        return is_needed and self._reach.allows(cure_verb(cause))

    def _more(self, cause: Cause, column: int) -> str:
        match column:
            case CauseColumn.TASKS:
                return state_words(cause)
            case CauseColumn.WHERE:
                return ", ".join(cause["where"])
            case CauseColumn.HELP:
                return self._help(cause, new_words(cause, time.time()))
            case _:
                return ""

    # Reading

    def order_anew(self) -> None:
        """Have the causes in the order in which they are read next, those with most tasks first.

        After that each keeps its place, and new ones come last.
        """
        self._keeps_places = False

    def take(self, causes: list[Cause]) -> None:
        """Show all causes, as they were read."""
        self._end()
        self.is_loaded = True
        if self._keeps_places:
            places = {each["cause"]: place for place, each in enumerate(self.rows)}
            causes = sorted(causes, key=lambda each: places.get(each["cause"], len(places)))
        self._keeps_places = True
        self.replace(0, len(self.rows), causes)
        self.shown.emit()

    def _on_failed(self, error: Exception) -> None:
        self._is_behind = True
        self._end()
        if not isinstance(error, BackendGone):
            self.failed.emit(str(error))

    def _end(self) -> None:
        self._ticket = None
        if self._is_behind:
            self._is_behind = False
            self.outdated.emit()


def _read(api: Api) -> list[Cause]:
    """Read the causes that stop tasks, or whose tasks a person has tried again."""
    found = [each for each in api.causes(_STATES) if stopped(each) or each["retried_at"]]
    return sorted(found, key=stopped, reverse=True)
