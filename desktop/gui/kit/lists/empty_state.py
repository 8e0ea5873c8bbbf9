"""What an empty table says, and the ways on from there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import bind_theme, restyle, set_font, set_role, sized
from desktop.gui.kit.widgets.buttons import Link
from desktop.gui.kit.widgets.surfaces import stacked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QHideEvent, QShowEvent

    from desktop.gui.kit.lists.row_table import RowTable


class EmptyState(QWidget):
    """A sentence in the middle of a table, with a link if a filter can be cleared.

    The link emits ``cleared``, or ``widened`` to search in all groups. A table without any row
    asks for the first one; its button emits ``spreadsheet_wanted``. If ``nothing`` is given, it
    says that instead. Rows of batches enter the table only when it is their turn: a second link
    emits ``batches_wanted``. A third one, if it is offered, emits ``examples_wanted``.
    """

    cleared = Signal()
    widened = Signal()
    batches_wanted = Signal()
    spreadsheet_wanted = Signal()
    examples_wanted = Signal()

    def __init__(self, table: RowTable) -> None:
        super().__init__(table.viewport())
        self._table = table
        self.nothing = ""
        self._offers_examples = False
        self._picture = QLabel()
        self.title = set_font(
            QLabel(self.tr("Who gets the first e-mail?")), 17, QFont.Weight.DemiBold
        )
        self.choose = QPushButton(self.tr("Choose a spreadsheet…"))
        self.choose.clicked.connect(self.spreadsheet_wanted)
        icons.put(self.choose, "file-up", "text")
        self.sentence = set_role(QLabel(), "soft")
        self.sentence.setWordWrap(True)
        self.link = Link("")
        self.link.clicked.connect(self._on_link)
        self._unknown = ""
        self._is_of_group = False  # is it the search in a group that finds nothing
        self.batches = Link("")
        self.batches.clicked.connect(self.batches_wanted)
        self.batches.hide()
        self.examples = Link(self.tr("Try with three examples"))
        self.examples.clicked.connect(self.examples_wanted)
        column = sized(QVBoxLayout(self), spacing=8)
        column.addStretch(2)
        for each in (self._picture, self.title, self.sentence):
            each.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(each)
        for way_on in (self.link, self.batches, self.choose, self.examples):
            column.addWidget(way_on, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        icons.draw(self._picture, "send", "faint text", 40)
        bind_theme(self._picture, "room", lambda each, theme: each.setHidden(theme.is_low))
        stacked(table.viewport(), self, filling=self)
        self.hide()

    def showEvent(self, event: QShowEvent) -> None:
        """Show the focus at the button or the table itself, and no titles: there is no row."""
        super().showEvent(event)
        self._lead_focus(is_empty=True)
        self._show_titles(shown=False)

    def hideEvent(self, event: QHideEvent) -> None:
        """Let the rows show the focus and their titles again."""
        super().hideEvent(event)
        self._lead_focus(is_empty=False)
        self._show_titles(shown=True)

    def _lead_focus(self, *, is_empty: bool) -> None:
        """Hand the focus of the table to the button of the first row, or take it back."""
        had, is_first = self.choose.hasFocus(), is_empty and not self.choose.isHidden()
        self._table.lend_focus(self.choose if is_first else None)
        restyle(self._table, role="read" if is_empty and not is_first else "")
        if had and not is_first and self._table.isVisible():
            self._table.setFocus()

    def _show_titles(self, *, shown: bool) -> None:
        if isinstance(self._table, QTableView):
            self._table.horizontalHeader().setVisible(shown)

    def count_in_batches(self, rows: int) -> None:
        """Set how many rows of batches are still to enter the table."""
        words = QCoreApplication.translate(
            "EmptyState", "%Ln rows of batches are not here yet", None, rows
        )
        self.batches.setText(words)
        self.batches.setVisible(rows > 0)

    def learn_key(self, key: str, keys: Sequence[str]) -> None:
        """Set the unknown word that stands before a colon in the search; empty if there is none.

        It is named if the search finds nothing, together with the known ``keys``.
        """
        words = self.tr("The search does not know “{key}:”. It knows {known}.")
        known = ", ".join(f"{each}:" for each in keys)
        self._unknown = words.format(key=key, known=known) if key else ""

    def offer_examples(self, is_offered: bool) -> None:
        """Offer the examples where nothing exists."""
        self._offers_examples = is_offered
        self.examples.setVisible(is_offered and not self.choose.isHidden())

    def _say_unknown(self, text: str) -> None:
        if text and self._unknown:
            self.sentence.setText(f"{self.sentence.text()} {self._unknown}")

    def show_none(self, text: str, *, narrowed: bool) -> None:
        """Say that nothing matches the search, in this group or at all, or that nothing exists."""
        if text and narrowed:
            words = self.tr("Nothing in this group matches “{}”.").format(text)
            self._say(words, self.tr("Show all"))
        elif text:
            self._say(self.tr("Nothing matches “{}”.").format(text), self.tr("Clear"))
        else:
            self._say(self.nothing or self.tr("Type a name, or drop a spreadsheet here."), "")
            for each in (self.title, self.choose):
                each.setVisible(not self.nothing and self.batches.isHidden())
            self.offer_examples(self._offers_examples)
            self._lead_focus(is_empty=True)
        self._say_unknown(text)
        self._is_of_group = narrowed and bool(text)

    def _on_link(self) -> None:
        if self._is_of_group:
            self.widened.emit()
        else:
            self.cleared.emit()

    def say(self, sentence: str, link: str = "", *, is_error: bool = False) -> None:
        """Show a sentence, and a ``link`` if there is one: a click emits ``cleared``."""
        self._say(sentence, link)
        restyle(self.sentence, role="error" if is_error else "soft")

    def show_group(self, sentence: str) -> None:
        """Show a sentence for an empty group, and a link that shows all."""
        self._say(sentence, self.tr("Show all"))

    def show_failure(self, sentence: str) -> None:
        """Say in an empty table that it could not be read; the model tries again by itself.

        While the backend is away, the sentence is empty: the window shows that elsewhere.
        """
        if sentence and not self._table.model().rowCount():
            self._say(self.tr("The list could not be read. {}").format(sentence), "")

    def _say(self, sentence: str, link: str) -> None:
        self._is_of_group = False
        self.title.hide()
        self._lead_focus(is_empty=False)  # before the button goes
        self.choose.hide()
        self.examples.hide()
        self.sentence.setText(sentence)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.link.setText(link)
        self.link.setVisible(bool(link))
        self.show()
        self._lead_focus(is_empty=True)
