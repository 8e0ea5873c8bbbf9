"""The import sheet: columns at the left, rows at the right, a summary and buttons below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.gui.batches.draft_words import about_repeated_rows
from desktop.gui.importing.import_foot import SEND_KEYS, ImportFoot
from desktop.gui.importing.row_card import RowCard
from desktop.gui.importing.row_typing import RowTyping
from desktop.gui.importing.rows_pane import RowsPane
from desktop.gui.importing.sending_form import BY_NUMBER
from desktop.gui.importing.source_pane import SetUp, SourcePane
from desktop.gui.kit.look.follow import sized
from desktop.gui.kit.widgets.sheet import Halves, Sheet
from desktop.gui.kit.words.file_faults import import_error, waiting_error
from desktop.sheets.description import Target

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.contract.batch_rows import BatchRow
    from desktop.contract.batches import Batch
    from desktop.gui.batches.rows.rows_model import RowsModel
    from desktop.gui.kit.look.appearance import ThemeSource

FOLLOWS_AFTER_MS: Final = 400
"""Milliseconds after the last change until the draft's settings are saved."""


class ImportSheet(Sheet):
    """Shows one draft; each request to the backend is a signal.

    ``set_up`` carries a :class:`SetUp`, ``row_wanted`` the number of the row whose message to show,
    ``corrected`` a row's number, its corrected item and the path of the value, ``to_me_chosen`` a
    row's number. ``save_chosen`` asks for a file of the rows that need a look.
    """

    set_up = Signal(object)
    row_wanted = Signal(int)
    corrected = Signal(int, object, str)
    to_me_chosen = Signal(int)
    send_chosen = Signal()
    stop_chosen = Signal()
    save_chosen = Signal()

    def __init__(self, make: Callable[[], RowsModel], host: QWidget, themes: ThemeSource) -> None:
        super().__init__(1440, host, themes, least=1000)
        model = make()
        model.setParent(self)
        self.set_title(self.tr("Import"))
        self.batch: Batch | None = None
        self._reading = self._rows_changed = self._is_send_wanted = False
        self.source = SourcePane(themes)
        self.rows = RowsPane(model, themes)
        self.card = RowCard()
        self.foot_row = ImportFoot(themes)
        self._pause = QTimer(self, singleShot=True, interval=FOLLOWS_AFTER_MS)
        self._pause.timeout.connect(self._set_up)
        self.typing = RowTyping(self.rows, self.card, self)
        self._lay_out()
        self._connect()

    def begin(self, name: str) -> None:
        """Show that a file is being read, and clear the former one."""
        self.typing.begin()
        self.batch = None
        self._is_send_wanted = self._reading = False
        self.foot_row.show_progress(None)
        self.foot_row.show_sending(is_sending=False)
        self.source.begin(name)
        self.rows.show_batch(None)
        self.rows.show_counts(None)
        self.card.show_row(None, {})
        self.foot_row.show_row(None)
        self.foot_row.show_batch(None, reading=True)
        self.rows.say(self.tr("The spreadsheet is being read…"))

    def show_unreadable(self, sentence: str) -> None:
        """Say why the file cannot be read; offer to try again or to choose another file."""
        self.rows.say(sentence, "error", again=True)
        self.source.other_file.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_batch(self, batch: Batch, *, is_new: bool = False) -> None:
        """Show the current draft; if it ``is_new``, also its settings and rows."""
        if is_new:
            self.typing.leave_unanswered()
            self._is_send_wanted = False
            self.batch = batch
            self.source.show_settings(batch)
            self.rows.say("")
            self.rows.show_batch(batch["batch_id"])
        was_checked = self.batch is not None and not self.batch["counts"]["unchecked"]
        self.batch = batch
        self.rows.show_counts(batch["counts"])
        self.rows.about_twice.setText(about_repeated_rows(batch))
        self._show_foot()
        if not was_checked and not batch["counts"]["unchecked"]:
            self.rows.reload()

    def show_change(self, batch: Batch) -> None:
        """Show a changed draft, unless a later revision is shown already."""
        if self.batch is None or batch["rev"] >= self.batch["rev"]:
            self.show_batch(batch)

    def show_reading(self, share: float | None) -> None:
        """Show which share of the file has become rows, 0 to 1; ``None`` once all of it has."""
        self._reading = share is not None
        self.foot_row.show_progress(share, self.source.rows)
        self.rows.say(self.tr("The rows are shown once all are read.") if self._reading else "")
        self._show_foot()

    def show_corrected(self, row: BatchRow) -> None:
        """Show a corrected row, then go to the next one that needs a look."""
        self._on_answered(row["row"], is_right=row["check"] != "problem")
        place = self.rows.model.position_of(row["row"])
        if place is not None:
            self.rows.model.put(place, row)
        if not self.rows.is_at(row["row"]):
            return  # the person has gone on to another row
        if row["check"] == "problem":
            self._on_row()
            self.card.focus_value()
        else:
            self._show_next_problem(place)

    def show_not_corrected(self, row: int, error: Exception) -> None:
        """Show why a row was not corrected; the typed value stays unsaved."""
        self._on_answered(row, is_right=False, why=error)
        why = waiting_error(error)
        if self.rows.is_at(row):
            self.card.show_not_taken(why, error)
        else:
            words = self.tr("Row {number}: {sentence}")
            self.foot_row.say_why(words.format(number=row, sentence=why), error)

    def show_failure(self, error: Exception) -> None:
        """Show an error in the foot."""
        self.foot_row.say_why(import_error(error), error)

    def takes_files(self) -> bool:
        """Tell whether files dropped here are attachments of the rows."""
        return self.isVisible() and self.batch is not None and self.source.names_files

    def set_up_now(self) -> None:
        """Save pending settings now, without waiting for the pause."""
        if self._pause.isActive():
            self._pause.stop()
            self._set_up()

    def close(self) -> bool:
        """Close the sheet; pending settings are saved first."""
        self.set_up_now()
        return super().close()

    def focus_first(self) -> None:
        """Focus the value that needs a look, or else the rows, or else the sheet."""
        if not self.card.focus_value():
            target = self.rows.table if self.rows.table.isVisible() else self
            target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        checked = QWidget()
        right = sized(QVBoxLayout(checked), margins=(16, 12, 16, 12), spacing=12)
        right.addWidget(self.rows, 3)
        right.addWidget(self.card, 2)
        sized(self.body, margins=0)
        self._halves = Halves(self.source, checked, (5, 8), self.tr("Width of the columns"))
        self.body.addWidget(self._halves, 1)
        self.foot.addWidget(self.foot_row)

    def _connect(self) -> None:
        self.source.columns_edited.connect(self._on_columns)
        self.source.sending_edited.connect(self._pause.start)
        for act in (self.source.columns_edited, self.source.sending_edited, self.corrected):
            act.connect(self.foot_row.forget_why)
        self.source.files_added.connect(self.foot_row.forget_why)
        for change in (self.source.sending.again_chosen, self.source.sending.fields_asked):
            change.connect(self._show_foot)
        self.rows.row_chosen.connect(self._on_row)
        self.rows.save_problems_chosen.connect(self.save_chosen)
        self.rows.table.doubleClicked.connect(lambda _: self.card.focus_value())
        self.card.step_chosen.connect(self._on_step_chosen)
        self.typing.corrected.connect(self.corrected)
        self.typing.typed.connect(self._on_typed)
        self.typing.not_shown.connect(self.foot_row.say)
        self.foot_row.stop.clicked.connect(self.stop_chosen)
        self.foot_row.send.clicked.connect(self._on_send)
        self.foot_row.to_me.clicked.connect(self._on_to_me)
        keys = QKeySequence(SEND_KEYS)
        shortcut = QShortcut(keys, self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.foot_row.press_send)
        self.ctrl_enter = self.foot_row.press_send

    def _show_foot(self) -> None:
        batch = self.batch
        if batch is None:
            return
        self.source.sending.show_same(batch["counts"]["same"])
        again = self.source.sending.sends_again
        self.rows.show_again(again=again)
        self.foot_row.show_batch(
            batch,
            reading=self._reading,
            rows_of_file=self.source.rows,
            again=again,
            unfilled=self.source.columns_form.unfilled(),
        )

    def _on_columns(self) -> None:
        if Target.NUMBER not in self.source.columns().values():
            self.source.sending.leave_number()
        elif self._is_first_number():
            self.source.sending.choose_key(BY_NUMBER)
        self._rows_changed = True
        self._pause.start()

    def _is_first_number(self) -> bool:
        """Tell whether numbers are mapped first now and no row is known from an earlier batch."""
        if self.batch is None or Target.NUMBER in self.batch["columns"].values():
            return False
        return not (self.batch["counts"]["same"] or self.batch["counts"]["changed"])

    def _set_up(self) -> None:
        if self.batch is not None:
            settings = {**self.source.sending.settings(), "columns": self.source.columns()}
            settings["reading"] = self.source.reading()
            rows, self._rows_changed = self._rows_changed, False
            self.set_up.emit(SetUp(settings, rows))

    def _on_row(self) -> None:
        row = self.rows.current()
        self.card.show_row(row, self.source.columns(), again=self.rows.model.again)
        self.foot_row.show_row(row)
        if row is not None:
            self.row_wanted.emit(row["row"])
            if self.hasFocus():  # the person has not moved the focus yet
                self.focus_first()

    def _on_step_chosen(self, by: int) -> None:
        self.rows.choose(max(self.rows.table.currentIndex().row() + by, 0))

    def _show_next_problem(self, place: int | None) -> None:
        """Go to the next row that needs a look, ready to type; stay if there is none."""
        after = self.rows.model.next_problem(place or 0)
        if after is None:
            self._on_row()
        else:
            self.rows.choose(after)
        self.focus_first()

    def _on_typed(self, typed: object) -> None:
        if typed is not None:  # the person goes on typing
            self.foot_row.forget_first()

    def _on_send(self) -> None:
        if not self.source.sending.check():
            return
        if self.typing.take():
            words = self.tr("Your last change is in the row now. Press Send again.")
            self.foot_row.say_first(words)
            return
        self._is_send_wanted = not self.typing.is_settled  # send after the answer
        if self._is_send_wanted:
            self.foot_row.show_sending(is_sending=True)
        else:
            self.set_up_now()
            self.send_chosen.emit()

    def _on_answered(self, row: int, *, is_right: bool, why: Exception | None = None) -> None:
        """Send after the last answer to a correction, if *Send* waits for it and all is right."""
        self.typing.answer(row, why)
        if not self._is_send_wanted or (is_right and not self.typing.is_settled):
            return
        self._is_send_wanted = False
        self.foot_row.show_sending(is_sending=False)
        if is_right:
            self._on_send()

    def _on_to_me(self) -> None:
        row = self.rows.current()
        if row is not None and (self.typing.take() or not self.typing.is_settled):
            self.foot_row.say_first(self.tr("Your last change is in the row now. Press again."))
        elif row is not None:
            self.to_me_chosen.emit(row["row"])
