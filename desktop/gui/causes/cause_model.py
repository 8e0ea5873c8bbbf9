"""The model of causes: their words and counts, their order and their cells."""

from __future__ import annotations

import time
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final, cast

from PySide6.QtCore import QCoreApplication, QModelIndex, QPersistentModelIndex, Qt, Signal

from desktop.contract.batches import MAIL_TASKS
from desktop.contract.items import CONFIRMATION, MAIL_QUEUE
from desktop.gui.kit.lists.live_rows import Cell, LiveRows, PageReader, moment_cell
from desktop.gui.kit.words.ages import minute_of_day
from desktop.gui.kit.words.plurals import figure
from desktop.gui.kit.words.reasons import brief_cause_words, cure_words
from desktop.gui.kit.words.states import LOOKS, sentences
from desktop.gui.kit.words.table import say
from desktop.gui.kit.words.task_row import ON_HOLD, PAUSED_TASK
from sendoff_tasks.model.causes import CASES, ON_THE_WAY, CauseKind, Cure
from sendoff_tasks.model.reasons import HELD
from sendoff_tasks.model.states import State
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from desktop.client.api import Api
    from desktop.gui.kit.rights import WindowRights
    from desktop.gui.kit.words.states import Look
    from desktop.gui.link.jobs import ApiSource
    from sendoff_tasks.model.causes import Cause

    Index = QModelIndex | QPersistentModelIndex


translate = QCoreApplication.translate

_FAILURES: Final = {CauseKind.ANSWER, CauseKind.SAID, CauseKind.TIMEOUT}
"""Kinds that make the last attempt fail; only an earlier attempt can be uncertain."""
SHOWN_PLACES = 3
"""The most places in a cell."""
_ROLE: Final = Qt.ItemDataRole
_STATES: Final = tuple(sorted(CASES | ON_THE_WAY))


def stopped(cause: Cause) -> int:
    """Count the tasks that a cause stops, including rows that are still in batches."""
    return sum(cause["states"].get(state, 0) for state in CASES) + cause["behind"]


def parts(cause: Cause) -> list[tuple[State, int]]:
    """Count the stopped tasks by state, worst first, then those that are tried again.

    A task that its batch has put aside, as in a pause, is *scheduled*, not tried again.
    """
    shown = (State.FAILED, State.UNCERTAIN, State.WAITING)
    counts = {state: cause["states"].get(state, 0) for state in shown}
    counts[State.WAITING] += cause["behind"]
    counts[State.SCHEDULED] = cause["states"].get(State.SCHEDULED, 0)
    counts[State.RUNNING] = on_the_way(cause) - counts[State.SCHEDULED]
    return [(state, n) for state, n in counts.items() if n] or [(State.RUNNING, 0)]


def look_of(cause: Cause, state: State) -> Look:
    """Return the look of its tasks in a state; a pause has its own icon."""
    look = LOOKS[ON_HOLD if state == State.WAITING and is_on_hold(cause) else state]
    return look._replace(icon=LOOKS[PAUSED_TASK].icon) if cause["cure"] == Cure.RESUME else look


def on_the_way(cause: Cause) -> int:
    """Count its tasks that are being tried again, or soon will be."""
    return sum(cause["states"].get(state, 0) for state in ON_THE_WAY)


def state_words(cause: Cause) -> str:
    """Say how many of its tasks are in each state: *2 failed · 310 waiting*."""
    return " · ".join(words for _, words in words_of_parts(cause))


def words_of_parts(cause: Cause) -> list[tuple[State, str]]:
    """Say how many tasks each of the :func:`parts` has, and how many are still in batches."""
    counts = dict(parts(cause))
    failed, unsure = counts.get(State.FAILED, 0), counts.get(State.UNCERTAIN, 0)
    waiting, under_way = counts.get(State.WAITING, 0), counts.get(State.RUNNING, 0)
    later = counts.get(State.SCHEDULED, 0)
    awaited = say("count", "on_hold" if is_on_hold(cause) else "awaited", n=waiting)
    if cause["behind"]:
        in_batches = say("cause_is", "behind", rows=figure(cause["behind"]))
        awaited = f"{awaited} ({in_batches})"
    said = {
        State.FAILED: say("count", "failed", n=failed),
        State.UNCERTAIN: _unsure_words(cause, unsure),
        State.WAITING: awaited,
        State.SCHEDULED: say("count", "scheduled", n=later),
        State.RUNNING: say("count", "queued_again", n=under_way),
    }
    return [(state, said[state]) for state, n in counts.items() if n]


def is_on_hold(cause: Cause) -> bool:
    """Tell whether its waiting tasks wait for a person."""
    return cause["about"].get("reason") in HELD


def is_of_mail(cause: Cause) -> bool:
    """Tell whether its tasks send messages."""
    return cause["about"].get("task") in MAIL_TASKS


def _unsure_words(cause: Cause, count: int) -> str:
    """Say how many are uncertain; if the cause is a failure, an earlier attempt made them so."""
    is_earlier = is_of_mail(cause) and cause["about"].get("kind") in _FAILURES
    return say("count", "uncertain", "earlier" if is_earlier else "", n=count)


def place_words(cause: Cause) -> str:
    """Name the places where it happened most recently."""
    places = cause["where"]
    words = ", ".join(places[:SHOWN_PLACES])
    return words if len(places) <= SHOWN_PLACES else f"{words}, …"


def new_words(cause: Cause) -> str:
    """Say how many tasks met it since the retry.

    They may be the same tasks or others, and they may wait instead of having failed.
    """
    new = cause["new_since_retry"] if cause["retried_at"] is not None else 0
    if not new:
        return ""
    if any(cause["states"].get(state) for state in (State.WAITING, State.UNCERTAIN)):
        return say("count", "since_retry", n=new)
    return say("count", "failed_since_retry", n=new)


def over_words(since: float, now: float) -> str:
    """Say that a cause is over."""
    return say("cause_is", "over", since=minute_of_day(since, now))


def whole_over_words(cause: Cause, since: float, now: float) -> str:
    """Say that a cause is over, and how many tasks it had."""
    words = say("cause_is", "all_over", n=cause["count"])
    return sentences(over_words(since, now), words)


def is_among(cause: Cause, queues: AbstractSet[str]) -> bool:
    """Tell whether its tasks are in one of ``queues``; "" stands for all queues."""
    about = cause["about"]
    task = about.get("task", "")
    queue = about.get("queue") or (MAIL_QUEUE if task == CONFIRMATION else task)
    return not queues.isdisjoint({"", queue})


def help_words(cause: Cause, *, is_paused: bool = False, is_held: bool = False) -> str:
    """Say what helps and how many tasks met it since the retry, or that they are queued again."""
    if not stopped(cause):
        return state_words(cause)
    alone = by_itself_words(cause, is_paused=is_paused, is_held=is_held)
    return " · ".join(filter(None, [alone or cure_words(cause["cure"]), new_words(cause)]))


def by_itself_words(cause: Cause, *, is_paused: bool, is_held: bool) -> str:
    """Say how its tasks are retried automatically, if they are; some may wait for a pause."""
    if cause["cure"] is not None:
        return ""
    words = cure_words(None, is_paused=is_paused, is_held=is_held)
    later = 0 if is_paused else sum(cause["paused"].values())
    if not later:
        return words
    return say("cause_is", "paused_too", words=words, later=figure(later))


def cure_verb(cause: Cause) -> str:
    """Return the verb of a click on the cure.

    Uncertain tasks have two possible actions, so the click shows the tasks.
    """
    return "tasks" if cause["cure"] == Cure.RESOLVE else str(cause["cure"])


class CauseColumn(IntEnum):
    """The columns of the table."""

    TASKS = 0
    CAUSE = 1
    WHERE = 2
    FIRST = 3
    LAST = 4
    HELP = 5


class CauseModel(LiveRows):
    """All causes that stop tasks, or whose tasks are being tried again.

    ``outdated`` says that they have to be read again.

    A cause that stops no task any more is marked as *over* and keeps its place until the causes are
    sorted again: otherwise the rows below would move up under the pointer.
    """

    outdated = Signal()

    def __init__(self, source: ApiSource, rights: WindowRights) -> None:
        super().__init__("cause")
        self._rights = rights
        self._reader = PageReader(source, self)
        self._reader.failed.connect(self._on_failed)
        self._reader.free.connect(self.outdated)
        self.is_loaded = False
        self._keeps_places = False
        self._places: dict[str, int] = {}  # by cause, since they were sorted
        self._over: dict[str, float] = {}  # when each became over, epoch s
        self._most: dict[str, int] = {}  # the most tasks of each
        self.paused: AbstractSet[str] = frozenset()
        """The paused queues; "" stands for all."""
        self.held: AbstractSet[str] = frozenset()
        """The queues that are on hold."""
        self.titles = {
            CauseColumn.TASKS: self.tr("Tasks"),
            CauseColumn.CAUSE: self.tr("Cause"),
            CauseColumn.WHERE: self.tr("Where"),
            CauseColumn.FIRST: self.tr("First"),
            CauseColumn.LAST: self.tr("Last"),
            CauseColumn.HELP: self.tr("What helps"),
        }

    def refresh(self) -> None:
        """Read the causes."""
        self._reader.read(self.take, _read)

    def over_since(self, cause: Cause) -> float | None:
        """Return when a cause became over, epoch s; ``None`` if it is not."""
        return self._over.get(cause["cause"])

    # QAbstractItemModel

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> Any:
        """Return a cell's text or tooltip."""
        cause, column = self.row_at(index.row()), index.column()
        if cause is not None and role == _ROLE.ToolTipRole:
            return self._more(cause, column) or super().data(index, role)
        if cause is not None and role == _ROLE.AccessibleTextRole and column == CauseColumn.TASKS:
            return self._more(cause, column)
        return super().data(index, role)

    def cell(self, position: int, column: int) -> Cell:
        """Return a cell.

        The mark of a count lists its parts, each with the look of a state, worst first. The mark of
        *What helps* tells whether it is a link.
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
                words = brief_cause_words(cause["about"])
                ink = "text" if over is None else "soft text"
                return Cell(words, ink, keeps_end="said" not in cause["about"])
            case CauseColumn.WHERE:
                return Cell(place_words(cause))
            case CauseColumn.FIRST:
                return moment_cell(epoch(cause["first_at"]) or now)
            case CauseColumn.LAST:
                return moment_cell(epoch(cause["last_at"]) or now)
            case _:
                return Cell(self.help_of(cause), mark=self._is_link(cause))

    def is_paused(self, cause: Cause) -> bool:
        """Tell whether its waiting tasks are all paused."""
        waiting = cause["states"].get(State.WAITING, 0)
        is_all = sum(cause["paused"].values()) >= waiting > 0
        return is_all or is_among(cause, self.paused)

    def is_held(self, cause: Cause) -> bool:
        """Tell whether its queue is on hold."""
        return is_among(cause, self.held)

    def help_of(self, cause: Cause) -> str:
        """Say what helps, or since when it is over."""
        if (over := self.over_since(cause)) is not None:
            return over_words(over, time.time())
        stands = {"is_paused": self.is_paused(cause), "is_held": self.is_held(cause)}
        return help_words(cause, **stands)

    def _is_link(self, cause: Cause) -> bool:
        is_needed = cause["cure"] is not None and stopped(cause) > 0
        return is_needed and self._rights.allows(cure_verb(cause))

    def _more(self, cause: Cause, column: int) -> str:
        over = self._over.get(cause["cause"])
        match column:
            case CauseColumn.TASKS | CauseColumn.HELP if over is not None:
                return whole_over_words(cause, over, time.time())
            case CauseColumn.TASKS:
                return state_words(cause)
            case CauseColumn.WHERE:
                return ", ".join(cause["where"])
            case _:
                return ""

    # Reading

    def sort_again(self) -> bool:
        """Sort the causes, most tasks first, without those that are over; tell whether it was done.

        While the causes are being read, they are sorted afterwards. Then each keeps its place, and
        new ones come last.
        """
        self._most.clear()
        there = [each for each in self.rows if each["cause"] not in self._over]
        self._show([each for each in there if self._is_shown(each)])
        self._over.clear()
        self._keeps_places = not self._reader.is_reading
        if self._keeps_places:
            self._places.clear()
            self._show_and_remember(_in_order(self.rows))
        return self._keeps_places

    def _is_shown(self, cause: Cause) -> bool:
        """Tell whether it stops tasks, or its tasks are tried again, or it was shown already."""
        return bool(stopped(cause) or cause["retried_at"] or cause["cause"] in self._most)

    def take(self, causes: list[Cause]) -> None:
        """Show all causes that were read."""
        self.is_loaded = True
        if not self._keeps_places:
            self._places.clear()
        self._keeps_places = True
        # Before the first, nothing was shown in this order.
        gone = self._over_by_now(causes) if self._most else []
        self._show_and_remember([each for each in causes if self._is_shown(each)], gone)
        self.shown.emit()

    def _show_and_remember(self, causes: list[Cause], gone: Iterable[Cause] = ()) -> None:
        """Show causes, and those that are over; from now on they keep their places."""
        for each in causes:
            count, name = stopped(each) + on_the_way(each), each["cause"]
            self._most[name] = max(count, self._most.get(name, 0))
        self._show([*causes, *gone])

    def _over_by_now(self, causes: list[Cause]) -> list[Cause]:
        """Return the causes shown that are over by now."""
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

    def _on_failed(self, sentence: str) -> None:
        self._keeps_places = True
        self.failed.emit(sentence)


def _read(api: Api) -> list[Cause]:
    """Read the causes that stop tasks, or whose tasks are being tried again."""
    return _in_order(api.causes(_STATES))


def _in_order(causes: list[Cause]) -> list[Cause]:
    return sorted(causes, key=stopped, reverse=True)
