"""The rows of a batch: their model, the sheet of those that were not sent, and their correction."""

from __future__ import annotations

import copy
from contextlib import suppress
from datetime import datetime
from enum import IntEnum
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from PySide6.QtCore import QLocale, QObject, Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.contract.batches import RowCheck, RowOutcome, Target
from desktop.contract.row_words import target_of
from desktop.contract.rules.corrections import as_it_leaves
from desktop.contract.rules.mailbox import contacts_in
from desktop.gui.batches.batch_reports import draft_of_rows
from desktop.gui.batches.draft_words import TOKENS, check_words
from desktop.gui.kit.lists.list_table import ListTable
from desktop.gui.kit.lists.list_widths import ColumnFit
from desktop.gui.kit.lists.live_rows import Cell, KeysetModel, Page
from desktop.gui.kit.look.appearance import set_role, sized
from desktop.gui.kit.widgets.files import Scratch
from desktop.gui.kit.widgets.sheet import Sheet
from desktop.gui.kit.widgets.texts import Paragraph
from desktop.gui.kit.words.states import sentences
from desktop.gui.kit.words.table import say
from desktop.gui.link.jobs import Job
from sendoff_tasks.model.tasks import ID_LIMIT
from sendoff_tasks.model.text import whole_number

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop.client.api import Api
    from desktop.contract.batches import Batch, BatchItem, BatchRow
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.kit.rights import WindowRights
    from desktop.gui.link.jobs import ApiSource, Asker


_ROLE: Final = Qt.ItemDataRole
PATH_OF: Final = {Target.NAME: "recipient.name", Target.EMAIL: "recipient.email"}


class RowColumn(IntEnum):
    """The columns of the table."""

    ROW = 0
    NAME = 1
    EMAIL = 2
    CHECK = 3


class RowsModel(KeysetModel):
    """The rows of a draft with some checks, or rows of a started batch by outcome.

    Rows that were sent before are sent again if their check is in ``also``.
    """

    def __init__(self, source: ApiSource, parent: QObject | None) -> None:
        super().__init__(source, "row", parent)
        self.also: frozenset[str] = frozenset()
        self.figures = {RowColumn.ROW}
        self.titles = {
            RowColumn.ROW: self.tr("Row"),
            RowColumn.NAME: self.tr("Name"),
            RowColumn.EMAIL: self.tr("E-mail"),
            RowColumn.CHECK: self.tr("What was found"),
        }

    def show_rows(self, batch_id: int | None, checks: Sequence[str]) -> None:
        """Show the rows of a draft with these checks; none without a draft."""
        if batch_id is None:
            self.show(None)
            return

        def read(api: Api, after: str | None) -> Page:
            page = api.batches.rows(batch_id, check=checks, after=after)
            return Page(page["rows"], page["next"])

        self.show(read)

    def show_outcome(self, batch_id: int, outcome: RowOutcome) -> None:
        """Show the rows of a started batch with an outcome."""

        def read(api: Api, after: str | None) -> Page:
            page = api.batches.rows(batch_id, outcome=[outcome], after=after)
            return Page(page["rows"], page["next"])

        self.show(read)

    def show_also(self, also: frozenset[str]) -> None:
        """Set which rows that were sent before are sent again."""
        self.also = also
        if self.rows:
            self._tell_changed(0, len(self.rows) - 1)

    def next_problem(self, position: int) -> int | None:
        """Return the next position with a problem after this one, or else the first one."""
        found = [n for n, each in enumerate(self.rows) if each["check"] == RowCheck.PROBLEM]
        return next((n for n in found if n > position), next(iter(found), None))

    # QAbstractItemModel

    def cell(self, position: int, column: int) -> Cell:
        """Return the content of a cell."""
        row = self.rows[position]
        match column:
            case RowColumn.ROW:
                return Cell(QLocale().toString(row["row"]), "text", is_figure=True)
            case RowColumn.CHECK:
                return Cell(check_words(row, self.also), _token(row))
        target = Target.NAME if column == RowColumn.NAME else Target.EMAIL
        value = str(shown_at(row, PATH_OF[target]))
        is_wrong = row["path"] is not None and target_of(row["path"]) == target
        if is_wrong and row["check"] == RowCheck.PROBLEM:
            return Cell(value or self.tr("empty"), _token(row))
        return Cell(value, "text") if value else Cell(self.tr("empty"), "faint text")


def shown_at(row: BatchRow, path: str) -> Any:
    """Return a value as it will be sent: corrections of the item by hand may replace the row's."""
    return entry_at(cast("BatchItem", as_it_leaves(row["item"], row["data"])), path)


def _token(row: BatchRow) -> str:
    """Return the theme token for the colour of a row's check."""
    if row["outcome"] == RowOutcome.CANCELLED:
        return "cancelled"
    return TOKENS[RowCheck(row["check"])] if row["check"] else "soft text"


def entry_at(item: BatchItem, path: str) -> Any:
    """Return what a person sees at a path of an item: an empty text if it has no value."""
    found: Any = item
    for step in path.split("."):
        if isinstance(found, list):
            found = found[int(step)] if step.isdigit() and int(step) < len(found) else ""
        else:
            found = (found or {}).get(step, "")
    return "" if found is None else found


def typed_value(path: str, text: str) -> Any:
    """Return the value that a text typed at a path stands for.

    That is a number, a time by this computer's clock or the address of a contact. Any other text
    stays as it is, such as several addresses; its check refuses it.
    """
    typed = text.strip()
    if path == "run_at":
        with suppress(ValueError, OverflowError, OSError):
            at = datetime.fromisoformat(typed)
            return (at if at.tzinfo else at.astimezone()).isoformat(timespec="seconds")
    if path == "item_id":
        return whole_number(typed, ID_LIMIT) or typed
    contacts = contacts_in(typed) if path == PATH_OF[Target.EMAIL] else []
    return contacts[0].address if len(contacts) == 1 else typed


def with_entry(item: BatchItem, path: str, value: Any) -> BatchItem:
    """Return a copy of an item with what a person enters at a path; nothing takes it away."""
    changed: Any = copy.deepcopy(item)
    *steps, last = path.split(".")
    at = changed
    for step in steps:
        if isinstance(at, list):
            at = at[int(step)]
        else:
            if not at.get(step):
                at[step] = {}
            at = at[step]
    if isinstance(at, list):
        at[int(last) : int(last) + 1] = [value] if value else []
    elif value == "" and last != "email":
        at.pop(last, None)
    else:
        at[last] = value
    return cast("BatchItem", changed)


FITS: Final = {
    RowColumn.ROW: ColumnFit(64),
    RowColumn.NAME: ColumnFit(140, least=80),
    RowColumn.EMAIL: ColumnFit(190, least=120),
    RowColumn.CHECK: ColumnFit(240),
}


ShownRows = Literal["left_out", "cancelled", "to_come"]


class SkippedRowsSheet(Sheet):
    """Lists rows of a batch that were left out, were cancelled, or are still to come.

    ``correct_chosen`` carries the batch's number and a :class:`RowOutcome`: the rows that were left
    out are corrected, cancelled ones are sent again.
    """

    correct_chosen = Signal(int, str)

    def __init__(self, source: ApiSource, host: QWidget, rights: WindowRights) -> None:
        super().__init__(840, host, least=560)
        self._rights = rights
        self._number = 0
        self.set_title(self.tr("Rows left out"))
        self.model = RowsModel(source, self)
        self.about = set_role(Paragraph(), "soft")
        name = self.tr("Rows left out")
        self.table = ListTable(self.model, name, FITS)
        self._outcome = RowOutcome.LEFT_OUT
        self.correct = set_role(QPushButton(self.tr("Correct and send…")), "primary")
        self.correct.setToolTip(self.tr("Open these rows in a new import"))
        self.correct.clicked.connect(lambda: self.correct_chosen.emit(self._number, self._outcome))
        sized(self.about, margins=(20, 12, 20, 12))
        sized(self.body, margins=0, spacing=0)
        sized(self.foot, margins=(20, 12, 20, 12))
        self.body.addWidget(self.about)
        self.body.addWidget(self.table, 1)
        self.foot.addStretch(1)
        self.foot.addWidget(self.correct)

    def show_rows(self, which: ShownRows, batch: Batch) -> None:
        """Show the rows of a batch that were left out, were cancelled, or are still to come."""
        may_send = self._rights.may_change and batch["sheet"] is not None
        can_correct = may_send and which == "left_out" and batch["counts"]["problems"] > 0
        can_correct |= may_send and which == "cancelled"
        self.correct.setText(
            self.tr("Send again…") if which == "cancelled" else self.tr("Correct and send…")
        )
        self.set_title(say("rows_sheet", f"{which}_title", name=batch["name"]))
        more = say("rows_sheet", f"{which}_more") if can_correct else ""
        self._turn_to(batch, sentences(say("rows_sheet", which), more))
        self.correct.setVisible(can_correct)
        self._outcome = RowOutcome.OPEN if which == "to_come" else RowOutcome(which)
        self.model.show_outcome(self._number, self._outcome)

    def _turn_to(self, batch: Batch, words: str) -> None:
        """Set the batch and the text; empty the table if either has changed."""
        if (batch["batch_id"], words) != (self._number, self.about.text()):
            self.model.show(None)
        self._number = batch["batch_id"]
        self.about.setText(words)

    def focus_first(self) -> None:
        """Focus the table."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)


class LeftOutRows(QObject):
    """Shows rows that were left out, cancelled or are still to come.

    ``open_draft`` opens a draft.
    """

    def __init__(
        self, window: MainWindow, source: ApiSource, ask: Asker, open_draft: Callable[[int], object]
    ) -> None:
        super().__init__(window)
        self._window = window
        self._source = source
        self._ask = ask
        self._open_draft = open_draft
        self._being_made: set[int] = set()  # batches whose draft is being made
        self._scratch = Scratch(self)

    def show(self, which: ShownRows, batch: Batch) -> None:
        """Show the rows of a batch that were left out, were cancelled, or are still to come."""
        self._sheet.show_rows(which, batch)
        self._sheet.open()

    @cached_property
    def _sheet(self) -> SkippedRowsSheet:
        kind = partial(SkippedRowsSheet, self._source, rights=self._window.rights)
        sheet = self._window.sheets.make(kind)
        sheet.correct_chosen.connect(self._on_correct_chosen)
        self._window.switch.view_chosen.connect(sheet.close)  # it is about the batch in that view
        return sheet

    def _on_correct_chosen(self, number: int, outcome: str) -> None:
        """Make a draft of the cancelled rows, or of those with a problem, and open it."""
        if number in self._being_made:
            return
        self._being_made.add(number)
        which, folder = RowOutcome(outcome), self._scratch.folder()
        again = which is RowOutcome.CANCELLED
        name = self.tr("{} – again") if again else self.tr("{} – to correct")
        make = partial(draft_of_rows, number=number, which=which, name=name, folder=folder)

        def show(draft: int) -> None:
            self._being_made.discard(number)
            self._sheet.close()
            self._open_draft(draft)

        def failed(error: Exception) -> None:
            self._being_made.discard(number)
            self._ask.failed(error)

        self._ask(lambda api: Job(make, api).then(show), failed)
