"""The widths of the columns of a list: measured words, the room, and what the person chose."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHeaderView

from desktop.gui.kit.look.appearance import px

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from PySide6.QtWidgets import QTableView

    from desktop.gui.kit.lists.list_table import ListTable

_MODES = QHeaderView.ResizeMode
SETTLE_MS: Final = 500
"""Least milliseconds between two measurements: rows may keep changing."""
DAY_CHECK_MS: Final = 60_000
"""Milliseconds between checks for a new day; a timer for midnight would miss it in a sleep."""
LAST_RESORT: Final = 0.5
"""Fraction of its least width that a column keeps before the list scrolls sideways."""


@dataclass(frozen=True, slots=True)
class ColumnFit:
    """How a column uses the room; widths are in units of the grid.

    A column has its ``usual`` width, and more for longer words. If room is short, it shrinks to
    ``least``, if that is given. The words of a ``whole`` column have room before all others: half a
    date or number would be wrong. If the least widths of all do not fit, columns are hidden, those
    with the lowest ``leaves`` first; 0 is never hidden.
    """

    usual: int
    least: int | None = None
    whole: bool = False
    leaves: int = 0
    varies: bool = False
    """Whether it is shown only once two of its words differ."""


class ListWidths(QObject):
    """Sets the column widths of a table; a width that the person chose stays.

    The column ``rest`` takes what the others leave.
    """

    def __init__(self, table: ListTable, fits: Mapping[int, ColumnFit], rest: int) -> None:
        super().__init__(table)
        self._table = table
        self._header = header = table.list_header
        self._fits = fits
        self._rest = rest
        self._needed: dict[int, int] = {}
        self._words: dict[int, set[str]] = {n: set() for n, fit in fits.items() if fit.varies}
        self._measured: set[int] = set()  # rows unchanged since they were measured
        self.own: dict[int, int] = {}
        """The widths that the person chose."""
        self.gone: set[int] = set()
        """The columns that are hidden for lack of room."""
        self._resizing = 0
        self.is_held = False
        """Whether the widths stay as they are while rows change or are read again."""
        self.is_steady = False
        """Whether the width that some rows needed stays when others are shown."""
        self._measured_at = 0.0
        self._later = QTimer(self, singleShot=True)
        self._later.timeout.connect(self.measure)
        self._day = _today()
        day_check = QTimer(self, interval=DAY_CHECK_MS, timerType=Qt.TimerType.VeryCoarseTimer)
        day_check.timeout.connect(self.look_at_day)
        day_check.start()
        model = table.model()
        model.dataChanged.connect(self._on_changed)
        for change in (
            *(model.rowsInserted, model.rowsRemoved, model.rowsMoved),
            model.layoutChanged,
        ):
            change.connect(self._measure_all)
        model.modelReset.connect(self._on_reset)
        table.verticalScrollBar().valueChanged.connect(lambda _: self.measure_soon())
        header.sectionResized.connect(self._on_resized)

    def forget(self) -> None:
        """Measure everything again: the font or the sizes changed."""
        self._needed.clear()
        self.share_out()
        self._measure_all()

    def look_at_day(self) -> None:
        """On a new day, measure again: a time of yesterday is now shown with its date."""
        if self._day != _today():
            self._day = _today()
            self._table.viewport().update()
            self._measure_all()

    def needed(self, column: int) -> int:
        """Return the largest width a column has needed so far, in logical pixels."""
        return self._needed.get(column, 0)

    def measure_soon(self) -> None:
        """Measure the words of rows that came into sight, after the current layout."""
        if not self._later.isActive():
            since = round(1000 * (time.monotonic() - self._measured_at))
            self._later.start(max(0, SETTLE_MS - since))

    @property
    def shown(self) -> list[int]:
        """The columns that are shown, or would be if there were room."""
        hidden = self._header.isSectionHidden
        return [number for number in self._fits if number in self.gone or not hidden(number)]

    def share_out(self) -> None:
        """Give each column its width in the current room.

        Hiding or showing a column may change that room and call this method again.
        """
        if self._resizing:
            return
        with self.resizing():
            room = self._table.viewport().width()
            self._give(room)
            if self._table.viewport().width() != room:
                self._give(self._table.viewport().width())

    @contextmanager
    def resizing(self) -> Iterator[None]:
        """Mark changes of sections within this context as the program's, not the person's."""
        self._resizing += 1
        try:
            yield
        finally:
            self._resizing -= 1

    def bring_back(self, column: int) -> None:
        """Keep a column that was hidden for lack of room: the person wants it."""
        self.gone.discard(column)
        self.own[column] = max(px(self._fits[column].usual), self._header.title_width(column))
        with self.resizing():
            self._header.resizeSection(column, self.own[column])

    def leave(self, gone: set[int]) -> None:
        """Hide exactly these columns for lack of room, and show the others again."""
        with self.resizing():
            for number in self.gone ^ gone:
                self._header.setSectionHidden(number, number in gone)
        self.gone = gone

    def restart(self, own: Collection[int] = ()) -> None:
        """Take the widths of these sections as the person's, and no others."""
        self.gone = set()
        self.own = {number: self._header.sectionSize(number) for number in own}
        self.share_out()

    def _give(self, room: int) -> None:
        shown = self.shown
        if not shown:
            return
        titled = {number: self._header.title_width(number) for number in shown}
        alike = {number for number, words in self._words.items() if len(words) < 2}
        fits = {number: self._fits[number] for number in shown}
        for number in alike - self.own.keys():
            fits.pop(number, None)
        rest = self._rest_of(shown)
        widths = fitted(fits, titled, self._needed, self.own, rest, room)
        self.leave(set(shown) - widths.keys())
        for number, width in widths.items():
            is_rest = number == self._rest_of(widths)
            self._header.setSectionResizeMode(
                number, _MODES.Fixed if is_rest else _MODES.Interactive
            )
            self._header.resizeSection(number, width)

    def _rest_of(self, columns: Collection[int]) -> int:
        return self._rest if self._rest in columns else max(columns)

    def _on_resized(self, column: int, before: int, width: int) -> None:
        """Keep the width that the person gives a column; the rest alone takes what is left.

        So a dragged edge stays under the pointer. A change from or to 0 is a column that is shown
        or hidden.
        """
        # With larger text, Qt widens sections that are narrower than their new minimum.
        is_of_qt = before < width == self._header.minimumSectionSize()
        if self._resizing or is_of_qt:
            return
        if not (before and width):
            self.share_out()
            self._measure_all()
            return
        self.own[column] = width
        rest = self._rest_of([number for number in self.shown if number not in self.gone])
        others = self._header.length() - self._header.sectionSize(rest)
        least = self._fits[rest].least or self._fits[rest].usual
        room = max(px(least), self._table.viewport().width() - others)
        with self.resizing():
            self._header.resizeSection(rest, room)

    def _measure_all(self, *_: object) -> None:
        self._measured.clear()
        self.measure_soon()

    def _on_reset(self) -> None:
        """Forget the widths that the former rows needed."""
        if not self.is_held:
            if not self.is_steady:
                self._needed.clear()
            self._measured_at = 0.0
            self._measure_all()

    def _on_changed(self, top: QModelIndex, bottom: QModelIndex) -> None:
        if self.is_held:
            return
        self._measured.difference_update(range(top.row(), bottom.row() + 1))
        self.measure_soon()

    def measure(self) -> None:
        """Measure the visible words; shorter words never make a column narrower."""
        self._measured_at = time.monotonic()
        if QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton:
            self.measure_soon()  # not while the person may be dragging an edge
            return
        (first, last), before = rows_in_sight(self._table), dict(self._needed)
        told = sum(map(len, self._words.values()))
        new = set(range(first, last + 1)) - self._measured
        delegate, cell, shown = self._table.delegate, self._table.cell, self.shown
        delegate.begin()
        for row in new:
            for column in shown:
                content = cell(row, column)
                if content.words and column in self._words:
                    self._words[column].add(content.words)
                needed = delegate.width_needed(content)
                if needed > self._needed.get(column, -1):
                    self._needed[column] = needed
        self._measured |= new
        if self._needed != before or told != sum(map(len, self._words.values())):
            self.share_out()
            self._table.viewport().update()  # progress bars fill the rest of their cell


def _today() -> date:
    return date.fromtimestamp(time.time())  # noqa: DTZ012 - the local zone is meant


def rows_in_sight(table: QTableView) -> tuple[int, int]:
    """Return the first and the last visible row, inclusive; last < first means none."""
    first = max(table.rowAt(0), 0)
    last = table.rowAt(table.viewport().height() - 1)
    return first, table.model().rowCount() - 1 if last < 0 else last


def fitted(
    fits: Mapping[int, ColumnFit],
    titled: Mapping[int, int],
    words: Mapping[int, int],
    own: Mapping[int, int],
    rest: int,
    room: int,
) -> dict[int, int]:
    """Return the widths of the columns that fit, in logical pixels; the others are hidden.

    Each has its least width, then its words' as far as there is room, then its usual one. If not
    even the least widths fit, columns are cut before the list scrolls: first those that are not
    whole, then those with more words than usual.

    Args:
        fits: the columns that are wanted.
        titled: the width at which each title is not cut.
        words: the width at which the visible words of a column are not cut, if that is known.
        own: the widths that the person has set. They are kept; no other column is hidden for one
            that is wider than it needs to be: the list scrolls instead.
        rest: the column that takes what the others leave.
        room: the width of the list.
    """
    usual = {n: max(px(fit.usual), titled[n]) for n, fit in fits.items()}
    needed = {n: words.get(n, 0) for n in fits}
    least = {n: max(_least(fit, words.get(n)), titled[n]) for n, fit in fits.items()}
    counted = {n: min(own.get(n, width), max(usual[n], width)) for n, width in least.items()}
    shown = fits.keys() - leaving(counted, [n for n in _in_turn(fits) if n not in own], room)
    rest = rest if rest in shown else max(shown)
    widths = {n: own.get(n, least[n]) for n in fits if n in shown}
    free = [n for n in widths if n not in own]
    some = [n for n in free if n == rest or not fits[n].whole]
    long = [n for n in free if n not in some and needed[n] > usual[n]]
    for cut in (some, long):
        _take(widths, {n: _to_spare(fits[n], widths[n], titled[n]) for n in cut}, room)
    for wanted in (needed, usual):
        widths = _widened(widths, {n: own.get(n, wanted[n]) for n in widths}, room)
    if rest not in own:
        widths[rest] += max(0, room - sum(widths.values()))
    return widths


def _least(fit: ColumnFit, words: int | None) -> int:
    """Return the width below which columns are hidden; ``words`` is the width of its words."""
    if fit.whole and words is not None:
        return words
    if fit.least is None or fit.whole:
        return px(fit.usual)
    return min(px(fit.least), px(fit.least) if words is None else words)


def _to_spare(fit: ColumnFit, width: int, titled: int) -> int:
    """Return what a column can give before the list scrolls sideways."""
    floor = width if fit.least is None else round(LAST_RESORT * px(fit.least))
    return max(0, width - max(floor, titled))


def _in_turn(fits: Mapping[int, ColumnFit]) -> list[int]:
    return sorted((n for n, fit in fits.items() if fit.leaves), key=lambda n: fits[n].leaves)


def leaving(least: Mapping[int, int], may_leave: Sequence[int], room: int) -> set[int]:
    """Return the fewest columns to hide so that the least widths of the others fit."""
    gone: set[int] = set()
    for column in may_leave:
        if sum(width for n, width in least.items() if n not in gone) <= room:
            break
        gone.add(column)
    return gone


def _widened(widths: Mapping[int, int], needed: Mapping[int, int], room: int) -> dict[int, int]:
    """Share what is left of the room evenly among columns, but give none more than it needs."""
    wider, pool = dict(widths), room - sum(widths.values())
    short = sorted((needed[n] - width, n) for n, width in widths.items() if needed[n] > width)
    for place, (missing, column) in enumerate(short):
        more = min(missing, max(pool, 0) // (len(short) - place))
        wider[column] += more
        pool -= more
    return wider


def _take(widths: dict[int, int], spare: Mapping[int, int], room: int) -> None:
    """Narrow columns, each by the same share of what it can spare, until all fit."""
    short = max(0, sum(widths.values()) - room)
    share = min(1.0, short / max(1, sum(spare.values())))
    for column, width in spare.items():
        widths[column] -= ceil(width * share)
