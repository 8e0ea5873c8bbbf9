"""The rows of an import: chips that filter them, the list, and the card of the selected one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QCoreApplication, QLocale, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop.contract.batches import RowCheck, Target
from desktop.contract.do_not_send import SEND_ANYWAY
from desktop.contract.items import NUMBER_TO_COME
from desktop.gui.batches.batch_rows import (
    PATH_OF,
    RowColumn,
    RowsModel,
    entry_at,
    shown_at,
    typed_value,
    with_entry,
)
from desktop.gui.batches.draft_words import (
    GROUPS,
    TOKENS,
    ChipGroup,
    check_words,
    correction_words,
    path_word,
    time_words,
)
from desktop.gui.kit.lists.list_table import ListTable
from desktop.gui.kit.lists.list_view import EmptyState
from desktop.gui.kit.lists.list_widths import ColumnFit
from desktop.gui.kit.look.appearance import keep_room, set_role, sized
from desktop.gui.kit.widgets.choice import Chip
from desktop.gui.kit.widgets.field import AddressOffer
from desktop.gui.kit.widgets.files import files_words
from desktop.gui.kit.widgets.message_view import InertBrowser
from desktop.gui.kit.widgets.surfaces import Flow, focus_in_sight
from desktop.gui.kit.widgets.texts import AccentLabel, ElidedLabel, Feedback, WholeLabel
from desktop.gui.kit.words.do_not_send import listed_words
from desktop.gui.kit.words.states import sentences
from desktop.gui.kit.words.table import say

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from PySide6.QtGui import QKeyEvent, QMoveEvent

    from desktop.contract.batches import BatchCounts, BatchRow


FITS: Final = {
    RowColumn.ROW: ColumnFit(64),
    RowColumn.NAME: ColumnFit(140, least=110, leaves=1),  # the card has it
    RowColumn.EMAIL: ColumnFit(190, least=190),
    RowColumn.CHECK: ColumnFit(220, least=290),  # the card has a longer text whole
}
"""An address and what was found in it are whole before there is room for names."""
ALWAYS: Final = 3
"""Number of chips that are always shown; the others are shown while they have rows."""
EMAIL: Final = PATH_OF[Target.EMAIL]


class RowsPane(QWidget):
    """Shows the rows of one chip; ``row_chosen`` is emitted when the current row changes.

    ``again_chosen`` asks to read the spreadsheet again after an error.
    """

    row_chosen = Signal()
    again_chosen = Signal()

    def __init__(self, model: RowsModel) -> None:
        super().__init__()
        self.model = model
        self._batch_id: int | None = None
        self._chosen = GROUPS[0]
        self._counts: BatchCounts | None = None
        self.chips = [self._chip(group) for group in GROUPS]
        self._exclusive = QButtonGroup(self)
        for chip in self.chips:
            self._exclusive.addButton(chip)
        name = self.tr("Rows of the spreadsheet")
        self.table = ListTable(model, name, FITS)
        self.table.row_chosen.connect(self.row_chosen)
        self.about_twice = set_role(QLabel(wordWrap=True), "soft")
        self.about_twice.hide()
        self._stays: int | None = None  # the row to make current after a reload
        self._had_rows = False  # in the chosen group
        self._said = self._failed = ""
        self._is_error = False
        self.empty = EmptyState(self.table)
        self.empty.cleared.connect(self.again_chosen)
        self._lay_out()
        model.modelAboutToBeReset.connect(self._on_rows_going)
        model.shown.connect(self._on_shown)
        model.failed.connect(self._on_failed)
        self.show_counts(None)

    def hasHeightForWidth(self) -> bool:
        """Tell that the rows may be lower: Qt takes a height for a width as the least one."""
        return False

    def show_batch(self, batch_id: int | None) -> None:
        """Show the rows of another draft, or no rows."""
        self._batch_id, self._stays = batch_id, None
        self._on_chip(GROUPS[0])

    def keep_columns(self) -> None:
        """Keep the column widths while the person corrects one row after the other."""
        self.table.widths.is_held = True

    def say(self, sentence: str, *, is_error: bool = False) -> None:
        """Say why no rows are shown; an empty text restores the usual sentence.

        After an error, the person can try again.
        """
        self._said, self._is_error = sentence, is_error
        self._show_why_none()

    def show_counts(self, counts: BatchCounts | None) -> None:
        """Set the counts of the chips, and hide extra chips without rows."""
        self._counts = counts
        for place, (chip, group) in enumerate(zip(self.chips, GROUPS, strict=True)):
            count = group.count(counts)
            chip.set_count(QLocale().toString(count))
            chip.set_urgent(bool(count))
            chip.setVisible(place < ALWAYS or bool(count))
            if group is self._chosen and chip.isHidden():
                self._choose(GROUPS[0])
        self._had_rows = self._had_rows or self._chosen.count(counts) > 0
        self._leave_if_emptied()

    def show_also(self, also: frozenset[str]) -> None:
        """Show which rows that were sent before are sent again."""
        if also != self.model.also:
            self.model.show_also(also)
            self.row_chosen.emit()

    def show_problems(self) -> None:
        """Show the rows that need a look."""
        self._choose(GROUPS[1])

    def show_all(self) -> bool:
        """Show all rows; tell whether a part of them was shown before."""
        before = self._chosen
        self._choose(GROUPS[0])
        return before is not GROUPS[0]

    def reload(self) -> None:
        """Read the rows again, or all rows if none is left in the group."""
        if self._is_empty_group():
            self._choose(GROUPS[0])
        else:
            self._read()

    def _is_empty_group(self) -> bool:
        counts = self._counts
        return bool(counts and not (counts["unchecked"] or self._chosen.count(counts)))

    def _leave_if_emptied(self) -> bool:
        """Show all rows if the last one has left the group; tell whether it has."""
        is_read = self.model.is_loaded and not self.model.rowCount()
        has_emptied = is_read and self._had_rows and self._is_empty_group()
        if has_emptied:
            self._choose(GROUPS[0])
        return has_emptied

    def _read(self) -> None:
        self._failed = ""
        self.model.show_rows(self._batch_id, self._chosen.checks)
        self._show_why_none()

    def current(self) -> BatchRow | None:
        """Return the current row."""
        row: BatchRow | None = self.table.current()
        return row

    def is_at(self, number: int) -> bool:
        """Tell whether the row of this number is the current one."""
        current = self.current()
        return current is not None and current["row"] == number

    def choose(self, position: int) -> None:
        """Make the row at a position current, at most the last one."""
        position = min(position, self.model.rowCount() - 1)
        if position >= 0:
            column = max(self.table.currentIndex().column(), 0)
            self.table.setCurrentIndex(self.model.index(position, column))

    def _chip(self, group: ChipGroup) -> Chip:
        word = QCoreApplication.translate("rows", str(group.title))
        token = TOKENS[group.checks[0]] if group.checks else "text"
        chip = Chip(word, None, token)
        chip.clicked.connect(lambda: self._on_chip(group))
        return chip

    def _lay_out(self) -> None:
        chips = QWidget()
        flow = Flow(chips)
        for chip in self.chips:
            flow.addWidget(chip)
        column = sized(QVBoxLayout(self), margins=0, spacing=8)
        column.addWidget(chips)
        column.addWidget(self.about_twice)
        column.addWidget(self.table, 1)

    def _on_chip(self, group: ChipGroup) -> None:
        self.table.widths.is_held = False
        self._choose(group)

    def _choose(self, group: ChipGroup) -> None:
        self._chosen = group
        self._had_rows = group.count(self._counts) > 0
        self.chips[GROUPS.index(group)].setChecked(True)
        self.about_twice.setVisible(RowCheck.TWICE in group.checks)
        self._read()

    def _on_rows_going(self) -> None:
        current = self.current()
        self._stays = self._stays if current is None else current["row"]

    def _on_shown(self) -> None:
        if self._leave_if_emptied():
            return
        self._failed = ""
        self._show_why_none()
        if self.model.rowCount() and not self.table.currentIndex().isValid():
            stays = None if self._stays is None else self.model.position_of(self._stays)
            self.choose(stays or 0)
        self.row_chosen.emit()

    def _on_failed(self, sentence: str) -> None:
        self._failed = sentence
        self._show_why_none()

    def _show_why_none(self) -> None:
        if self.model.rowCount():
            self.empty.hide()
        else:
            again = self.tr("Try again") if self._is_error else ""
            self.empty.say(self._said or self._why_none(), again, is_error=self._is_error)

    def _why_none(self) -> str:
        """Say why there are no rows, or that they are still being read."""
        if self._batch_id is not None and not self.model.is_loaded:
            return sentences(self._failed, say("none", "rows_come"))
        return say("none", "rows_here" if self._chosen.checks else "rows")


class RowMail(InertBrowser):
    """Shows the e-mail of a row; it leaves all height but its least one to the rows."""

    def sizeHint(self) -> QSize:
        """Ask for the least height."""
        return QSize(super().sizeHint().width(), self.minimumHeight())


class RowCard(QFrame):
    """Shows one row; *Correct* appears once a value is typed.

    ``corrected`` carries the row's number, its corrected item and the path of the value. A typed
    value also counts, without *Correct*, when another row is shown. ``typed`` carries the row's
    number, the path of the value and the typed text, or ``None`` if the text is unchanged.
    """

    corrected = Signal(int, object, str)
    typed = Signal(int, str, object)

    def __init__(self) -> None:
        super().__init__()
        self._row: BatchRow | None = None
        self._taken = ""  # the text when the row was shown or corrected
        self.setObjectName("rowCard")
        self._title = set_role(ElidedLabel(), "title")
        self._value = QWidget()  # the line of the wrong value
        self._label = set_role(AccentLabel(), "soft")
        self.editor = QLineEdit()
        self.editor.returnPressed.connect(self._on_save)
        self.editor.textEdited.connect(self._on_typed)
        self._label.setBuddy(self.editor)
        self.save = QPushButton(self.tr("Correct"))
        self.save.setToolTip(self.tr("Put this value in the row, and check it again (Enter)"))
        self.save.clicked.connect(self._on_save)
        keep_room(self.save)  # the field keeps its width while one types
        self.editor.textChanged.connect(self._show_save)
        self._wrong = Feedback()
        self.after_all = QPushButton()
        self.after_all.clicked.connect(self._on_after_all)
        self.meant = AddressOffer()
        self.meant.chosen.connect(self._on_meant)
        self._found = WholeLabel()
        self._about = set_role(WholeLabel(), "soft")
        self._mail = set_role(sized(RowMail(), least_height=96), "paper")
        self._mail.setTabChangesFocus(True)
        self._mail.setAccessibleName(self.tr("The e-mail of this row"))
        self._lay_out()
        self.show_row(None, {})

    @property
    def path(self) -> str | None:
        """The path of the wrong value, if there is one."""
        is_wrong = self._row is not None and self._row["check"] == RowCheck.PROBLEM
        return self._row["path"] if is_wrong and self._row is not None else None

    def show_row(
        self, row: BatchRow | None, columns: Mapping[str, str | None], also: Collection[str] = ()
    ) -> None:
        """Show a row with its problem; :meth:`show_message` shows its message later.

        A row that was sent before is sent again if its check is in ``also``.
        """
        numbers = {each["row"] for each in (self._row, row) if each is not None}
        is_other = len(numbers) == 2
        if is_other:
            self.take_typed()
        if is_other or self._row is None:
            self._await_message()
        is_typed, is_as_before, self._row = self.is_typed, row == self._row, row
        self.setVisible(row is not None)
        if row is None:
            return
        number = self.tr("Row {}").format(QLocale().toString(row["row"]))
        name = str(shown_at(row, PATH_OF[Target.NAME]))
        self._title.setText(" · ".join(filter(None, (number, name))))
        path = self.path
        self.meant.show_for(_address(row) if path in {None, EMAIL} else "")
        self._value.setVisible(path is not None)
        wrong = check_words(row) if path is not None else ""
        self._wrong.say_usually(wrong, "error", keeps_why=is_as_before)
        is_plain = row["check"] in {None, RowCheck.READY, RowCheck.PROBLEM}
        found = "" if is_plain else check_words(row, also)
        is_stopped = row["check"] == RowCheck.DO_NOT_SEND and row["check"] not in also
        if is_stopped and "entry" in row["data"]:
            found = listed_words(row["data"]["entry"])
        self.after_all.setText(self.tr("Send to {} after all").format(name or _shown_address(row)))
        self.after_all.setVisible(is_stopped)
        if row["check"] == RowCheck.READY:
            found = time_words(row)
        self._found.setText(sentences(found, correction_words(row)))
        self._found.setVisible(bool(self._found.text()))
        if path is not None:
            self._label.setText(path_word(path, columns))
            self.editor.setAccessibleName(path_word(path, columns))
            before, self._taken = self._taken, _value(row, path)
            stays = is_typed and not is_other and before == self._taken
            if not stays and self.editor.text() != self._taken:  # an equal text keeps its selection
                self.editor.setText(self._taken)
        self._show_save()

    @property
    def is_typed(self) -> bool:
        """Whether a value is typed and not saved yet."""
        return self.path is not None and self.editor.text() != self._taken

    def take_typed(self) -> bool:
        """Save a typed value; tell whether there was one."""
        is_typed = self.is_typed
        if is_typed:
            self._on_save()
        return is_typed

    def put_back(self, text: str) -> None:
        """Restore a text that was typed in this row, and focus it."""
        self.editor.setText(text)
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self.editor.deselect()
        self._on_typed()

    def show_not_taken(self, sentence: str, error: Exception) -> None:
        """Say why a value was not saved; it counts as typed again."""
        if self._row is not None and self.path is not None:
            self._taken = _value(self._row, self.path)
            self._show_save()
        self._wrong.say_why(sentence, error)

    def show_message(self, message: Mapping[str, Any]) -> None:
        """Show a message as ``MessageView`` does; its ``html`` is what its reader will see."""
        to = {
            self.tr("From {}"): message.get("from"),
            self.tr("To {}"): message["to"],
            self.tr("Cc {}"): message.get("cc"),
            self.tr("Bcc {}"): message.get("bcc"),
        }
        named = [words.format(who) for words, who in to.items() if who]
        about = " · ".join([*named, message["subject"]])
        missing = self.tr("{} (missing)")
        files = [
            missing.format(each["file"]) if each["size"] is None else files_words([each])
            for each in message.get("files", ())
        ]
        if files:
            about += "\n" + self.tr("Attached: {}").format(", ".join(files))
        if NUMBER_TO_COME in f"{message['subject']}{message['text']}":
            about += "\n" + say("import", "number_to_come", number=NUMBER_TO_COME)
        self._about.setText(about)
        self._about.show()
        self._mail.show_html(str(message["html"]))
        self._show_mail(shown=True)

    def say(self, sentence: str) -> None:
        """Say why there is no message, unless the row's problem says it already."""
        self._about.setText("" if self.path is not None else sentence)
        self._about.setHidden(not self._about.text())
        self._show_mail(shown=False)

    def focus_value(self) -> bool:
        """Focus the wrong value, in sight with its error; tell whether there is one."""
        if self.path is None:
            return False
        focus_in_sight(self.editor, self._wrong)
        self.editor.selectAll()
        return True

    def moveEvent(self, event: QMoveEvent) -> None:
        """Keep the value that is being typed in sight where the card goes."""
        super().moveEvent(event)
        if self.editor.hasFocus():
            focus_in_sight(self.editor, self._wrong)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep Enter in the line edit from pressing the sheet's default button."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.editor.hasFocus():
            event.accept()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        line = sized(QHBoxLayout(self._value), margins=0, spacing=8)
        line.addWidget(self._label)
        line.addWidget(self.editor, 1)
        line.addWidget(self.save)
        column = sized(QVBoxLayout(self), margins=(16, 10, 16, 12), spacing=6)
        column.addStretch()
        told = sized(QHBoxLayout(), margins=0, spacing=8)
        told.addWidget(self._found, 1)
        told.addWidget(self.after_all, 0, Qt.AlignmentFlag.AlignTop)
        column.addWidget(self._title)
        column.addLayout(told)
        column.addWidget(self._about)
        column.addWidget(self._mail, 1)
        for below in (self.meant, self._wrong, self._value):  # the bottom never moves
            column.addWidget(below)

    def _await_message(self) -> None:
        """Clear the message of the former row."""
        as_tall = "\n" * self._about.text().count("\n")  # the card keeps its height
        self._about.setText(self.tr("The e-mail is being read…") + as_tall)
        self._about.show()
        self._mail.show_html("")

    def _show_mail(self, *, shown: bool) -> None:
        """Show the message, or leave its room to the rows."""
        self._mail.setVisible(shown)
        policy = QSizePolicy.Policy
        self.setSizePolicy(policy.Preferred, policy.Preferred if shown else policy.Maximum)

    def _show_save(self) -> None:
        self.save.setVisible(self.is_typed)

    def _on_typed(self) -> None:
        if self._row is not None and self.path is not None:
            text = self.editor.text() if self.is_typed else None
            self.typed.emit(self._row["row"], self.path, text)

    def _on_meant(self, address: str) -> None:
        if self._row is not None:
            if self.path is not None:
                self.editor.setText(address)
                self._taken = address
                self._show_save()
            item = with_entry(self._row["item"], EMAIL, address)
            self.corrected.emit(self._row["row"], item, EMAIL)

    def _on_after_all(self) -> None:
        """Have this row sent in this batch; the list stays as it is."""
        if self._row is not None:
            item = {**self._row["item"], SEND_ANYWAY: True}
            self.corrected.emit(self._row["row"], item, SEND_ANYWAY)

    def _on_save(self) -> None:
        if self._row is None or self.path is None:
            return
        self._taken = self.editor.text()
        self._show_save()
        item = with_entry(self._row["item"], self.path, typed_value(self.path, self._taken))
        self.corrected.emit(self._row["row"], item, self.path)


def _address(row: BatchRow) -> str:
    """Return the address that leaves with a row, if it leaves."""
    leaves = {RowCheck.READY, RowCheck.CHANGED, RowCheck.PROBLEM}
    return _shown_address(row) if row["check"] in leaves else ""


def _shown_address(row: BatchRow) -> str:
    return str(shown_at(row, EMAIL))


def _value(row: BatchRow, path: str) -> str:
    """Return the value of a row at a path, or else the text of its cell that cannot be read."""
    return str(entry_at(row["item"], path) or row["data"].get("text", ""))
