"""Asks which addresses go onto the list *Do not send*, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from desktop.contract.do_not_send import NOTE_LIMIT, ListOrigin, ListReason, NewListEntry
from desktop.gui.items.task_questions import AskingSheet
from desktop.gui.kit.lists.list_table import ListTable
from desktop.gui.kit.lists.list_widths import ColumnFit
from desktop.gui.kit.lists.live_rows import Cell, LiveRows
from desktop.gui.kit.look.appearance import in_role
from desktop.gui.kit.widgets.choice import Choice
from desktop.gui.kit.widgets.field import Field
from desktop.gui.kit.widgets.texts import Paragraph
from desktop.gui.kit.words.addresses import address_problem_words
from desktop.gui.kit.words.do_not_send import REASONS, reason_word, server_words
from desktop.gui.listed.list_sheet import KeyedSheet
from sendoff_tasks.model.text import line_problem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop.contract.do_not_send import RefusedAddress

BY_HAND: Final = [each for each in REASONS if each != ListReason.FORGOTTEN]


def entry_words(text: str) -> str | None:
    """Say why a text is no entry of the list, or ``None``: an address, or a domain after an @."""
    plain = "".join(text.split())
    return address_problem_words(f"any{plain}" if plain.startswith("@") else plain)


class AddSheet(AskingSheet):
    """Asks for an address, a reason and a note; of a file's addresses for the reason only."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(self.tr("Add to the list"), self.tr("Add"), host)
        self.address = Field(self.tr("Address, or @domain"), entry_words)
        self.note = Field(self.tr("Note"), lambda text: line_problem(text, NOTE_LIMIT))
        self.reason = Choice(self.tr("Why"))
        self.reason.set_choices([(each, reason_word(each)) for each in BY_HAND])
        self._addresses: Sequence[str] = ()
        self._source = ""
        self.hold(self.address, in_role(QLabel(self.tr("Why")), "soft"), self.reason, self.note)

    def ask_one(self) -> None:
        """Ask for one address."""
        self._addresses, self._source = (), ""
        self.ask(self.tr("An address after an @ alone stops its whole domain."), [])

    def ask_file(self, addresses: Sequence[str], name: str) -> None:
        """Ask why the addresses of a file go onto the list."""
        self._addresses, self._source = addresses, name
        count = self.tr("%Ln addresses of {} are added.", None, len(addresses))
        self.ask(count.format(name), [])

    def start_over(self) -> None:
        """Empty the fields."""
        self.address.set_text("")
        self.note.set_text("")
        self.address.setHidden(bool(self._addresses))
        self.reason.set_value(ListReason.LEFT if self._addresses else ListReason.ASKED)

    @property
    def origin(self) -> ListOrigin:
        """How these addresses come onto the list."""
        return ListOrigin.FILE if self._addresses else ListOrigin.PERSON

    def entries(self) -> list[NewListEntry]:
        """Return the entries to add; texts of a file that are no address are left out."""
        told = {"reason": self.reason.value(), "note": self.note.text().strip()}
        made: list[Any] = [
            {"address": each, "source": self._source, **told}
            for each in self._addresses or [self.address.text()]
            if entry_words(each) is None
        ]
        return made

    def is_right(self) -> bool:
        """Check the fields, and tell whether they are right."""
        is_right = bool(self._addresses) or self.address.check()
        return self.note.check() and is_right

    def focus_first(self) -> None:
        """Focus the address, or the reason for those of a file."""
        (self.reason if self._addresses else self.address.editor).setFocus()


class RefusedModel(LiveRows):
    """The addresses that were refused for good."""

    def __init__(self) -> None:
        super().__init__("address")
        self.titles = {0: self.tr("Address"), 1: self.tr("Why"), 2: self.tr("Where from")}

    def cell(self, position: int, column: int) -> Cell:
        """Return the content of a cell."""
        row: RefusedAddress = self.rows[position]
        if column == 0:
            return Cell(row["address"], "text", is_name=True)
        return Cell(reason_word(row["reason"]) if column == 1 else server_words(row["source"]))


class RefusedSheet(KeyedSheet):
    """Shows the addresses that were refused for good before they are added.

    ``added`` carries those that are left, ``dismissed`` the others: they are not offered again.
    """

    added = Signal(object)
    dismissed = Signal(object)

    def __init__(self, host: QWidget) -> None:
        super().__init__(640, host)
        self.set_title(self.tr("Refused for good"))
        words = self.tr(
            "Mail servers refused these addresses. On the list, no e-mail is sent to them. Del"
            " leaves one out."
        )
        self.model = RefusedModel()
        self.model.setParent(self)
        fits = {0: ColumnFit(240, least=180), 1: ColumnFit(180, least=120), 2: ColumnFit(140)}
        self.table = ListTable(self.model, self.tr("Refused for good"), fits)
        self.body.addWidget(in_role(Paragraph(words), "soft"))
        self.body.addWidget(self.table, 1)
        self.none = QPushButton(self.tr("Add none"))
        self.none.setToolTip(self.tr("They are not offered again"))
        self.none.clicked.connect(lambda: self._end([]))
        self.foot.addWidget(self.none)
        self.add = self.add_default("", lambda: self._end(self.model.rows))
        self._left_out: list[str] = []

    def slot_of(self, event: QKeyEvent) -> Callable[[], object] | None:
        """Return what a key does: it leaves an address out."""
        return self._drop if event.matches(QKeySequence.StandardKey.Delete) else None

    def show_refused(self, refused: Sequence[RefusedAddress]) -> None:
        """Show these addresses."""
        self._left_out = []
        self.model.replace(0, len(self.model.rows), [*refused])
        self._count()
        self.open()
        if refused:
            self.table.selectRow(0)

    def focus_first(self) -> None:
        """Focus the table."""
        self.table.setFocus()

    def _drop(self) -> None:
        position = self.table.currentIndex().row()
        if position >= 0:
            self._left_out.append(self.model.rows[position]["address"])
            self.model.remove(position)
            self._count()

    def _count(self) -> None:
        count = len(self.model.rows)
        self.add.setText(self.tr("Add %Ln", None, count))
        self.add.setEnabled(count > 0)

    def _end(self, rows: Sequence[RefusedAddress]) -> None:
        chosen = [*rows]
        names = {each["address"] for each in chosen}
        others = [each["address"] for each in self.model.rows if each["address"] not in names]
        self.close()
        if self._left_out or others:
            self.dismissed.emit([*self._left_out, *others])
        if chosen:
            self.added.emit(chosen)
