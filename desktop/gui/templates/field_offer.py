"""The list of fields at the caret, with the values of the person shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QTreeWidget, QTreeWidgetItem, QWidget

from desktop.contract.rules.templates import field_key
from desktop.gui.kit.look.appearance import LOOK
from desktop.gui.kit.widgets.texts import announce

if TYPE_CHECKING:
    from desktop.gui.templates.field_chips import FieldNames

ROWS: Final = 9
"""Fields that are shown at once."""
WIDTH: Final = 300
NEW: Final = ""
"""The value of *New field…*; it is no name."""


class FieldOffer(QTreeWidget):
    """Offers fields over the window, while the text keeps the focus.

    ``chosen`` carries the name of a field, which may be a new one, or ``NEW``.
    """

    chosen = Signal(str)

    def __init__(self, fields: FieldNames, text: QWidget) -> None:
        super().__init__()
        self._fields = fields
        self._text = text
        self.setObjectName("offer")
        self.setColumnCount(2)
        self.setRootIsDecorated(False)
        self.setHeaderHidden(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("Fields"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setUniformRowHeights(True)
        self.header().setStretchLastSection(True)
        self.itemClicked.connect(lambda _item, _column: self.choose())
        self.hide()

    def names(self) -> list[str]:
        """Return the offered fields; the last is new: the typed one, or ``NEW``."""
        items = [self.topLevelItem(at) for at in range(self.topLevelItemCount())]
        return [str(each.data(0, Qt.ItemDataRole.UserRole)) for each in items if each is not None]

    def show_for(self, typed: str, caret: QRect) -> None:
        """Offer the fields whose label has a word that begins as ``typed``, below the caret."""
        before = self._name() if self.isVisible() else self._fields.all()[0]
        self.clear()
        wanted = field_key(typed)
        for name in self._fields.all():
            label = self._fields.label(name)
            if f" {wanted}" in f" {field_key(label)}":
                self._add(label, self._fields.values.get(field_key(name), ""), name)
        new = self._fields.named(typed) if wanted else NEW
        if new is not None and new not in self.names():
            words = self.tr("New field “{}”").format(new) if new else self.tr("New field…")
            self._add(words, "", new)
        names = self.names()
        if names:
            self._choose_row(names.index(before) if before in names else 0)
            self._place(caret)
        self.setVisible(bool(names))

    def move_by(self, rows: int) -> None:
        """Choose another row, which a screen reader says."""
        at = self.indexOfTopLevelItem(self.selectedItems()[0]) + rows
        self._choose_row(at % self.topLevelItemCount())
        item = self.selectedItems()[0]
        announce(self._text, f"{item.text(0)} {item.text(1)}".strip())

    def choose(self) -> None:
        """Take the current field."""
        name = self._name()
        self.hide()
        self.chosen.emit(name)

    def _name(self) -> str:
        return str(self.selectedItems()[0].data(0, Qt.ItemDataRole.UserRole))

    def _choose_row(self, at: int) -> None:
        item = self.topLevelItem(at)
        if item is not None:
            self.setCurrentItem(item)

    def _add(self, label: str, value: str, name: str) -> None:
        item = QTreeWidgetItem([label, " ".join(value.split())])
        item.setData(0, Qt.ItemDataRole.UserRole, name)
        item.setForeground(1, LOOK.theme.ink("soft text"))
        item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if self._fields.find(name) is None:
            item.setForeground(0, LOOK.theme.ink("accent"))
        self.addTopLevelItem(item)

    def _place(self, caret: QRect) -> None:
        """Stand below the caret, or above it if there is no room."""
        window, px = self._text.window(), LOOK.theme.px
        if self.parentWidget() is not window:
            self.setParent(window)
        self.ensurePolished()
        row = max(self.sizeHintForRow(0), px(24))
        rows = min(ROWS, self.topLevelItemCount())
        width, height = min(px(WIDTH), window.width()), rows * row + 2 * px(5)
        self.header().resizeSection(0, min(self.sizeHintForColumn(0) + px(12), width // 2))
        at = self._text.mapTo(window, QPoint(caret.left(), caret.bottom() + px(4)))
        if at.y() + height > window.height():
            at.setY(max(0, at.y() - caret.height() - height - 2 * px(4)))
        at.setX(max(0, min(at.x(), window.width() - width)))
        self.setGeometry(at.x(), at.y(), width, height)
        self.raise_()
