"""The pins above the list: a new item, items not sent yet, spreadsheets under way, drafts."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtWidgets import QHeaderView, QMenu, QSizePolicy, QStyledItemDelegate

from desktop.gui.kit.lists.live_rows import Cell
from desktop.gui.kit.lists.row_table import RowTable
from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import LOOK, bind_theme, px
from desktop.gui.kit.widgets.buttons import ENTER
from desktop.gui.kit.words.table import say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QKeyEvent

    from desktop.gui.kit.look.theme import Theme

    Index = QModelIndex | QPersistentModelIndex


NEW: Final = "new"
ASIDE: Final = "aside"
CORRECTIONS: Final = "corrections"
SHEETS: Final = "sheets"
DRAFTS: Final = "drafts"
KINDS: Final = (NEW, ASIDE, CORRECTIONS, SHEETS, DRAFTS)
"""The kinds of pins, from top to bottom."""
ALONE: Final = 3
"""Pins of a kind that stand for themselves: more of them are one."""
MOST: Final = (6, 3)
"""The most pins, and in a low window."""
LOW: Final = 760
"""Height of the window, in units of the grid, below which it is low for pins."""


OVER: Final = "circle-check"
"""The icon of what is over, which stands for many only if all are."""


class PinnedRow(NamedTuple):
    """A pin by its ``key``: a ``name`` and a ``text``.

    ``show`` lets the desk show what it stands for; ``press`` is what a click and Enter do more
    than that, by default to go there; ``discard`` is what Del does.
    """

    key: str
    name: str
    text: str
    icon: str
    show: Callable[[], object] = lambda: None
    press: Callable[[], object] | None = None
    discard: Callable[[], object] | None = None
    ink: str = "soft text"


class PinModel(QAbstractTableModel):
    """The pins as rows: name and text."""

    def __init__(self) -> None:
        super().__init__()
        self.pins: list[PinnedRow] = []
        self.titles = {0: self.tr("Name"), 1: self.tr("Progress")}

    def show(self, pins: list[PinnedRow]) -> None:
        """Show other pins."""
        if pins and [each.key for each in pins] == [each.key for each in self.pins]:
            self.pins = pins
            self.dataChanged.emit(self.index(0, 0), self.index(len(pins) - 1, 1))
        else:
            self.beginResetModel()
            self.pins = pins
            self.endResetModel()

    def cell(self, row: int, column: int) -> Cell:
        """Return the words of a cell."""
        return Cell(self.pins[row].text if column else self.pins[row].name)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of pins."""
        return 0 if parent.isValid() else len(self.pins)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return 2."""
        return 0 if parent.isValid() else len(self.titles)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the name of a column, for screen readers."""
        is_title = orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return self.titles.get(section) if is_title else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what the stock delegate paints."""
        pin, is_text = self.pins[index.row()], bool(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return pin.text if is_text else pin.name
            case Qt.ItemDataRole.DecorationRole if not is_text:
                return icons.qicon(pin.icon, LOOK.theme.ink(pin.ink), LOOK.theme)
            case Qt.ItemDataRole.ForegroundRole if is_text:
                return LOOK.theme.ink(pin.ink)
            case Qt.ItemDataRole.TextAlignmentRole if is_text:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None


class Pins(RowTable):
    """Shows the pins, as high as they are.

    ``entered`` is emitted for one without a ``press``, and carries whether it was clicked.
    ``left_downwards`` is emitted when ↓ goes on from the last one.
    """

    HEIGHT = 34, 24

    entered = Signal(bool)
    left_downwards = Signal()

    def __init__(self) -> None:
        self._pins: dict[str, Sequence[PinnedRow]] = {}
        self._whole: dict[str, Callable[[], object]] = {}
        self._is_low = False
        self._model = PinModel()
        super().__init__(self._model, "", QHeaderView(Qt.Orientation.Horizontal))
        self.setAccessibleName(self.tr("Pinned"))
        self.setObjectName("pins")
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.setItemDelegate(QStyledItemDelegate(self))
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.picked.connect(self._on_picked)
        self.place.followed.connect(self._fit)
        self.clicked.connect(lambda index: self._press(index.row(), by_click=True))
        bind_theme(self, "look", lambda pins, theme: pins.apply_theme(theme))
        self.hide()

    # The kinds of pins

    def put(
        self, kind: str, pins: Sequence[PinnedRow], whole: Callable[[], object] | None = None
    ) -> None:
        """Show the pins of a kind in place of earlier ones.

        If they are too many, they are one pin, which opens ``whole``, or else a menu of them.
        """
        self._pins[kind] = pins
        if whole is not None:
            self._whole[kind] = whole
        self._compose()

    def choose(self, key: str | None) -> None:
        """Mark a pin as the current row of list and pins; ``None`` marks none."""
        keys = [each.key for each in self._model.pins]
        if key in keys:
            self.selectRow(keys.index(key))
        else:
            self.selectionModel().clear()

    def shown(self) -> list[PinnedRow]:
        """Return the pins that are shown."""
        return list(self._model.pins)

    @property
    def chosen_key(self) -> str | None:
        """The key of the pin that is the current row, if any is."""
        return next((self._model.pins[row].key for row in self.chosen()), None)

    def enter_last(self) -> None:
        """Move the focus to the last pin, and choose it."""
        self.setFocus()
        self.selectRow(len(self._model.pins) - 1)
        self.picked.emit()

    def _compose(self) -> None:
        """Show as many pins as there is room for."""
        pins: list[PinnedRow] = []
        for kind in KINDS:
            found = self._pins.get(kind, ())
            pins += [self._many(kind, found)] if len(found) > ALONE else found
        most = MOST[self._is_low]
        if len(pins) > most:
            rest = pins[most - 1 :]
            pins = [*pins[: most - 1], self._many("more", rest)]
        before = self.chosen_key
        self._model.show(pins)
        if self.chosen_key != before:
            self.choose(before)
        self.setVisible(bool(pins))
        self._fit()

    def _many(self, kind: str, pins: Sequence[PinnedRow]) -> PinnedRow:
        """Return the one pin for many."""

        def open_menu() -> None:
            self._open_menu(pins)

        press = self._whole.get(kind, open_menu)
        open_ones = [each for each in pins if each.icon != OVER] or pins
        lead = next((each for each in open_ones if each.ink != "soft text"), open_ones[0])
        words = say("pins", kind, n=len(pins))
        return PinnedRow(kind, words, "", lead.icon, press=press, ink=lead.ink)

    def _open_menu(self, pins: Sequence[PinnedRow]) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for pin in pins:
            words = " – ".join(filter(None, (pin.name, pin.text)))
            entry = menu.addAction(words.replace("&", "&&"), partial(self._begin, pin))
            icons.give(entry, pin.icon)
        icons.tick(menu, LOOK.theme)
        at = self.visualRect(self.currentIndex()).bottomLeft()
        menu.popup(self.viewport().mapToGlobal(at))

    @staticmethod
    def _begin(pin: PinnedRow) -> None:
        pin.show()
        if pin.press is not None:
            pin.press()

    # What a person does with them

    def _on_picked(self) -> None:
        """Let the desk show what was chosen; the desk may mark another pin meanwhile."""
        for row in self.chosen():
            pin = self._model.pins[row]
            pin.show()
            self.choose(pin.key)

    def _press(self, row: int, *, by_click: bool) -> None:
        pin = self._model.pins[row]
        if pin.press is None:
            self.entered.emit(by_click)
        else:
            pin.press()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press the current pin on Enter, discard it on Del, and go on to the list below."""
        row, last = self.currentIndex().row(), len(self._model.pins) - 1
        if event.key() in ENTER and row >= 0:
            self.selectRow(row)
            self.picked.emit()
            self._press(row, by_click=False)
        elif event.key() == Qt.Key.Key_Delete and row >= 0:
            if (discard := self._model.pins[row].discard) is not None:
                discard()
        elif event.key() == Qt.Key.Key_Down and row == last:
            self.left_downwards.emit()
        else:
            super().keyPressEvent(event)

    def choose_at_focus(self) -> None:
        """Choose nothing: the desk follows what a person chooses."""

    def choose_for_menu(self, row: QModelIndex) -> None:
        """Choose nothing: there is no menu."""

    # Its look

    def follow_height(self, height: int) -> None:
        """Follow the height of the window: a low one has room for fewer."""
        is_low = height < px(LOW)
        if is_low != self._is_low:
            self._is_low = is_low
            self._compose()

    def apply_theme(self, theme: Theme) -> None:
        """Take the sizes of a theme."""
        super().apply_theme(theme)
        self.setIconSize(QSize(theme.px(16), theme.px(16)))
        self._fit()

    def _fit(self) -> None:
        """Take the height of the pins; the texts take up to three fifths of the width."""
        self.setFixedHeight(self._model.rowCount() * self.row_height)
        most = self.viewport().width() * 3 // 5
        self.setColumnWidth(1, min(self.sizeHintForColumn(1), most))
