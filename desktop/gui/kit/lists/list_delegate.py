"""The delegate of lists, the widths of their columns, and texts laid out once."""

from __future__ import annotations

import time
from datetime import date
from functools import partial
from math import ceil
from typing import TYPE_CHECKING, Any, Final, cast
from unicodedata import bidirectional

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, Qt, QTimer
from PySide6.QtGui import QFont, QFontMetrics, QStaticText, QTextOption, QTransform
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTableView

from desktop.gui.kit.look.icons import icon
from desktop.gui.kit.look.theme import medium

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from PySide6.QtCore import QModelIndex
    from PySide6.QtGui import QColor, QPainter
    from PySide6.QtWidgets import QTableView

    from desktop.gui.kit.lists.live_rows import Cell, LiveRows
    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.kit.look.theme import Theme

    Index = QModelIndex | QPersistentModelIndex


_KEPT: Final = 4096
BOTH_ENDS: Final = 36
"""Width, in average letters, from which both ends of a sentence say more than its beginning."""
_DIRECTIONS: Final = frozenset({"L", "R", "AL"})
"""Bidirectional classes of letters: Latin and the like, Hebrew, Arabic."""
_RIGHT_TO_LEFT_MARK: Final = "\u200f"


class LaidOut:
    """Caches the laid-out texts of one font; widths are in logical pixels."""

    def __init__(self, font: QFont) -> None:
        self.font = font
        self.metrics = QFontMetrics(font)
        self.height = self.metrics.height()
        self._in_order = QTextOption()  # keeps a name before its address in every script
        self._in_order.setTextDirection(Qt.LayoutDirection.LeftToRight)
        self._in_order.setWrapMode(QTextOption.WrapMode.NoWrap)
        self._texts: dict[tuple[str, int, bool], tuple[QStaticText, int]] = {}

    def cut(
        self, text: str, room: int, *, keeps_end: bool = False, is_name: bool = False
    ) -> tuple[QStaticText, int]:
        """Return a text elided to ``room``, and its width.

        With ``keeps_end`` it is cut in the middle, as the end of an error distinguishes it from
        others; in little room only a name is, as *The pr…t ran.* says less than *The program…*.
        """
        keeps_end = is_name or (keeps_end and room >= BOTH_ENDS * self.metrics.averageCharWidth())
        found = self._texts.get((text, room, keeps_end))
        if found is None:
            if len(self._texts) >= _KEPT:
                self._texts.clear()
            mode = Qt.TextElideMode.ElideMiddle if keeps_end else Qt.TextElideMode.ElideRight
            shown = _with_ellipsis_at_cut(self.metrics.elidedText(text, mode, room))
            static = QStaticText(shown)
            static.setTextFormat(Qt.TextFormat.PlainText)
            static.setTextOption(self._in_order)
            static.prepare(QTransform(), self.font)
            found = self._texts[text, room, keeps_end] = (
                static,
                self.metrics.horizontalAdvance(shown),
            )
        return found


def _with_ellipsis_at_cut(shown: str) -> str:
    """Keep the ellipsis at the cut: at the left of Hebrew or Arabic words."""
    before = (bidirectional(each) for each in reversed(shown))
    strong = next((each for each in before if each in _DIRECTIONS), "L")
    return f"{shown}{_RIGHT_TO_LEFT_MARK}" if shown.endswith("…") and strong != "L" else shown


PAD: Final = 11
"""Padding of a cell, in units of the grid."""
DAY_CHECK_MS: Final = 60_000
"""Milliseconds between checks for a new day; a timer for midnight would miss it in a sleep."""
LAST_RESORT: Final = 0.7
"""Fraction of its least width that a column keeps before the list scrolls sideways."""
MOST: Final = 2
"""Multiple of its usual width that limits a column until the last one has its words' width."""


class ListWidths(QObject):
    """Sets the column widths of a table; a width that the person chose stays.

    ``needed(row, column)`` returns the width at which a cell is not cut. Columns in ``fitted`` get
    that width before all others, as far as there is room; a fitted last column gets it up to its
    usual width.
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
        """``usual``, ``least`` and ``last`` (of the last column) are widths in units of the grid.

        Columns in ``leaves`` are hidden, in this order, if the least widths of all do not fit;
        columns in ``last_to_leave`` once the fitted columns are down to their usual widths.
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
        self._measured: set[tuple[int, int]] = set()  # cells unchanged since they were measured
        self._own: dict[int, int] = {}  # widths that the person chose
        self._is_sharing = False
        self.is_held = False
        """Whether the widths stay as they are while rows change or are read again."""
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
        model.modelReset.connect(self._on_reset)
        table.verticalScrollBar().valueChanged.connect(lambda _: self.measure_soon())
        table.horizontalHeader().sectionResized.connect(self._on_resized)

    def dress(self, theme: Theme) -> None:
        """Take the sizes and the font of a theme."""
        self._needed.clear()
        self.share_out(theme)
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

    @property
    def is_to_measure(self) -> bool:
        """Whether words are still to be measured."""
        return self._later.isActive()

    def measure_soon(self) -> None:
        """Measure the words of rows that came into sight, after the current layout."""
        self._later.start()

    def share_out(self, theme: Theme) -> None:
        """Give each column its width in the current room.

        Hiding or showing a column may change that room and call this method again.
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
            words = needed[column]  # a column that may leave is not cut before it leaves
            if column not in self._leaves:
                words = min(words, (1 if column == last else MOST) * usual[column])
            cut[column] = max(least.get(column, 0), min(words, usual[column]))
            if column != last and words <= usual[column]:  # a cut state is useless
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
        header.setStretchLastSection(False)  # a stretched section never gets narrower
        for column, width in widths.items():
            header.resizeSection(column, width)
        header.setStretchLastSection(True)

    def _on_resized(self, column: int, before: int, width: int) -> None:
        """Keep the width that the person gives a column; the last column takes the rest.

        A change from or to 0 is a column that is shown or hidden, not a choice of the person.
        """
        columns = range(self._table.model().columnCount())
        is_last = column == max(n for n in columns if not self._table.isColumnHidden(n))
        # With larger text, Qt widens sections that are narrower than their new minimum.
        is_of_qt = before < width == self._table.horizontalHeader().minimumSectionSize()
        if before and width and not (self._is_sharing or is_last or is_of_qt):
            self._own[column] = width

    def _may_leave(self, columns: Sequence[Any]) -> list[int]:
        return [column for column in columns if column not in self._own]

    def _measure_all(self, *_: object) -> None:
        self._measured.clear()
        self._later.start()

    def _on_reset(self) -> None:
        """Forget the widths that the former rows needed."""
        if not self.is_held:
            self._needed.clear()
            self._measure_all()

    def _on_changed(self, top: QModelIndex, bottom: QModelIndex) -> None:
        if self.is_held:
            return
        self._measured -= _cells(top.row(), bottom.row(), top.column(), bottom.column())
        self._later.start()

    def _measure(self) -> None:
        """Measure the visible words; shorter words never make a column narrower."""
        (first, last), before = rows_in_sight(self._table), dict(self._needed)
        model = self._table.model()
        new = _cells(first, last, 0, model.columnCount() - 1) - self._measured
        for row, column in new:
            needed = self._width_needed(row, column)
            self._needed[column] = max(needed, self._needed.get(column, 0))
        self._measured |= new
        if self._needed != before:
            self.share_out(self._theme)
            self._table.viewport().update()  # progress bars fill the rest of their cell


def _today() -> date:
    return date.fromtimestamp(time.time())  # noqa: DTZ012 - the local zone is meant


def title_width(table: QTableView, theme: Theme, column: int) -> int:
    """Return the width, in logical pixels, at which a column's title is not cut."""
    title = str(table.model().headerData(column, Qt.Orientation.Horizontal))
    return QFontMetrics(medium(table.font())).horizontalAdvance(title) + 2 * theme.px(PAD) + 1


def rows_in_sight(table: QTableView) -> tuple[int, int]:
    """Return the first and the last visible row, inclusive; last < first means none."""
    first = max(table.rowAt(0), 0)
    last = table.rowAt(table.viewport().height() - 1)
    return first, table.model().rowCount() - 1 if last < 0 else last


def _cells(top: int, bottom: int, left: int, right: int) -> set[tuple[int, int]]:
    """Return the cells of a rectangle as (row, column), all bounds inclusive."""
    return {(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)}


def leaving(least: Mapping[int, int], may_leave: Sequence[int], room: int) -> set[int]:
    """Return the fewest columns to hide so that the least widths of the others fit."""
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
    """Return widths for ``room``, in logical pixels, that cut as few words as possible.

    Room beyond the usual widths is shared evenly. Columns with a ``least`` width give the room that
    their words do not need; if that is not enough, they shrink to their least width. A column gets
    more than ``MOST`` times its usual width only once the last column has the width it needs.
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
    """Share a pool of room evenly among columns, but give none more than it needs."""
    wider = dict(widths)
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


class ListDelegate(QStyledItemDelegate):
    """Paints the background and line of a row, then the words of each :class:`Cell` in its colour.

    Subclasses override :meth:`paint_cell` for cells that hold more than words. ``hovered`` is the
    row under the pointer. It is lean on purpose: a scrolling list paints some twenty cells a frame.
    """

    def __init__(self, themes: ThemeSource, parent: QTableView) -> None:
        super().__init__(parent)
        self._themes = themes
        self._texts: dict[bool, LaidOut] = {}
        self.hovered = -1

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        theme, rect, row = self._themes.theme, option.rect, index.row()
        table = cast("QTableView", self.parent())
        is_chosen = table.selectionModel().isSelected(index)  # much cheaper than option.state
        ground = "selection" if is_chosen else "hover" if self.hovered == row else "surface"
        painter.save()
        painter.fillRect(rect, theme.color(ground))
        bottom = QRect(rect.left(), rect.bottom(), rect.width(), 1)
        painter.fillRect(bottom, theme.color("line"))
        if is_chosen and table.hasFocus() and not index.column():
            edge = QRect(rect.left(), rect.top(), theme.px(3), rect.height() - 1)
            painter.fillRect(edge, theme.color("accent"))
        pad = theme.px(PAD)
        cell = cast("LiveRows", index.model()).cell(row, index.column())
        self._lay_out_in(option.font)
        self.paint_cell(painter, rect.adjusted(pad, 0, -(pad // 2), -1), cell, theme)
        painter.restore()

    def paint_cell(self, painter: QPainter, room: QRect, cell: Cell, theme: Theme) -> None:
        """Paint the content of a cell within ``room``."""
        if cell.is_figure:  # aligned to the right
            length = self.length(cell.words)
            right = theme.px(PAD) - theme.px(PAD) // 2  # where the column's title ends, too
            room = room.adjusted(max(0, room.width() - length - 1 - right), 0, 0, 0)
        ink = theme.ink(cell.ink)
        how = {"keeps_end": cell.keeps_end, "is_name": cell.is_name}
        self.write(painter, room, cell.words, ink, **how)

    def width_needed(self, cell: Cell, font: QFont) -> int:
        """Return the width, in logical pixels, at which a cell is not cut in a font."""
        self._lay_out_in(font)
        theme = self._themes.theme
        width = self.content_width(cell, theme)
        return theme.px(PAD) + theme.px(PAD) // 2 + width if width else 0

    def content_width(self, cell: Cell, theme: Theme) -> int:
        """Return the width of a cell's words, or of the longest ones it is about to have."""
        words = max(self.length(cell.words), self.length(cell.longest) if cell.longest else 0)
        return words + 1 if words else 0

    def length(self, words: str, *, bolder: bool = False) -> int:
        """Return the width of words in logical pixels."""
        return self._texts[bolder].metrics.horizontalAdvance(words)

    def mark(self, painter: QPainter, room: QRect, name: str, color: QColor) -> QRect:
        """Paint an icon at the left of ``room``; return the remaining room."""
        px = self._themes.theme.px
        pixmap = icon(name, color, px(16), painter.device().devicePixelRatioF())
        painter.drawPixmap(room.left(), room.center().y() - px(8), pixmap)
        return room.adjusted(px(16 + 8), 0, 0, 0)

    def write(
        self,
        painter: QPainter,
        room: QRect,
        words: str,
        ink: QColor,
        *,
        bolder: bool = False,
        keeps_end: bool = False,
        is_name: bool = False,
    ) -> int:
        """Paint words, cut to ``room`` and centred vertically; return their width."""
        if not words or room.width() <= 0:
            return 0
        texts = self._texts[bolder]
        shown, length = texts.cut(words, room.width(), keeps_end=keeps_end, is_name=is_name)
        painter.setPen(ink)
        painter.setFont(texts.font)
        top = room.top() + (room.height() - texts.height + 1) // 2
        painter.drawStaticText(room.left(), top, shown)
        return length

    def _lay_out_in(self, font: QFont) -> None:
        """Lay out words in this font from now on."""
        if not self._texts or self._texts[False].font != font:
            # The font of an option lives no longer than the option: copy it.
            self._texts = {False: LaidOut(QFont(font)), True: LaidOut(medium(font))}
