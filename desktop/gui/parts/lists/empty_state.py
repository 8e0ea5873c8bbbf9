"""What an empty table says: why there is nothing, and the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop.gui.look.icons import icon
from desktop.gui.parts.buttons import Link

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.gui.look.theme import Theme


class EmptyState(QWidget):
    """A sentence in the middle of ``parent``, with a link where there is something to undo.

    ``cleared`` is emitted by the link; ``nothing`` is said where there is nothing at all.
    """

    cleared = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.nothing = self.tr("No items yet. Type one on the left, or drop a spreadsheet here.")
        self._picture = QLabel()
        self._sentence = QLabel()
        self._sentence.setProperty("role", "soft")
        self._sentence.setWordWrap(True)
        self._link = Link("")
        self._link.clicked.connect(self.cleared)
        column = QVBoxLayout(self)
        column.setSpacing(theme.px(8))
        column.addStretch(2)
        for each in (self._picture, self._sentence):
            each.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(each)
        column.addWidget(self._link, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self.set_theme(theme)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours and sizes of another theme."""
        ratio = self.devicePixelRatioF()
        self._picture.setPixmap(icon("inbox", theme.color("faint text"), theme.px(32), ratio))

    def show_query(self, text: str, *, narrowed: bool, strange: Sequence[str] = ()) -> None:
        """Say that nothing fits a search, a chip or a link, or that there is nothing at all.

        ``strange`` are words in the search that are no states.
        """
        if strange:
            words = self.tr("There is no state “{}”. The arrow beside the search lists them.")
            self.show_group(words.format(strange[0]))
        elif narrowed and not text:
            self.show_group(self.tr("There are no tasks in this group."))
        else:
            self.show_none(text, narrowed=narrowed)

    def show_none(self, text: str, *, narrowed: bool = False) -> None:
        """Say that nothing matches a search, of a part maybe; without, that there is nothing."""
        if text and narrowed:
            words = self.tr("Nothing in this group matches “{}”.").format(text)
            self._say(words, self.tr("Show all"))
        elif text:
            self._say(self.tr("Nothing matches “{}”.").format(text), self.tr("Clear"))
        else:
            self._say(self.nothing, "")

    def say(self, sentence: str) -> None:
        """Say why there is nothing, where that is as it should be."""
        self._say(sentence, "")

    def show_group(self, sentence: str) -> None:
        """Say that what was chosen is empty, and offer to show all."""
        self._say(sentence, self.tr("Show all"))

    def show_failure(self, sentence: str) -> None:
        """Say that the list could not be read; it is tried again by itself."""
        self._say(self.tr("The list could not be read. {}").format(sentence), "")

    def _say(self, sentence: str, link: str) -> None:
        self._sentence.setText(sentence)
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        self._link.setText(link)
        self._link.setVisible(bool(link))
        self.show()
