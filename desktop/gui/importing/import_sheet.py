"""The import sheet: the spreadsheet at the left, its rows at the right, below what will happen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLocale, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QProgressBar, QPushButton, QVBoxLayout, QWidget

from desktop.contract.batches import BY_NUMBER, RowCheck, Target, rows_to_send
from desktop.gui.batches.batch_rows import RowsModel
from desktop.gui.batches.draft_words import (
    about_repeated_rows,
    corrected,
    not_read,
    way_out,
    what_happens,
)
from desktop.gui.importing.row_typing import RowTyping
from desktop.gui.importing.rows_pane import RowCard, RowsPane
from desktop.gui.importing.source_pane import SetUp, SourcePane
from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import keep_room, sized
from desktop.gui.kit.widgets.buttons import ActionButton, HintedButton, Link
from desktop.gui.kit.widgets.sheet import FootRow, Sheet, TwoColumnScroll
from desktop.gui.kit.widgets.texts import Feedback
from desktop.gui.kit.words.file_faults import error_sentence, waiting_error
from desktop.gui.kit.words.states import sentences
from desktop.gui.kit.words.table import WORDS, say
from sendoff_tasks.client.errors import BackendBusy

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from PySide6.QtGui import QResizeEvent

    from desktop.contract.batches import Batch, BatchLeaves, BatchRow
    from desktop.gui.link.jobs import ApiSource


SEND_KEYS = "Ctrl+Return"
_WHOLE = 1000
NAMED: Final = 3
"""Changed files that are named."""
FOLLOWS_AFTER_MS: Final = 400
"""Milliseconds after the last change until the draft's settings are saved."""


class ImportFoot(QWidget):
    """A sentence, the progress of reading, *Send row n to me* and *Send*."""

    def __init__(self) -> None:
        super().__init__()
        self.words = Feedback()
        keep_room(self.words)
        self.bar = QProgressBar(maximum=_WHOLE, textVisible=False)
        sized(self.bar, width=160, height=6)
        self.stop = QPushButton()
        self.read_on = QPushButton(self.tr("Read on"))
        self.read_on.setToolTip(self.tr("Read the rows of the spreadsheet that are missing"))
        self.read_again = QPushButton(self.tr("Read again"))
        self.read_again.setToolTip(
            self.tr("Take what is on the disk now; corrections stay where a value is the same")
        )
        self.read_again.hide()
        self.to_me = ActionButton(self.tr("Send row {} to me"))  # first: it gives the icon its gap
        icons.put(self.to_me, "send", "text")
        self.to_me.setToolTip(self.tr("Send its e-mail to the sender's own address"))
        self.send = HintedButton(self.tr("Send"), QKeySequence(SEND_KEYS))
        self._first = self._newer = self._early = ""
        self._said: list[str] = []
        self._count = 0
        self._can_send = self._is_sending = self._is_early = False
        self.lost = 0  # corrected values of rows that are no longer read
        parts = (self.bar, self.stop, self.read_on, self.read_again, self.to_me, self.send)
        self._row = FootRow(self, self.words, parts)
        self.show_progress(None)
        self.show_row(None)

    def say(self, sentence: str) -> None:
        """Show a sentence in place of the one about the draft."""
        self._first = ""
        self._said = [sentence]
        self.words.say_usually(sentence)

    def say_why(self, sentence: str, error: Exception) -> None:
        """Show an error until the person goes on or the backend is back."""
        self._first = ""
        self.words.say_why(sentence, error)

    def forget_why(self) -> None:
        """Remove the error: the person goes on."""
        self.words.forget_why()

    def show_newer(self, *, is_newer: bool, files: Sequence[str] = ()) -> None:
        """Say what was saved after it was read or added, and offer to read it again."""
        said = []
        if is_newer:
            said.append(say("import", "saved_since"))
        if files:
            some = [*(Path(each).name for each in files[:NAMED]), *["…"] * (len(files) > NAMED)]
            said.append(say("import", "files_since", n=len(files), names=", ".join(some)))
        self._newer = sentences(*said)
        self.read_again.setVisible(bool(said))
        self._say()

    def say_first(self, sentence: str) -> None:
        """Show a sentence before the one about the draft, until another is shown."""
        self._first = sentence
        self.words.say_usually(sentence)

    def forget_first(self) -> None:
        """Drop the sentence of :meth:`say_first` at the next change of the draft."""
        self._first = ""

    def press_send(self) -> None:
        """Press *Send*, or say that it has to wait until the rows are read."""
        if self.send.isEnabled():
            self.send.click()
        elif self._is_early:
            self._early = say("import", "press_later")
            self.words.say(self._early)

    def show_sending(self, *, is_sending: bool) -> None:
        """Show *Sending…* on the button until the request is answered."""
        self._is_sending = is_sending
        self._show_send()
        if is_sending:
            self.forget_why()

    def show_waiting(self, error: Exception) -> None:
        """Say that sending waits for the backend, until it is back."""
        self.say_why(waiting_error(error), error)

    def show_ended(self) -> None:
        """Say nothing more of sending: Sendoff has not answered."""
        self.show_sending(is_sending=False)
        self.words.say("")

    def show_reading_waits(self, error: Exception) -> None:
        """Say why the backend takes no rows, and that reading continues by itself."""
        words = waiting_error(error)
        if isinstance(error, BackendBusy):
            words = sentences(words, say("import", "continues"))
        self.say_why(words, error)

    def show_progress(
        self, share: float | None, rows: int | None = None, files: int | None = None
    ) -> None:
        """Show which share of the rows is read, or of ``files`` is copied, 0 to 1.

        ``None`` hides the progress bar.
        """
        if share is not None:
            self.bar.setValue(round(share * _WHOLE))  # before it is shown: Qt paints it at once
        for part in (self.bar, self.stop):
            part.setVisible(share is not None)
        is_rows = files is None
        name = self.tr("Rows read") if is_rows else self.tr("Files copied")
        self.bar.setAccessibleName(name)
        self.stop.setText(self.tr("Stop reading") if is_rows else self.tr("Stop copying"))
        if share is None:
            self.forget_why()
            return
        if (whole := rows if is_rows else files) or (is_rows and whole is not None):
            done = WORDS.number(round(share * whole))
            said = say("import", "rows" if is_rows else "files", n=whole, done=done)
        else:
            said = say("import", "rows_read" if is_rows else "files_looked")
        self.say(sentences(self._early, said))

    def show_row(self, row: BatchRow | None) -> None:
        """Offer to send the current row's message to the sender's own address."""
        self.to_me.setVisible(row is not None)
        if row is not None:
            number = QLocale().toString(row["row"])
            self.to_me.setText(self.tr("Send row {} to me").format(number))

    def show_batch(
        self,
        batch: Batch | None,
        *,
        reading: bool,
        rows_of_file: int | None = None,
        also: Collection[str] = (),
        unfilled: Sequence[str] = (),
        undecided: str = "",
    ) -> None:
        """Say what will be sent, what is left out, and when the last message is sent.

        Rows that were sent before are sent again if their check is in ``also``. ``unfilled`` are
        the fields that the template asks for and no column fills. Nothing is sent while something
        is ``undecided``.
        """
        self._count = rows_to_send(batch["counts"], also) if batch is not None else 0
        self._is_early = batch is None or reading or bool(batch["counts"]["unchecked"])
        self._can_send = bool(self._count) and not self._is_early and not undecided
        if batch is None or not self._is_early:
            self._early = ""
        self._show_send()
        self.send.setVisible(batch is not None)
        unread = [] if batch is None else not_read(batch, rows_of_file)
        self.read_on.setVisible(bool(unread) and not reading)
        if batch is None:
            self.lost = 0
            self.say("")
        if batch is None or reading:
            return
        counts = batch["counts"]
        if counts["unchecked"]:
            self._said = [say("draft", "checking", n=counts["unchecked"])]
            self._say()
            return
        said = [*unread, *filter(None, [undecided]), *corrected(batch, self.lost)]
        if counts["rows"] or not unread:
            said += what_happens(batch, also)
        if unfilled and counts["problems"]:
            said.append(way_out(unfilled))
        self._said = said
        self._say()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the sentence above the buttons if room is short."""
        super().resizeEvent(event)
        self._row.fit(self.width())

    def _say(self) -> None:
        said = sentences(self._newer, self._first, self._early, *self._said)
        self.words.say_usually(said, keeps_why=True)

    def _show_send(self) -> None:
        count = self.tr("Send {}").format(QLocale().toString(self._count))
        self.send.setText(self.tr("Sending…") if self._is_sending else count)
        self.send.setEnabled(self._can_send and not self._is_sending)


class ImportSheet(Sheet):
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

    def __init__(self, api: ApiSource, host: QWidget) -> None:
        super().__init__(1440, host, least=1000)
        self.set_title(self.tr("Import"))
        self.batch: Batch | None = None
        self._reading = self._rows_changed = self._is_send_wanted = False
        self._is_unsaved = False  # the last settings have ended without an answer
        self._doubt = ""  # what was said before the rows were sent
        self.source = SourcePane()
        self.rows = RowsPane(RowsModel(api, self))
        self.card = RowCard()
        self.foot_row = ImportFoot()
        self._pause = QTimer(self, singleShot=True, interval=FOLLOWS_AFTER_MS)
        self._pause.timeout.connect(self._set_up)
        self.typing = RowTyping(self.rows, self.card, self)
        self._lay_out()
        self._connect()

    def begin(self, name: str) -> None:
        """Show that a file is being read, and clear the former one."""
        self.typing.begin()
        self.batch = None
        self._is_send_wanted = self._reading = self._is_unsaved = False
        self._doubt = ""
        self.foot_row.show_progress(None)
        self.foot_row.show_sending(is_sending=False)
        self.source.begin(name)
        self._halves.verticalScrollBar().setValue(0)
        self.rows.show_batch(None)
        self.rows.show_counts(None)
        self.card.show_row(None, {})
        self.foot_row.show_row(None)
        self.foot_row.show_batch(None, reading=True)
        self.rows.say(say("import", "reading"))

    def show_unreadable(self, sentence: str) -> None:
        """Say why the file cannot be read; offer to try again or to choose another file."""
        self.rows.say(sentence, is_error=True)
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
            self.rows.say("")
            self.rows.show_batch(batch["batch_id"])
        elif batch["opted_out"] is None and self.batch is not None:  # counted at the next read
            known = self.batch
            batch = {**batch, "replaces": known["replaces"], "opted_out": known["opted_out"]}
        was_checked = self.is_checked
        is_reworded = self.batch is not None and batch["template"] != self.batch["template"]
        self.batch = batch
        self.rows.show_counts(batch["counts"])
        self.rows.about_twice.setText(about_repeated_rows(batch))
        self._show_foot()
        if self.is_checked and not was_checked:
            self.rows.reload()
        elif is_reworded and (row := self.rows.current()) is not None:
            self.row_wanted.emit(row["row"])  # the check of all rows takes a while

    def show_change(self, batch: Batch) -> None:
        """Show a changed draft, unless a later revision is shown already."""
        if self.batch is None or batch["rev"] >= self.batch["rev"]:
            self.show_batch(batch)

    def show_reading(self, share: float | None, files: int | None = None) -> None:
        """Show which share of the rows is read, or of ``files`` is copied; ``None`` once all is."""
        self._reading = share is not None
        self.foot_row.show_progress(share, self.source.rows, files)
        self.rows.say(say("import", "rows_come") if self._reading else "")
        self._show_foot()

    def show_corrected(self, row: BatchRow) -> None:
        """Show a corrected row, then go to the next one that needs a look."""
        self._on_answered(row["row"], is_right=row["check"] != RowCheck.PROBLEM)
        place = self.rows.model.position_of(row["row"])
        if place is not None:
            self.rows.model.put(place, row)
        if not self.rows.is_at(row["row"]):
            return  # the person has gone on to another row
        if row["check"] == RowCheck.PROBLEM:
            self._on_row()
            self.card.focus_value()
        else:
            self._show_next_problem(place)

    def show_not_corrected(self, row: int, error: Exception, *, waits: bool = False) -> None:
        """Show why a row was not corrected, or ``waits``; the typed value stays unsaved."""
        if not waits:
            self._on_answered(row, is_right=False)
        why = waiting_error(error) if waits else error_sentence(error)
        if self.rows.is_at(row):
            self.card.show_not_taken(why, error)
        else:
            self.foot_row.say_why(say("import", "row", row=row, why=why), error)

    def show_failure(self, error: Exception) -> None:
        """Show an error in the foot."""
        self.foot_row.say_why(error_sentence(error), error)

    def takes_files(self) -> bool:
        """Tell whether files dropped here are attachments of the rows."""
        return self.isVisible() and self.batch is not None and self.source.names_files

    def set_up_now(self) -> None:
        """Save pending settings now, without waiting for the pause."""
        if self._pause.isActive() or self._is_unsaved:
            self._pause.stop()
            self._set_up()

    def set_up_again(self, *, rows: bool) -> None:
        """Save the settings once more when the person goes on; ``rows`` were to be read again."""
        self._rows_changed |= rows
        self._is_unsaved = True

    def close(self) -> bool:
        """Close the sheet; pending settings are saved first."""
        self.set_up_now()
        return super().close()

    def focus_first(self) -> None:
        """Focus the value that needs a look, or else the rows, or else the sheet.

        If the rows are below the settings, focus the sheet: it opens at its top.
        """
        if self._halves.is_below:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._focus_row()

    def _focus_row(self) -> None:
        if not self.card.focus_value():
            target = self.rows.table if self.rows.model.rowCount() else self
            target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        checked = QWidget()
        right = sized(QVBoxLayout(checked), margins=(16, 12, 16, 12), spacing=12)
        right.addWidget(self.rows, 1)
        right.addWidget(self.card, 1)
        sized(self.body, margins=0)
        self._halves = TwoColumnScroll(
            self.source, checked, (5, 8), self.tr("Width of the columns")
        )
        self.to_rows = Link("")
        self.to_rows.clicked.connect(self._focus_row)
        self.head.insertWidget(1, self.to_rows)
        self._halves.turned.connect(self._show_way_to_rows)
        self.body.addWidget(self._halves, 1)
        self.foot.addWidget(self.foot_row)

    def _connect(self) -> None:
        self.source.columns_edited.connect(self._on_columns)
        self.source.sending_edited.connect(self._pause.start)
        for act in (self.source.columns_edited, self.source.sending_edited, self.corrected):
            act.connect(self.foot_row.forget_why)
        self.corrected.connect(lambda row, _item, _path: self.source.forget_meant(row))
        self.source.files_added.connect(self.foot_row.forget_why)
        for change in (self.source.sending.again_chosen, self.source.sending.fields_asked):
            change.connect(self._show_foot)
        self.rows.row_chosen.connect(self._on_row)
        self.rows.table.row_activated.connect(lambda _: self.card.focus_value())
        self.typing.corrected.connect(self.corrected)
        self.typing.typed.connect(self._on_typed)
        self.typing.not_shown.connect(self.foot_row.say)
        self.foot_row.stop.clicked.connect(self.stop_chosen)
        self.foot_row.send.clicked.connect(self._on_send)
        self.foot_row.to_me.clicked.connect(self._on_to_me)
        keys = QKeySequence(SEND_KEYS)
        shortcut = QShortcut(keys, self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self._on_keys)
        self.foot_row.send.not_in = self.card.editor
        self.ctrl_enter = self.foot_row.press_send

    def _show_way_to_rows(self) -> None:
        """Lead to the rows that need a look if they are below the settings, out of sight."""
        count = 0 if self.batch is None else self.batch["counts"]["problems"]
        self.to_rows.setText(say("batch_rows", "rows_need_look", n=count))
        self.to_rows.setVisible(bool(count) and self._halves.is_below)

    def _show_foot(self) -> None:
        self._show_way_to_rows()
        batch = self.batch
        if batch is None:
            return
        if not self.source.sending.moment.is_read:  # its times are those of the last valid moment
            unknown: BatchLeaves = {**batch["leaves"], "next_at": None, "last_at": None}
            batch = {**batch, "leaves": unknown}
        self.source.sending.show_sent_before(batch["counts"])
        also = self.source.sending.also
        self.rows.show_also(also)
        self.foot_row.show_batch(
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
            rows, self._rows_changed, self._is_unsaved = self._rows_changed, False, False
            self.set_up.emit(SetUp(settings, rows))

    def _on_row(self) -> None:
        row = self.rows.current()
        self.card.show_row(row, self.source.columns(), self.rows.model.also)
        self.foot_row.show_row(row)
        if row is not None:
            self.row_wanted.emit(row["row"])
            is_there = self.is_checked and not self._reading
            if is_there and self.hasFocus():  # the person has not moved the focus yet
                self.focus_first()

    def _show_next_problem(self, place: int | None) -> None:
        """Go to the next row that needs a look, ready to type; stay if there is none."""
        after = self.rows.model.next_problem(place or 0)
        if after is None:
            self._on_row()
        else:
            self.rows.choose(after)
        self._focus_row()

    def _on_typed(self, typed: object) -> None:
        if typed is not None:  # the person goes on typing
            self.foot_row.forget_first()

    def _on_keys(self) -> None:
        """Take the value that is being edited, as Enter does, or else send."""
        if self.card.editor.hasFocus():
            self.typing.take()
        else:
            self.foot_row.press_send()

    def _on_send(self) -> None:
        if not self.source.sending.check():
            return
        if self.typing.take():
            self._say_taken()
            return
        if (doubt := self.source.doubt) not in {"", self._doubt}:
            self._doubt = doubt
            self.foot_row.say_first(doubt)
            return
        self._is_send_wanted = not self.typing.is_settled  # send after the answer
        if self._is_send_wanted:
            self.foot_row.show_sending(is_sending=True)
        else:
            self.set_up_now()
            self.send_chosen.emit()

    def _on_answered(self, row: int, *, is_right: bool) -> None:
        """Send after the last answer to a correction, if *Send* waits for it and all is right."""
        self.typing.answer(row)
        if not self._is_send_wanted or (is_right and not self.typing.is_settled):
            return
        self._is_send_wanted = False
        self.foot_row.show_sending(is_sending=False)
        if is_right:
            self._on_send()

    def _say_taken(self) -> None:
        self.foot_row.say_first(say("import", "press_again"))

    def _on_to_me(self) -> None:
        row = self.rows.current()
        if row is not None and (self.typing.take() or not self.typing.is_settled):
            self._say_taken()
        elif row is not None:
            self.to_me_chosen.emit(row["row"])
