"""The model of causes: their order and their cells."""

from __future__ import annotations

import time
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final, cast

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal

from desktop.contract.causes import CASES, ON_THE_WAY
from desktop.gui.causes.cause_words import (
    cure_verb,
    help_words,
    look_of,
    new_count_words,
    new_words,
    on_the_way,
    over_words,
    parts,
    place_words,
    state_words,
    stopped,
    whole_over_words,
)
from desktop.gui.kit.lists.live_rows import Cell, LiveRows, PageReader, moment_cell
from desktop.gui.kit.rights import ALL_RIGHTS
from desktop.gui.kit.words.plurals import figure
from desktop.gui.kit.words.reasons import brief_cause_words
from desktop.gui.kit.words.task_row import epoch

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop.client.api import Api, ApiSource
    from desktop.contract.causes import Cause
    from desktop.gui.kit.rights import WindowRights
    from desktop.gui.link.jobs import Jobs

    Index = QModelIndex | QPersistentModelIndex

_ROLE: Final = Qt.ItemDataRole
_STATES: Final = tuple(sorted(CASES | ON_THE_WAY))


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

    def __init__(self, source: ApiSource, jobs: Jobs, rights: WindowRights = ALL_RIGHTS) -> None:
        super().__init__("cause")
        self._rights = rights
        self._reader = PageReader(source, jobs, self)
        self._reader.failed.connect(self._on_failed)
        self._reader.free.connect(self.outdated)
        self.is_loaded = False
        self._keeps_places = False
        self._places: dict[str, int] = {}  # by cause, since they were sorted
        self._over: dict[str, float] = {}  # when each became over, epoch s
        self._most: dict[str, int] = {}  # the most tasks of each
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

    def help_of(self, cause: Cause, new: str) -> str:
        """Say what helps, with ``new`` for tasks since the retry, or since when it is over."""
        if (over := self.over_since(cause)) is not None:
            return over_words(over, time.time())
        return help_words(cause, new)

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
            case CauseColumn.HELP:
                return self.help_of(cause, new_words(cause, time.time()))
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
        gone = (
            self._over_by_now(causes) if self._most else []
        )  # else nothing was shown in this order
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
