"""A sheet with a list, and a search above it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.gui.kit.lists.list_table import ListTable
from desktop.gui.kit.look.appearance import sized
from desktop.gui.kit.widgets.buttons import ClearableLine
from desktop.gui.kit.widgets.sheet import Sheet
from desktop.gui.kit.widgets.texts import Feedback

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desktop.gui.kit.lists.list_widths import ColumnFit

PAGE: Final = 200
"""Rows of one page."""
TYPED_MS: Final = 250
"""Milliseconds after the last key until the list is read."""


class SearchedListSheet(Sheet):
    """Shows what ``model.find`` finds; further tools stand beside the search, in ``tools``."""

    def __init__(
        self,
        host: QWidget,
        width: int,
        model: Any,
        fits: Mapping[int, ColumnFit],
        rest: int,
        title: str,
        hint: str,
    ) -> None:
        super().__init__(width, host, least=480)
        self.set_title(title)
        self.model = model
        self.model.setParent(self)
        self.table = ListTable(self.model, title, fits, rest)
        self.search = ClearableLine(hint)
        self._pause = QTimer(self, singleShot=True, interval=TYPED_MS)
        self._pause.timeout.connect(self.load)
        self.search.textChanged.connect(self._pause.start)
        self.trouble = Feedback()
        self.tools = sized(QHBoxLayout(), margins=(20, 12, 20, 4), spacing=8)
        self.tools.addWidget(sized(self.search, width=360))
        rows = sized(QVBoxLayout(), margins=(10, 4, 10, 0))
        rows.addWidget(self.trouble)
        rows.addWidget(self.table, 1)
        sized(self.body, margins=0, spacing=0)
        self.body.addLayout(self.tools)
        self.body.addLayout(rows, 1)
        self.model.failed.connect(lambda sentence: self.trouble.say(sentence, "error"))

    def open(self) -> None:
        """Open the sheet and read the list."""
        super().open()
        self.load()

    def load(self) -> None:
        """Read the list from its beginning."""
        self._pause.stop()
        self.model.find(self.search.text().strip())
