"""What an empty table says: why there is nothing, and the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QLabel, QVBoxLayout, QWidget

from desktop.gui.look.focus_ring import READ
from desktop.gui.look.icons import icon
from desktop.gui.widgets.buttons import Link

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QHideEvent, QMoveEvent, QShowEvent

    from desktop.gui.look.theme import Theme


ROOM: Final = 4
"""Heights of its picture that a table has at least where there is one."""


class EmptyState(QWidget):
    """A sentence in the middle of a table, with a link where there is something to undo.

    ``cleared`` is emitted by the link; ``nothing`` is said where there is nothing at all. Rows of
    batches come to the table when it is their turn: another link, ``batches_wanted``, leads there.
    ``widened`` is emitted in place of ``cleared`` where the search finds something in all groups.
    """

    cleared = Signal()
    widened = Signal()
    batches_wanted = Signal()

    def __init__(self, theme: Theme, table: QAbstractItemView) -> None:
        super().__init__(table.viewport())
        self._table = table
        self.nothing = self.tr("No items yet. Type one on the left, or drop a spreadsheet here.")
        self._picture = QLabel()
        self.sentence = QLabel()
        self.sentence.setProperty("role", "soft")
        self.sentence.setWordWrap(True)
        self.link = Link("")
        self.link.clicked.connect(self._on_link)
        self._narrow_text = self._unknown = ""
        self._others: int | None = None
        self.batches = Link("")
        self.batches.clicked.connect(self.batches_wanted)
        self.batches.hide()
        column = QVBoxLayout(self)
        column.setSpacing(theme.px(8))
        column.addStretch(2)
        for each in (self._picture, self.sentence):
            each.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(each)
        for way_on in (self.link, self.batches):
            column.addWidget(way_on, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self.set_theme(theme)
        self.hide()
        table.viewport().installEventFilter(self)

    def showEvent(self, event: QShowEvent) -> None:
        """Have the table show by itself that it has the keyboard: no row can."""
        super().showEvent(event)
        self._table.setProperty(READ, True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Leave that to the rows."""
        super().hideEvent(event)
        self._table.setProperty(READ, False)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Fill the table; where it is low, with words alone."""
        if event.type() == QEvent.Type.Resize:
            self.resize(self._table.viewport().size())
            self._fit()
        return False

    def _fit(self) -> None:
        height = self._picture.pixmap().deviceIndependentSize().height()
        self._picture.setVisible(self.height() >= ROOM * height)

    def moveEvent(self, event: QMoveEvent) -> None:
        """Stay: what scrolls the rows moves all that is in the viewport."""
        if not event.pos().isNull():
            self.move(0, 0)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours and sizes of another theme."""
        ratio = self.devicePixelRatioF()
        self._picture.setPixmap(icon("inbox", theme.color("faint text"), theme.px(32), ratio))
        self._fit()

    def count_in_batches(self, rows: int) -> None:
        """Say how many rows of batches are to come."""
        self.batches.setText(self.tr("%Ln rows of batches are not here yet", None, rows))
        self.batches.setVisible(rows > 0)

    def tell_others(self, count: int | None) -> None:
        """Learn how many a search finds in all groups; ``None`` where that is not known."""
        self._others = count
        if self._narrow_text and not self.isHidden():
            self.show_none(self._narrow_text, narrowed=True)

    def show_query(
        self,
        text: str,
        *,
        narrowed: bool,
        named: str = "",
        strange: Sequence[str] = (),
    ) -> None:
        """Say that nothing fits a search, a chip or a link, or that there is nothing at all.

        ``named`` is what a link has led to, apart from chips; ``strange`` are words in the search
        that are no states.
        """
        if strange:
            words = self.tr("There is no state “{}”. The button beside the search lists them.")
            self.show_group(words.format(strange[0]))
        elif named:
            self._say(self._none_of(named, text, narrowed=narrowed), self.tr("Clear filter"))
            self._say_unknown(text)
        elif narrowed and not text:
            self.show_group(self.tr("There are no tasks in this group."))
        else:
            self.show_none(text, narrowed=narrowed)

    def learn_key(self, key: str, keys: Sequence[str]) -> None:
        """Learn which word of the search stands before a colon and means nothing, as ``keys`` do.

        It is named where the search finds nothing; with an empty one there is none.
        """
        words = self.tr("The search does not know “{key}:”. It knows {known}.")
        known = ", ".join(f"{each}:" for each in keys)
        self._unknown = words.format(key=key, known=known) if key else ""

    def _say_unknown(self, text: str) -> None:
        if text and self._unknown:
            self.sentence.setText(f"{self.sentence.text()} {self._unknown}")

    def _none_of(self, named: str, text: str, *, narrowed: bool) -> str:
        if text:
            words = self.tr("Nothing in “{part}” matches “{text}”.")
            return words.format(part=named, text=text)
        words = self.tr("“{}” has no tasks in this group.")
        return (words if narrowed else self.tr("“{}” has no tasks now.")).format(named)

    def show_none(self, text: str, *, narrowed: bool = False) -> None:
        """Say that nothing matches a search, of a part maybe; without, that there is nothing."""
        if text and narrowed and self._others:
            words = self.tr(
                "Nothing in this group matches “{}”, but %Ln others do.", None, self._others
            )
            self._say(words.format(text), self.tr("Show all"))
        elif text and narrowed and self._others is None:
            words = self.tr("Nothing in this group matches “{}”.").format(text)
            self._say(words, self.tr("Show all"))
        elif text:
            self._say(self.tr("Nothing matches “{}”.").format(text), self.tr("Clear"))
        else:
            self._say(self.nothing, "")
        self._say_unknown(text)
        self._narrow_text = text if narrowed else ""

    def _on_link(self) -> None:
        if self._narrow_text and self._others:
            self.widened.emit()
        else:
            self.cleared.emit()

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
        self._narrow_text = ""
        self.sentence.setText(sentence)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.link.setText(link)
        self.link.setVisible(bool(link))
        self.show()
