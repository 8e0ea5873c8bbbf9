"""The list of tasks that can be run, with a search; each has a title and a description."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from desktop.gui.widgets.buttons import Link

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QObject
    from PySide6.QtGui import QKeyEvent

    from desktop.contract.functions import TaskFunction
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme

_NAME: Final = Qt.ItemDataRole.UserRole
_ABOUT: Final = Qt.ItemDataRole.AccessibleDescriptionRole
_TO_LIST: Final = {Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp}


class FunctionList(QWidget):
    """Emits ``chosen`` with a task's name; the arrow keys also work while the search has the focus.

    Without any task, a link emits ``folder_wanted`` if the folder of task files is on this
    computer.
    """

    chosen = Signal(str)
    folder_wanted = Signal()

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__()
        self.search = QLineEdit(placeholderText=self.tr("Search tasks"))
        self.search.setAccessibleName(self.tr("Search tasks"))
        self.search.textChanged.connect(self._on_text)
        self.search.installEventFilter(self)
        self.rows = QListWidget()
        self.rows.setItemDelegate(_TwoLines(themes, self.rows))
        self.rows.setAccessibleName(self.tr("Tasks that can be run"))
        self.rows.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.rows.setMouseTracking(True)
        self.rows.itemClicked.connect(self._choose)
        self.rows.installEventFilter(self)
        self.nothing = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.nothing.setProperty("role", "soft")
        self.has_folder = True
        self.folder = Link(self.tr("Open the tasks folder"))
        self.folder.clicked.connect(self.folder_wanted)
        self.folder.hide()  # until the list is known to be empty
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.search)
        self._column.addWidget(self.nothing)
        self._column.addWidget(self.folder, alignment=Qt.AlignmentFlag.AlignLeft)
        self._column.addWidget(self.rows)

    def show_functions(self, functions: Sequence[TaskFunction]) -> None:
        """Set the list; the current entry stays current."""
        marked = self._marked()
        self.rows.clear()
        for each in functions:
            row = QListWidgetItem(each["title"], self.rows)
            row.setData(_NAME, each["name"])
            row.setData(_ABOUT, each["doc"].partition("\n")[0])
        self._on_text()
        for row in self._seen():
            if row.data(_NAME) == marked:
                self.rows.setCurrentItem(row)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrow keys move in the list while the search has the focus, and Enter choose."""
        if event.type() == QEvent.Type.KeyPress:
            key: QKeyEvent = event  # type: ignore[assignment]
            if watched is self.search and key.key() in _TO_LIST:
                self.rows.event(event)
                return True
            if key.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self._choose(self.rows.currentItem())
                return True
        return super().eventFilter(watched, event)

    def dress(self, theme: Theme) -> None:
        """Take a theme's colours and sizes."""
        self._column.setSpacing(theme.px(8))
        self.rows.setStyleSheet("QListWidget { border: none; background: transparent; }")
        self.rows.scheduleDelayedItemsLayout()

    def _on_text(self) -> None:
        """Show the tasks with all typed words in their title, name or description."""
        words = self.search.text().casefold().split()
        for place in range(self.rows.count()):
            row = self.rows.item(place)
            text = f"{row.text()} {row.data(_NAME)} {row.data(_ABOUT)}".casefold()
            row.setHidden(not all(word in text for word in words))
        seen = self._seen()
        if self.rows.currentItem() not in seen:
            self.rows.setCurrentItem(seen[0] if seen else None)  # type: ignore[arg-type]
        none = self.tr("There is no task to run yet. Put a file with tasks into the tasks folder.")
        self.nothing.setText(self.tr("No task matches.") if self.rows.count() else none)
        self.nothing.setHidden(bool(seen))
        self.folder.setVisible(self.has_folder and not self.rows.count())

    def _seen(self) -> list[QListWidgetItem]:
        rows = map(self.rows.item, range(self.rows.count()))
        return [row for row in rows if not row.isHidden()]

    def _marked(self) -> str:
        row = self.rows.currentItem()
        return "" if row is None else str(row.data(_NAME))

    def _choose(self, row: QListWidgetItem | None) -> None:
        if row is not None and not row.isHidden():
            self.chosen.emit(row.data(_NAME))


class _TwoLines(QStyledItemDelegate):
    """Paints a title and a description below it."""

    def __init__(self, themes: ThemeSource, parent: QObject) -> None:
        super().__init__(parent)
        self._themes = themes

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the height of one line or two."""
        lines = 2 if index.data(_ABOUT) else 1
        height = lines * option.fontMetrics.lineSpacing() + self._themes.theme.px(14)
        return QSize(0, height)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint the background, the title and the description."""
        theme = self._themes.theme
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for flag, token in (
            (QStyle.StateFlag.State_Selected, "selection"),
            (QStyle.StateFlag.State_MouseOver, "hover"),
        ):
            if state & flag:
                painter.setBrush(theme.color(token))
                painter.drawRoundedRect(rect, theme.px(6), theme.px(6))
                break
        inside = rect.adjusted(theme.px(10), theme.px(6), -theme.px(10), -theme.px(6))
        metrics = painter.fontMetrics()
        line = QRect(inside.x(), inside.y(), inside.width(), metrics.lineSpacing())
        for text, ink in ((index.data(), "text"), (index.data(_ABOUT), "soft text")):
            painter.setPen(theme.ink(ink))
            cut = metrics.elidedText(text or "", Qt.TextElideMode.ElideRight, line.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, cut)
            line.translate(0, metrics.lineSpacing())
        painter.restore()
