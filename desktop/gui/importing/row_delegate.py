"""The delegate of a draft's rows: painted as in any list, with editors whose text is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Signal
from PySide6.QtWidgets import QLineEdit, QStyleOptionViewItem, QTableView, QWidget

from desktop.gui.kit.lists.list_delegate import ListDelegate

if TYPE_CHECKING:
    from desktop.gui.kit.look.appearance import ThemeSource

    Index = QModelIndex | QPersistentModelIndex


class RowDelegate(ListDelegate):
    """Reports the open cell: ``typed`` carries it with its text, ``left`` when it is closed.

    By then the text has been given to the model, unless the person cancelled.
    """

    typed = Signal(object, str)
    left = Signal(object)

    def __init__(self, themes: ThemeSource, parent: QTableView) -> None:
        super().__init__(themes, parent)
        self._open: tuple[QLineEdit, QPersistentModelIndex] | None = None
        self.closeEditor.connect(self._on_closed)

    def createEditor(  # noqa: N802
        self, parent: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> QWidget:
        """Make the editor of a cell."""
        editor, cell = super().createEditor(parent, option, index), QPersistentModelIndex(index)
        if isinstance(editor, QLineEdit):
            self._open = editor, cell
            editor.textEdited.connect(lambda text: self.typed.emit(cell, text))
        return editor

    @property
    def is_open(self) -> bool:
        """Whether a cell is open; reading the rows again closes it."""
        return self._open is not None and self._open[1].isValid()

    def put_back(self, text: str) -> None:
        """Restore a text in the open cell."""
        if self._open is not None and self.is_open:
            self._open[0].setText(text)

    def commit(self) -> None:
        """Give the text of the open cell to the model, and close the cell."""
        if self._open is not None and self.is_open:
            editor = self._open[0]
            self.commitData.emit(editor)
            self.closeEditor.emit(editor)

    def _on_closed(self, editor: QWidget) -> None:
        if self._open is not None and self._open[0] is editor:
            cell, self._open = self._open[1], None
            self.left.emit(cell)
