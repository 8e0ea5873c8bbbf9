"""*About Sendoff*: versions, folders, licences, and a text for a bug report."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.gui.help.about_words import library_lines, versions
from desktop.gui.look import icons
from desktop.gui.parts.flow import Flow
from desktop.gui.parts.surfaces import Sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme


class AboutSheet(Sheet):
    """``folder_chosen`` carries the name of a folder to open, ``report_chosen`` wants the text.

    ``folders`` are pairs of a name and its words.
    """

    folder_chosen = Signal(str)
    report_chosen = Signal()

    def __init__(
        self, folders: Sequence[tuple[str, str]], host: QWidget, themes: ThemeSource
    ) -> None:
        super().__init__(560, host, themes)
        self.set_title(self.tr("About Sendoff"))
        self._mark = QLabel()
        says = QLabel(
            self.tr("Items in, durable background tasks out, every one of them in sight.")
        )
        says.setWordWrap(True)
        self._top = QHBoxLayout()
        self._top.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        self._top.addWidget(says, 1)
        self._grid = QGridLayout()
        self._grid.setColumnStretch(1, 1)
        for row, (name, value) in enumerate(versions().items()):
            self._grid.addWidget(_soft(name), row, 0, Qt.AlignmentFlag.AlignTop)
            shown = QLabel(value, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(shown, row, 1)
        self._flow = Flow()
        self.folders = {name: QPushButton(words) for name, words in folders}
        for name, button in self.folders.items():
            button.clicked.connect(lambda _on=False, n=name: self.folder_chosen.emit(n))
            self._flow.addWidget(button)
        self.licences = QLabel(wordWrap=True)
        self.copy = QPushButton(self.tr("Copy for a bug report"))
        self.copy.clicked.connect(self.report_chosen)
        self._lay_out()

    def dress(self, theme: Theme) -> None:
        """Take a theme's colours and sizes."""
        super().dress(theme)
        px = theme.px
        self._mark.setPixmap(icons.app_icon().pixmap(px(48), px(48)))
        self._top.setSpacing(px(16))
        self._grid.setHorizontalSpacing(px(16))
        self._grid.setVerticalSpacing(px(4))
        self._flow.setSpacing(px(8))
        icons.put(self.copy, "copy", theme.color("text"), theme)
        for button in self.folders.values():
            icons.put(button, "folder-open", theme.color("soft text"), theme)
        self._column.setContentsMargins(0, 0, px(8), 0)
        self._column.setSpacing(px(12))
        self.licences.setText(_licences_html(theme, self.tr("Sendoff is under the MIT licence.")))

    def _lay_out(self) -> None:
        inside = QWidget()
        inside.setProperty("area", "clear")
        self._column = QVBoxLayout(inside)
        self._column.addLayout(self._top)
        self._column.addLayout(self._grid)
        self._column.addWidget(_soft(self.tr("Folders")))
        self._column.addLayout(self._flow)
        self._column.addWidget(_soft(self.tr("Built on")))
        self._column.addWidget(self.licences)
        self._column.addStretch(1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        self.body.addWidget(scroll, 1)
        self.foot.addStretch(1)
        self.foot.addWidget(self.copy)


def _licences_html(theme: Theme, first: str) -> str:
    rows = [(*line,) for line in library_lines()] + [("Lucide", "", "ISC")]
    cells = "".join(
        f"<tr><td>{escape(name)}</td><td>{escape(version)}</td><td>{escape(licence)}</td></tr>"
        for name, version, licence in rows
    )
    return f"<p>{escape(first)}</p><table cellspacing='{theme.px(4)}'>{cells}</table>"


def _soft(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "soft")
    return label
