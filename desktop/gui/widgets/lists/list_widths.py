"""How wide the columns of a list are: their usual widths, and what the words in sight need."""

from __future__ import annotations

import time
from datetime import date
from functools import partial
from math import ceil
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QFontMetrics

from desktop.gui.look.theme import medium

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from PySide6.QtCore import QModelIndex
    from PySide6.QtWidgets import QTableView

    from desktop.gui.look.theme import Theme

PAD: Final = 11
"""Units of the grid between the edge of a cell and its words."""
DAY_CHECK_MS: Final = 60_000
"""Milliseconds after which it is looked whether another day has begun, also after a sleep."""
LAST_RESORT: Final = 0.7
"""The part of its least width that a column keeps before a list is to be scrolled sideways."""
MOST: Final = 2
"""Widest a column becomes, in its usual widths, before the last one has what its words need."""


class ListWidths(QObject):
    """Keeps the widths of a table; a width that the person chose stays.

    ``needed`` tells the width in which a cell, by its row and column, is not cut. Columns that are
    ``fitted`` have it before all others, as far as there is room; the last one, as far as its usual
    width goes.
    """

    def __init__(
        self,
        table: QTableView,
        usual: Mapping[Any, int],
        least: Mapping[Any, int],
        last: int,
        fitted: Collection[Any],
        needed: Callable[[int, int], int],
        leaves: Sequence[Any] = (),
        last_to_leave: Sequence[Any] = (),
    ) -> None:
        """``usual``, ``least`` and ``last``, that of the last column, are units of the grid.

        Those in ``leaves``, the first of them first, leave the table where the least widths of all
        have no room; those in ``last_to_leave`` once the ``fitted`` ones have their usual widths.
        """
        super().__init__(table)
        self._table = table
        self._usual = usual
        self._least = least
        self._last = last
        self._fitted = fitted
        self._width_needed = needed
        self._leaves = leaves
        self._last_to_leave = last_to_leave
        self._needed: dict[int, int] = {}
        self._measured: set[tuple[int, int]] = set()  # cells that have not changed since
        self._own: dict[int, int] = {}  # that the person chose
        self._is_sharing = False
        self.is_held = False
        """Whether rows that change, or are read again, leave the widths as they are."""
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._measure)
        self._day = _today()
        day_check = QTimer(self, interval=DAY_CHECK_MS, timerType=Qt.TimerType.VeryCoarseTimer)
        day_check.timeout.connect(self.look_at_day)
        day_check.start()
        model = table.model()
        model.dataChanged.connect(self._on_changed)
        for change in (model.rowsInserted, model.rowsRemoved, model.rowsMoved):
            change.connect(self._measure_all)
        model.modelReset.connect(self._start_over)
        table.verticalScrollBar().valueChanged.connect(lambda _: self.measure_soon())
        table.horizontalHeader().sectionResized.connect(self._on_resized)

    def dress(self, theme: Theme) -> None:
        """Take the sizes and the font of a theme."""
        self._needed.clear()
        self.share_out(theme)
        self._measure_all()

    def look_at_day(self) -> None:
        """Have room for the dates of what was today, once another day has begun."""
        if self._day != _today():
            self._day = _today()
            self._table.viewport().update()
            self._measure_all()

    def needed(self, column: int) -> int:
        """Return the width that the cells of a column have needed so far, in logical pixels."""
        return self._needed.get(column, 0)

    @property
    def is_to_measure(self) -> bool:
        """Whether words are still to be looked at."""
        return self._later.isActive()

    def measure_soon(self) -> None:
        """Look at the words of rows that have come into sight, once all is where it stays."""
        self._later.start()

    def share_out(self, theme: Theme) -> None:
        """Give each column its width in the room there is now.

        A column that comes or goes may change that room, and have this called meanwhile.
        """
        self._theme = theme
        if self._is_sharing:
            return
        self._is_sharing = True
        room = self._table.viewport().width()
        self._give(theme, room)
        if self._table.viewport().width() != room:
            self._give(theme, self._table.viewport().width())
        self._is_sharing = False

    def _give(self, theme: Theme, room: int) -> None:
        px, last = theme.px, self._table.model().columnCount() - 1
        titled = partial(title_width, self._table, theme)
        usual = {int(n): max(px(width), titled(int(n))) for n, width in self._usual.items()}
        needed = {n: self._needed.get(n, 0) for n in (*usual, last)}
        least = {
            n: max(min(px(width), needed[n]), titled(n))
            for n, width in ((int(column), width) for column, width in self._least.items())
        }
        usual[last] = px(self._last)
        floors = {n: max(round(LAST_RESORT * width), titled(n)) for n, width in least.items()}
        cut = dict(least)
        for column in self._fitted:
            words = needed[column]  # what may leave is not cut before it does
            if column not in self._leaves:
                words = min(words, (1 if column == last else MOST) * usual[column])
            cut[column] = max(least.get(column, 0), min(words, usual[column]))
            if column != last and words <= usual[column]:  # half a state says nothing
                floors[column] = cut[column]
            usual[column] = max(usual[column], words)
            least[column] = max(least.get(column, usual[column]), words)
        for each in (usual, needed, least, cut, floors):
            each |= self._own
        gone = leaving(usual | least, self._may_leave(self._leaves), room)
        narrowest = usual | cut | {n: w for n, w in floors.items() if n not in self._fitted}
        gone |= leaving(_without(gone, narrowest), self._may_leave(self._last_to_leave), room)
        usual, needed, least = (_without(gone, each) for each in (usual, needed, least))
        for column in (*self._leaves, *self._last_to_leave):
            self._table.setColumnHidden(column, column in gone)
        widths = shared_out(usual, needed, least, room)
        for each in (cut, {**floors, last: cut.get(last, widths.get(last, 0))}, floors):
            _take(widths, {n: max(widths[n] - each.get(n, widths[n]), 0) for n in widths}, room)
        header = self._table.horizontalHeader()
        header.setStretchLastSection(False)  # stretched, the last one is never narrower again
        for column, width in widths.items():
            header.resizeSection(column, width)
        header.setStretchLastSection(True)

    def _on_resized(self, column: int, before: int, width: int) -> None:
        """Keep the width that the person gives a column; the last one has the rest.

        From or to nothing is a column that comes or goes, of which the header tells later.
        """
        columns = range(self._table.model().columnCount())
        is_last = column == max(n for n in columns if not self._table.isColumnHidden(n))
        # With larger text Qt widens what is narrower than its new least width.
        is_of_qt = before < width == self._table.horizontalHeader().minimumSectionSize()
        if before and width and not (self._is_sharing or is_last or is_of_qt):
            self._own[column] = width

    def _may_leave(self, columns: Sequence[Any]) -> list[int]:
        return [column for column in columns if column not in self._own]

    def _measure_all(self, *_: object) -> None:
        self._measured.clear()
        self._later.start()

    def _start_over(self) -> None:
        """Forget what other rows needed: the words of these have that room."""
        if not self.is_held:
            self._needed.clear()
            self._measure_all()

    def _on_changed(self, top: QModelIndex, bottom: QModelIndex) -> None:
        if self.is_held:
            return
        self._measured -= _cells(top.row(), bottom.row(), top.column(), bottom.column())
        self._later.start()

    def _measure(self) -> None:
        """Learn what the words in sight need; no column gets narrower for having fewer."""
        (first, last), before = rows_in_sight(self._table), dict(self._needed)
        model = self._table.model()
        new = _cells(first, last, 0, model.columnCount() - 1) - self._measured
        for row, column in new:
            needed = self._width_needed(row, column)
            self._needed[column] = max(needed, self._needed.get(column, 0))
        self._measured |= new
        if self._needed != before:
            self.share_out(self._theme)
            self._table.viewport().update()  # bars are as long as the others leave them


def _today() -> date:
    return date.fromtimestamp(time.time())  # noqa: DTZ012 - the local zone is meant


def title_width(table: QTableView, theme: Theme, column: int) -> int:
    """Return the width in which the title of a column is not cut, in logical pixels."""
    title = str(table.model().headerData(column, Qt.Orientation.Horizontal))
    return QFontMetrics(medium(table.font())).horizontalAdvance(title) + 2 * theme.px(PAD) + 1


def rows_in_sight(table: QTableView) -> tuple[int, int]:
    """Return the first and the last row that can be seen, both included; last < first: none."""
    first = max(table.rowAt(0), 0)
    last = table.rowAt(table.viewport().height() - 1)
    return first, table.model().rowCount() - 1 if last < 0 else last


def _cells(top: int, bottom: int, left: int, right: int) -> set[tuple[int, int]]:
    """Return the row and column of each cell, all four included."""
    return {(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)}


def leaving(least: Mapping[int, int], may_leave: Sequence[int], room: int) -> set[int]:
    """Return the columns that leave a table, as few as give the others their least widths."""
    gone: set[int] = set()
    for column in may_leave:
        if sum(width for n, width in least.items() if n not in gone) <= room:
            break
        gone.add(column)
    return gone


def _without(gone: Collection[int], widths: Mapping[int, int]) -> dict[int, int]:
    return {column: width for column, width in widths.items() if column not in gone}


def shared_out(
    usual: Mapping[int, int], needed: Mapping[int, int], least: Mapping[int, int], room: int
) -> dict[int, int]:
    """Return widths for ``room``, with as few words cut as can be.

    Where there is more room than the usual widths take, columns are widened evenly.
    Columns that have a ``least`` width give what their words do not need; where that is not
    enough, they give more, down to that width. What is left when the last column has what it needs
    is for those that need more than ``MOST`` of their usual widths. All in logical pixels.
    """
    last = max(usual)
    modest = {n: min(needed[n], MOST * width) for n, width in usual.items()} | {last: needed[last]}
    spare = {n: usual[n] - max(needed[n], width) for n, width in least.items()}
    spare = {n: width for n, width in spare.items() if width > 0}
    pool = room + sum(spare.values())
    widths = _widened(usual, modest, pool - sum(usual.values()))
    widths = _widened(widths, needed, pool - sum(widths.values()))
    _take(widths, spare, room)
    _take(widths, {n: max(widths[n] - width, 0) for n, width in least.items()}, room)
    return widths


def _widened(widths: Mapping[int, int], needed: Mapping[int, int], pool: int) -> dict[int, int]:
    """Widen columns out of a pool of room, all by the same, but none by more than it needs."""
    wider = dict(widths)
    short = sorted((needed[n] - width, n) for n, width in widths.items() if needed[n] > width)
    for place, (missing, column) in enumerate(short):
        more = min(missing, max(pool, 0) // (len(short) - place))
        wider[column] += more
        pool -= more
    return wider


def _take(widths: dict[int, int], spare: Mapping[int, int], room: int) -> None:
    """Narrow columns by what they can spare, each by the same share, until all have room."""
    short = max(0, sum(widths.values()) - room)
    share = min(1.0, short / max(1, sum(spare.values())))
    for column, width in spare.items():
        widths[column] -= ceil(width * share)
