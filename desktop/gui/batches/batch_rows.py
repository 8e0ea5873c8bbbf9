"""The rows of a batch: their model, those shown on its card, and the values that they have."""

from __future__ import annotations

import copy
from contextlib import suppress
from datetime import datetime
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final, cast

from PySide6.QtCore import QLocale, QModelIndex, QObject

from desktop.contract.batch_condition import row_numbers
from desktop.contract.batches import NEEDS_LOOK, RowCheck, RowOutcome, Target
from desktop.contract.row_words import target_of
from desktop.contract.rules.corrections import as_it_leaves
from desktop.contract.rules.mailbox import contacts_in
from desktop.gui.batches.batch_card import RowLines
from desktop.gui.batches.draft_words import TOKENS, check_words
from desktop.gui.kit.lists.live_rows import Cell, KeysetModel, Page, Rereading
from desktop.gui.kit.words.table import say
from sendoff_tasks.model.tasks import ID_LIMIT
from sendoff_tasks.model.text import whole_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.client.api import Api
    from desktop.contract.batches import Batch, BatchItem, BatchRow
    from desktop.gui.batches.batch_card import ShownRows
    from desktop.gui.batches.spreadsheets import Spreadsheets
    from desktop.gui.link.jobs import ApiSource


FILES: Final = "attachments"
"""The path of the names of a row's files."""
BETWEEN_FILES: Final = "; "
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
        """Return the next position that needs a look after this one, or else the first one."""
        found = [n for n, each in enumerate(self.rows) if each["check"] in NEEDS_LOOK]
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
        if is_wrong and row["check"] in NEEDS_LOOK:
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


def whole_path(path: str) -> str:
    """Return the path of the value to which a correction at a path belongs: all of the files."""
    return FILES if path.startswith(f"{FILES}.") else path


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
    if path == FILES:
        return [name for each in typed.split(BETWEEN_FILES.strip()) if (name := each.strip())]
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
    elif value in ("", []) and last != "email":
        at.pop(last, None)
    else:
        at[last] = value
    return cast("BatchItem", changed)


class BatchRows(QObject):
    """Shows rows of a batch on its card: those left out, cancelled, or still to come."""

    def __init__(self, source: ApiSource, view: Spreadsheets) -> None:
        super().__init__(view)
        self._batches, card = view.model, view.card
        self._card = card
        self._which: ShownRows = "left_out"
        self._batch: Batch | None = None
        self._model = RowsModel(source, self)
        self._again = Rereading(card, self._model.reset)
        for change in (self._model.shown, self._model.rowsInserted):
            change.connect(self._say)
        view.model.dataChanged.connect(self._follow)
        card.link_chosen.connect(lambda *_: self._model.fetchMore(QModelIndex()))

    def show(self, which: ShownRows, batch: Batch) -> None:
        """Show other rows, or read the same again."""
        self._which, self._batch = which, batch
        self._model.show(None)
        self._card.open_history()
        outcome = RowOutcome.OPEN if which == "to_come" else RowOutcome(which)
        self._model.show_outcome(batch["batch_id"], outcome)

    def _follow(self) -> None:
        """Read the rows again if there are more or fewer of them."""
        before = self._batch
        now = None if before is None else self._batches.find(before["batch_id"])
        if before is None or now is None or now["rev"] == before["rev"]:
            return
        self._batch = now
        if row_numbers(before)[self._which] != row_numbers(now)[self._which]:
            self._again.note()

    def _say(self) -> None:
        if self._batch is not None:
            lines = tuple(self._line(row) for row in range(self._model.rowCount()))
            self._card.show_rows(RowLines(self._batch["batch_id"], self._which, lines))

    def _line(self, row: int) -> str:
        number, *rest = (self._model.cell(row, column).words for column in RowColumn)
        return say("import", "row", row=number, why=" · ".join(filter(None, rest)))
