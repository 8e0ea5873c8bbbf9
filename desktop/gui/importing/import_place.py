"""The place *Import*: at the left the rows of a spreadsheet, on the desk one of them or columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from desktop.contract.batches import BY_NUMBER, NEEDS_LOOK, RowCheck, Target
from desktop.gui.batches.batch_rows import RowsModel
from desktop.gui.batches.draft_words import about_repeated_rows
from desktop.gui.frame.desk import DeskMode
from desktop.gui.frame.places import WindowPlace
from desktop.gui.importing.columns_page import ColumnsPage
from desktop.gui.importing.draft_sentence import DraftSentence
from desktop.gui.importing.import_desk import ImportDesk
from desktop.gui.importing.row_paper import RowPaper
from desktop.gui.importing.row_typing import RowTyping
from desktop.gui.importing.rows_list import RowsList
from desktop.gui.importing.sending_form import SetUp
from desktop.gui.kit.look.appearance import sized
from desktop.gui.kit.widgets.surfaces import stacked
from desktop.gui.kit.words.file_faults import error_sentence, waiting_error
from desktop.gui.kit.words.table import WORDS, say
from desktop.sheets.description import read_by

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop.contract.batches import Batch, BatchLeaves, BatchRow
    from desktop.gui.kit.lists.stock_table import StockTable
    from desktop.gui.link.jobs import ApiSource


TAKE_KEYS = "Ctrl+Return"
FOLLOWS_AFTER_MS: Final = 400
"""Milliseconds after the last change until the draft's settings are saved."""


class ImportPlace(WindowPlace):
    """Shows one draft; each request to the backend is a signal.

    ``set_up`` carries a :class:`SetUp`, ``row_wanted`` the number of the row whose message to show,
    ``corrected`` a row's number, its corrected item and the path of the value, ``to_me_chosen`` a
    row's number.
    """

    set_up = Signal(object)
    row_wanted = Signal(int)
    corrected = Signal(int, object, str)
    to_me_chosen = Signal(int)
    send_chosen = Signal()
    stop_chosen = Signal()
    rows: StockTable

    def __init__(self, api: ApiSource) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Import"))
        self.batch: Batch | None = None
        self._reading = self._reads_again = self._is_send_wanted = False
        self._is_unsaved = False  # the last settings have ended without an answer
        self._is_begun = False  # a draft was opened, and its rows were not seen yet
        self._doubt = ""  # what was said before the rows were sent
        self.source = ColumnsPage()
        self.list = RowsList(RowsModel(api, self))
        self.rows = self.list.table
        self.card = RowPaper(self.source.sending.letter)
        self.said = DraftSentence(self.source.other_file)
        self.desk = ImportDesk(self.card, self.source, self.said.to_me, self.said.send)
        self.mode = DeskMode(self.desk, self.tr("Import"), self.desk.foot, self.desk.begin)
        self._pause = QTimer(self, singleShot=True, interval=FOLLOWS_AFTER_MS)
        self._pause.timeout.connect(self._set_up)
        self.typing = RowTyping(self.list, self.card, self)
        self.undo_row: Callable[[], bool] = lambda: False
        self._lay_out()
        self._connect()

    def undo(self) -> bool:
        """Take back what was last done to a row; not while a person changes columns."""
        here = QApplication.focusWidget()
        return (here is None or not self.source.isAncestorOf(here)) and self.undo_row()

    def begin(self, name: str) -> None:
        """Show that a file is being read, and clear the former one."""
        self.typing.begin()
        self.batch = None
        self._is_send_wanted = self._reading = self._is_unsaved = False
        self._doubt = ""
        self._is_begun = True
        self.said.show_progress(None)
        self.said.show_sending(is_sending=False)
        self.source.begin(name)
        self.said.begin(name)
        self.desk.show_columns(shown=False)
        self.list.show_batch(None)
        self.list.show_counts(None)
        self._show_row(None)
        self.said.show_batch(None, reading=True)
        self.list.say(say("import", "reading"))

    def show_unreadable(self, sentence: str) -> None:
        """Say why the file cannot be read; offer to try again or to choose another file."""
        self.said.show_unreadable(sentence)
        self.list.say(sentence, is_error=True)
        self.source.other_file.show()
        self.source.other_file.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def is_checked(self) -> bool:
        """Whether a draft is shown, and all its rows are checked."""
        return self.batch is not None and not self.batch["counts"]["unchecked"]

    def show_batch(self, batch: Batch, *, is_new: bool = False) -> None:
        """Show the current draft; if it ``is_new``, also its settings and rows."""
        if is_new:
            self.typing.leave_unanswered()
            self._is_send_wanted = False
            self.batch = batch
            self.source.show_settings(batch)
            self.said.begin(batch["name"])
            self._show_used()
            is_asked = self.source.read_as.is_open or Target.EMAIL not in batch["columns"].values()
            self.desk.show_columns(shown=is_asked)
            self.list.say("")
            self.list.show_batch(batch["batch_id"])
        elif batch["opted_out"] is None and self.batch is not None:  # counted at the next read
            known = self.batch
            counted = {name: known[name] for name in ("replaces", "opted_out", "copies")}
            batch = cast("Batch", {**batch, **counted})
        was_checked = self.is_checked
        before = self.batch
        is_reworded = before is not None and any(
            batch[name] != before[name] for name in ("template", "reading")
        )
        self.batch = batch
        self.list.show_counts(batch["counts"])
        self.list.about_twice.setText(about_repeated_rows(batch))
        self._show_foot()
        if self.is_checked and not was_checked:
            self.list.reload()
        elif is_reworded and (row := self.list.current()) is not None:
            self.row_wanted.emit(row["row"])  # the check of all rows takes a while

    def show_change(self, batch: Batch) -> None:
        """Show a changed draft, unless a later revision is shown already."""
        if self.batch is None or batch["rev"] >= self.batch["rev"]:
            self.show_batch(batch)

    def show_reading(self, share: float | None, files: int | None = None) -> None:
        """Show which share of the rows is read, or of ``files`` is copied; ``None`` once all is."""
        self._reading = share is not None
        self.said.show_progress(share, self.source.rows, files)
        self.list.say(say("import", "rows_come") if self._reading else "")
        self._show_foot()

    def show_corrected(self, row: BatchRow, *, stays: bool = False) -> None:
        """Show a corrected row; if it was accepted, go to the next one that needs a look.

        A row that ``stays`` is gone on with: its value was taken back.
        """
        self._on_answered(row["row"], is_right=row["check"] != RowCheck.PROBLEM)
        place = self.list.model.position_of(row["row"])
        if place is not None:
            self.list.model.put(place, row)
        if not self.list.is_at(row["row"]):
            return  # the person has gone on to another row
        goes_on, before = self.card.went_on(), self.card.wrong
        if stays:
            self._on_row()
            self.card.focus_value()
        elif not goes_on:  # the person has gone to another value
            self._on_row()
        elif row["check"] in NEEDS_LOOK:
            self._on_row()
            is_same = self.card.wrong == before
            self.card.show_still_wrong() if is_same else self.card.focus_value()
        else:
            self._show_next_problem(place)

    def show_taken_back(self, row: int) -> None:
        """Go to a row in which something is taken back, and say so."""
        self.typing.wait_for(row)
        self.list.go_to(row)
        self.said.say_first(say("import", "undone", row=WORDS.number(row)))

    def show_not_corrected(self, row: int, error: Exception, *, waits: bool = False) -> None:
        """Show why a row was not corrected, or ``waits``; the typed value stays unsaved."""
        if not waits:
            self._on_answered(row, is_right=False)
        why = waiting_error(error) if waits else error_sentence(error)
        if self.list.is_at(row):
            self.card.show_not_taken(why, error)
        else:
            self.said.say_why(say("import", "row", row=row, why=why), error)

    def show_failure(self, error: Exception) -> None:
        """Show an error in the foot."""
        self.said.say_why(error_sentence(error), error)

    def attaches(self) -> Callable[[Sequence[str]], object] | None:
        """Return what adds files to the rows, if they name some."""
        names = self.batch is not None and self.source.names_files
        return (lambda paths: self.source.files_added.emit([*paths])) if names else None

    def set_up_now(self) -> None:
        """Save pending settings now, without waiting for the pause."""
        if self._pause.isActive() or self._is_unsaved:
            self._pause.stop()
            self._set_up()

    def set_up_again(self, *, rows: bool) -> None:
        """Save the settings once more when the person goes on; ``rows`` were to be read again."""
        self._reads_again |= rows
        self._is_unsaved = True

    def show_foot(self, *, below_rows: bool) -> None:
        """Show the foot of the desk below the rows, or on the desk."""
        self.desk.put_foot(self._column if below_rows else None)

    def close(self) -> bool:
        """Go back; pending settings are saved first."""
        self.set_up_now()
        return super().close()

    def focus_first(self) -> None:
        """Focus the value that needs a look, or else the rows."""
        if not (self.card.is_wrong and self.card.focus_value()):
            self.rows.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        head = sized(QHBoxLayout(), margins=(8, 4, 12, 4), spacing=8)
        head.addWidget(self.back)
        head.addStretch(1)
        head.addWidget(self.source.read_as.change)
        listed = QWidget()
        column = sized(QVBoxLayout(listed), margins=(12, 4, 12, 12), spacing=12)
        column.addWidget(self.said)
        column.addWidget(self.list, 1)
        self._column = stacked(self, head, listed, filling=listed)

    def _connect(self) -> None:
        self.source.columns_edited.connect(self._on_columns)
        self.source.columns_edited.connect(self._show_used)
        self.source.sending_edited.connect(self._pause.start)
        for act in (self.source.columns_edited, self.source.sending_edited, self.corrected):
            act.connect(self.said.forget_why)
        self.source.files_added.connect(self.said.forget_why)
        for change in (self.source.sending.again_chosen, self.source.sending.fields_asked):
            change.connect(self._show_foot)
        self.list.row_chosen.connect(self._on_row)
        self.rows.picked.connect(self._on_picked)
        self.typing.corrected.connect(self.corrected)
        self.card.passed.connect(self._on_passed)
        self.typing.typed.connect(self._on_typed)
        self.typing.not_shown.connect(self.said.say)
        self.source.read_as.change.clicked.connect(lambda: self.desk.show_columns(shown=True))
        self.said.stop.clicked.connect(self.stop_chosen)
        self.said.send.clicked.connect(self._on_send)
        self.said.to_me.clicked.connect(self._on_to_me)
        keys = QKeySequence(TAKE_KEYS)
        shortcut = QShortcut(keys, self.desk, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self._on_keys)

    def _show_foot(self) -> None:
        batch = self.batch
        if batch is None:
            return
        if not self.source.sending.moment.is_read:  # its times are those of the last valid moment
            unknown: BatchLeaves = {**batch["leaves"], "next_at": None, "last_at": None}
            batch = {**batch, "leaves": unknown}
        self.source.sending.show_left_out(batch["counts"])
        also = self.source.sending.also
        self.list.show_also(also)
        self.said.show_batch(
            batch,
            reading=self._reading,
            rows_of_file=self.source.rows,
            also=also,
            unfilled=self.source.columns_form.unfilled(),
            undecided=self.source.sending.undecided,
        )

    def _on_columns(self) -> None:
        if Target.NUMBER not in self.source.columns().values():
            self.source.sending.leave_number()
        elif self._is_first_number():
            self.source.sending.choose_key(BY_NUMBER)
        self._pause.start()

    def _is_first_number(self) -> bool:
        """Tell whether numbers are mapped first now and no row is known from an earlier batch."""
        if self.batch is None or Target.NUMBER in self.batch["columns"].values():
            return False
        return not (self.batch["counts"]["same"] or self.batch["counts"]["changed"])

    def _set_up(self) -> None:
        if self.batch is not None:
            settings = {**self.source.sending.settings(), "columns": self.source.columns()}
            settings["reading"] = reading = self.source.reading()
            read = read_by(self.batch["columns"], self.batch["reading"])
            rows = self._reads_again or read_by(settings["columns"], reading) != read
            self._reads_again = self._is_unsaved = False
            self.set_up.emit(SetUp(settings, rows))

    def _on_picked(self) -> None:
        """Show the row that a person has chosen, in place of the columns."""
        self._is_begun = False
        self.desk.show_columns(shown=False)

    def _on_row(self) -> None:
        row = self.list.current()
        self._show_row(row)
        if row is not None:
            self.row_wanted.emit(row["row"])
            is_there = self.is_checked and not self._reading
            if is_there and self._is_begun and self.rows.hasFocus():  # the person has not moved it
                self.focus_first()
                self._is_begun = self.rows.hasFocus()

    def _show_row(self, row: BatchRow | None) -> None:
        self.card.show_row(row, self.source.columns(), self.list.model.also)
        self.said.show_row(row)
        self.desk.show_row(row)

    def _show_used(self) -> None:
        self.desk.show_used(self.source.columns_form.used_words())

    def _show_next_problem(self, place: int | None) -> None:
        """Go to the next row that needs a look, ready to type; stay if there is none."""
        after = self.list.model.next_problem(place or 0)
        if after is None:
            self._on_row()
        else:
            self.list.choose(after)
        self.focus_first()

    def _on_passed(self) -> None:
        """Go on from a row that stays as it is."""
        if (row := self.list.current()) is not None:
            self._show_next_problem(self.list.model.position_of(row["row"]))

    def _on_typed(self, typed: object) -> None:
        if typed is not None:  # the person goes on typing
            self.said.forget_first()

    def _on_keys(self) -> None:
        """Take the value that is being edited, as Enter does; no key sends a draft."""
        if self.card.editor_has_focus():
            self.card.accept_value()

    def _on_send(self) -> None:
        if not self.source.sending.check():
            return
        if self.typing.take():
            self._say_taken()
            return
        if (doubt := self.source.doubt) not in {"", self._doubt}:
            self._doubt = doubt
            self.said.say_first(doubt)
            return
        self._is_send_wanted = not self.typing.is_settled  # send after the answer
        if self._is_send_wanted:
            self.said.show_sending(is_sending=True)
        else:
            self.set_up_now()
            self.send_chosen.emit()

    def _on_answered(self, row: int, *, is_right: bool) -> None:
        """Send after the last answer to a correction, if *Send* waits for it and all is right."""
        self.typing.answer(row)
        if not self._is_send_wanted or (is_right and not self.typing.is_settled):
            return
        self._is_send_wanted = False
        self.said.show_sending(is_sending=False)
        if is_right:
            self._on_send()

    def _say_taken(self) -> None:
        self.said.say_first(say("import", "press_again"))

    def _on_to_me(self) -> None:
        row = self.list.current()
        if row is not None and (self.typing.take() or not self.typing.is_settled):
            self._say_taken()
        elif row is not None:
            self.to_me_chosen.emit(row["row"])
