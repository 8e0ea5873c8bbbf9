"""The dialog with the list *Do not send*: search, add, allow again."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.gui.kit.lists.live_rows import Cell, KeysetModel, Page
from desktop.gui.kit.lists.stock_table import Share, StockTable
from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import set_role, sized
from desktop.gui.kit.widgets.buttons import (
    HERE,
    INSIDE,
    ActionButton,
    ClearableLine,
    Link,
    give_key,
)
from desktop.gui.kit.widgets.dialog import Dialog
from desktop.gui.kit.widgets.texts import ElidedLabel, Feedback
from desktop.gui.kit.words.ages import since
from desktop.gui.kit.words.do_not_send import reason_word, where_from
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from desktop.client.api import Api
    from desktop.contract.do_not_send import ListEntry
    from desktop.gui.frame.notes import WindowNote
    from desktop.gui.link.jobs import ApiSource

PAGE: Final = 200
"""Rows of one page."""
TYPED_MS: Final = 250
"""Milliseconds after the last key until the list is read."""
SHARES: Final = {1: Share(0.27, 260), 2: Share(0.25, 240), 3: Share(0.15, 120)}


class ListedModel(KeysetModel):
    """The entries of the list, the newest first; ``count`` is how many match in all."""

    def __init__(self, source: ApiSource) -> None:
        super().__init__(source, "entry_id")
        self.count = 0
        named = self.tr("Address"), self.tr("Why"), self.tr("Where from"), self.tr("Since")
        self.titles = dict(enumerate(named))
        self.figures = (3,)

    def find(self, text: str) -> None:
        """Show the entries whose address or domain begins with a text."""

        def read(api: Api, after: str | None) -> Page:
            page = api.do_not_send.page(text, after=after, limit=PAGE)
            more = page["next"]
            return Page(page["entries"], None if more is None else str(more), page["count"])

        self.show(read)

    def take_first(self, page: Page) -> None:
        """Take the count with the first page."""
        self.count = page.about or 0
        super().take_first(page)

    def cell(self, position: int, column: int) -> Cell:
        """Return the content of a cell."""
        entry: ListEntry = self.rows[position]
        who, moment = entry["address"], epoch(entry["since"]) or 0.0
        nobody = Cell(self.tr("someone who was forgotten"))
        cells = (
            nobody if who is None else Cell(who, "text"),
            Cell(reason_word(entry["reason"]), "text"),
            Cell(where_from(entry)),
            Cell(since(moment, time.time()), is_figure=True, moment=moment),
        )
        return cells[column]


class ListDialog(Dialog):
    """Shows the list, and a search above it; ``allowed`` carries the entry to take off it.

    ``add_chosen`` and ``file_chosen`` ask to add something. The note of a change is repeated in the
    foot with its *Undo*: the dialog is over the window's own.
    """

    allowed = Signal(object)
    add_chosen = Signal()
    file_chosen = Signal()

    def __init__(self, source: ApiSource, parent: QWidget, *, may_change: bool) -> None:
        title = self.tr("Do not send")
        super().__init__(title, 960, parent, 560)
        self._may_change = may_change
        self._note: WindowNote | None = None
        self.model = ListedModel(source)
        self.model.setParent(self)
        self.table = StockTable(self.model, title, 0, SHARES)
        self.search = ClearableLine(self.tr("Search addresses"))
        self._pause = QTimer(self, singleShot=True, interval=TYPED_MS)
        self._pause.timeout.connect(self.load)
        self.search.textChanged.connect(self._pause.start)
        self.trouble = Feedback()
        self.model.failed.connect(lambda sentence: self.trouble.say(sentence, "error"))
        self.table.row_chosen.connect(self._show_chosen)
        give_key(self.table, QKeySequence.StandardKey.Delete, "", self._on_allow, HERE)
        self.nobody = QWidget()
        self.allow = ActionButton(self.tr("Take off the list"))
        self.allow.clicked.connect(self._on_allow)
        self._lay_out()
        self.model.shown.connect(self._on_shown)

    def open(self) -> None:
        """Open the dialog and read the list."""
        super().open()
        self.load()

    def load(self) -> None:
        """Read the list from its beginning."""
        self._pause.stop()
        self.model.find(self.search.text().strip())

    def _lay_out(self) -> None:
        tools = sized(QHBoxLayout(), margins=(20, 12, 20, 4), spacing=8)
        tools.addWidget(sized(self.search, width=360))
        rows = sized(QVBoxLayout(), margins=(10, 4, 10, 0))
        rows.addWidget(self.trouble)
        rows.addWidget(self.table, 1)
        sized(self.body, margins=0, spacing=0)
        self.body.addLayout(tools)
        self.body.addLayout(rows, 1)
        ways = (
            (self.tr("Add…"), self.tr("Add an address or a domain"), "plus", self.add_chosen),
            (
                self.tr("From a file…"),
                self.tr("Add the addresses of a file, or those that e-mails came back from"),
                "file-up",
                self.file_chosen,
            ),
        )
        for words, about, icon, chosen in ways if self._may_change else ():
            icons.put(button := ActionButton(words), icon, "text")
            button.setToolTip(about)
            button.clicked.connect(chosen)
            tools.addWidget(button)
        tools.addStretch(1)
        self.body.addWidget(self.nobody, 1)
        self._fill_empty()
        self.about = set_role(ElidedLabel(), "soft")
        self.undo = Link(self.tr("Undo"))
        self.undo.clicked.connect(self._on_undo)
        give_key(self, "Ctrl+Z", self.tr("Undo"), self._on_undo, INSIDE)
        self.foot.insertWidget(0, self.about, 1)
        self.foot.insertWidget(1, self.undo)
        self.foot.addWidget(self.allow)
        self._end_note()

    def repeat(self, note: WindowNote) -> None:
        """Say in the foot what a note of the window says, as long as that stands."""
        self._note = note
        self.about.setText(note.text())
        self.undo.setVisible(note.offers_undo)
        note.expired.connect(partial(self._end_note, note))
        note.closed.connect(partial(self._end_note, note))

    def _end_note(self, ended: WindowNote | None = None) -> None:
        if self._note is ended:
            self._note = None
            self.about.setText(
                self.tr("Checked in form, import, correction and resend, before anything is sent.")
            )
            self.undo.hide()

    def _on_undo(self) -> None:
        if self._note is not None and self._note.offers_undo:
            self._note.use()

    def _fill_empty(self) -> None:
        """Say in the middle what an empty list means."""
        icons.draw(picture := QLabel(), "mail-x", "faint text", 32)
        words = self.tr(
            "Add an address, or drop a list of those who left.\nAfter a mail-out, Sendoff offers"
            " the addresses that were refused for good."
        )
        head = set_role(QLabel(self.tr("Everyone may be written to")), "heading")
        column = sized(QVBoxLayout(self.nobody), spacing=8)
        column.addStretch(2)
        for each in (picture, head, set_role(QLabel(words), "soft")):
            each.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(each)
        column.addStretch(3)
        self.nobody.hide()

    def focus_first(self) -> None:
        """Focus the table, or the search while the list is empty."""
        (self.table if self.table.isVisible() else self.search).setFocus()

    def _on_shown(self) -> None:
        self.trouble.say("")
        is_all = not self.search.text().strip()
        is_empty = is_all and not self.model.rowCount()
        if is_all and self.model.count:
            hint = self.tr("Search %Ln addresses", None, self.model.count)
            self.search.setPlaceholderText(hint)
        self.table.setHidden(is_empty)
        self.nobody.setVisible(is_empty)
        if self.model.rowCount():
            self.table.selectRow(0)
        elif not is_empty:
            self.trouble.say(self.tr("No entry begins like this."))
        self._show_chosen()

    def _show_chosen(self) -> None:
        entry: ListEntry | None = self.table.current()
        self.allow.setVisible(entry is not None and self._may_change)
        if entry is not None:
            words = self.tr("Take {} off the list")
            self.allow.setText(words.format(entry["address"] or self.tr("this person")))

    def _on_allow(self) -> None:
        entry: Any = self.table.current()
        if entry is not None and self._may_change:
            self.allowed.emit(entry)
