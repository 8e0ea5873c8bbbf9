"""The paper of the selected row of an import: its values to correct, and its e-mail."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.contract.batches import NEEDS_LOOK, SKIP, RowCheck, Skip, Target
from desktop.contract.do_not_send import SEND_ANYWAY
from desktop.contract.items import NUMBER_TO_COME
from desktop.contract.row_words import PATHS
from desktop.contract.rules.corrections import with_values
from desktop.contract.rules.templates import FIELD
from desktop.gui.batches.batch_rows import (
    BETWEEN_FILES,
    PATH_OF,
    entry_at,
    shown_at,
    typed_value,
    whole_path,
    with_entry,
)
from desktop.gui.batches.draft_words import check_words, correction_words, path_word, time_words
from desktop.gui.kit.look.appearance import keep_room, set_role, sized
from desktop.gui.kit.widgets.accent import ACCENT, AccentClaim
from desktop.gui.kit.widgets.buttons import ActionButton, Link
from desktop.gui.kit.widgets.editors import LineEdit, show_wrong
from desktop.gui.kit.widgets.field import AddressOffer
from desktop.gui.kit.widgets.message_view import MessageView
from desktop.gui.kit.widgets.surfaces import Rule, drop, focus_in_sight
from desktop.gui.kit.widgets.texts import AccentLabel, Feedback, WholeLabel, announce, tip
from desktop.gui.kit.words.do_not_send import listed_words
from desktop.gui.kit.words.states import sentences
from desktop.gui.kit.words.table import say

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from desktop.contract.batches import BatchRow

translate = QCoreApplication.translate
EMAIL: Final = PATH_OF[Target.EMAIL]


class RowValue:
    """A line of the head: the name of a value, its editor, and the way back to the spreadsheet."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.taken = ""  # the text when the row was shown or corrected
        self.label = set_role(AccentLabel(), "soft")
        self.editor = LineEdit()
        self.label.setBuddy(self.editor)
        self.as_read = Link(translate("RowPaper", "As in the sheet"))

    @property
    def is_typed(self) -> bool:
        """Whether a text is typed and not taken yet."""
        return self.editor.text() != self.taken

    def show(self, row: BatchRow, word: str) -> None:
        """Show the value of a row; a text that is typed stays while the value is the same."""
        self.label.setText(word)
        self.editor.setAccessibleName(word)
        before, was_typed = self.taken, self.is_typed
        self.taken = _value(row, self.path)
        stays = was_typed and before == self.taken
        if not stays and self.is_typed:  # an equal text keeps its selection
            self.editor.setText(self.taken)
        read = _read_value(row, self.path)
        self.as_read.setHidden(read is None)
        said = translate("RowPaper", "The spreadsheet says “{}”").format(read[0]) if read else ""
        self.as_read.setToolTip(tip(said))
        show_wrong(self.editor, *() if self.is_typed else _wrong_characters(row, self.path))

    def drop(self) -> None:
        """Take the widgets away."""
        for part in (self.label, self.editor, self.as_read):
            drop(part)


class RowPaper(QWidget):
    """Shows a row: what is wrong, its values to correct, and its e-mail as high as it is.

    Name, address, and what is wrong or corrected are in sight; a link shows the other values.
    ``corrected`` carries the row's number, its corrected item and the path of the value. A typed
    value also counts when another value or row is gone to. ``typed`` carries the row's number, the
    path of the value and the typed text, or ``None`` if the text is unchanged. ``passed`` says that
    Enter leaves a right value as it is; ``accept`` does what Enter does.
    """

    corrected = Signal(int, object, str)
    typed = Signal(int, str, object)
    passed = Signal()

    def __init__(self, letter: QWidget) -> None:
        """``letter`` is a line in which the letter of all rows is chosen."""
        super().__init__()
        self._row: BatchRow | None = None
        self._path: str | None = None  # the value that is wrong or was gone to
        self._columns: Mapping[str, str | None] = {}
        self._is_still_wrong = False  # after it was corrected
        self._goes_on = False  # the last correction was accepted, not left
        self.values: dict[str, RowValue] = {}
        self.skip = keep_room(Link(""))
        self.skip.clicked.connect(self._on_skip)
        self.accept = ActionButton(self.tr("Accept"))
        self.accept.clicked.connect(self.accept_value)
        ACCENT.give(self.accept, lambda: AccentClaim.TYPED)
        self._wrong = Feedback()
        self.after_all = QPushButton()
        self.after_all.clicked.connect(self._on_after_all)
        self.meant = AddressOffer()
        self.meant.chosen.connect(self._on_meant)
        self._found = WholeLabel()
        self.more = Link("")
        self.more.clicked.connect(self._on_more)
        self._is_whole = False  # all values are in sight
        self._about = set_role(WholeLabel(), "soft")
        self.mail = MessageView()
        self.mail.choice.hide()
        self.mail.rendered.setAccessibleName(self.tr("The e-mail of this row"))
        self._letter = letter
        self._lay_out()
        self._have([PATH_OF[Target.NAME], EMAIL])
        self.show_row(None, {})

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
            self._goes_on = False
        if is_other or self._row is None:
            self._await_message()
        is_as_before, was_wrong = row == self._row, _wrong_path(self._row)
        self._row, self._columns = row, columns
        self._is_still_wrong &= is_as_before
        for part in (self._lead, self._head, self._below):
            part.setVisible(row is not None)
        self._show_accept()
        if row is None:
            self._path = None
            return
        wrong = _wrong_path(row)
        self._offer(row, columns)
        stays = not is_other and self._path in self.values and wrong in {None, was_wrong}
        self._path = self._path if stays else next(iter(_paths(row)), None)
        if is_other:
            for value in self.values.values():
                value.taken = value.editor.text()  # typed in another row
        for path, value in self.values.items():
            value.show(row, path_word(path, columns))
        name = str(shown_at(row, PATH_OF[Target.NAME]))
        self.meant.show_for(_address(row) if wrong in {None, EMAIL} else "")
        self._say_wrong(keeps_why=is_as_before)
        is_plain = row["check"] in {None, RowCheck.READY, *NEEDS_LOOK}
        found = "" if is_plain else check_words(row, also)
        is_stopped = row["check"] in {RowCheck.DO_NOT_SEND, RowCheck.OPTED_OUT} - {*also}
        if is_stopped and "entry" in row["data"]:
            found = listed_words(row["data"]["entry"])
        self.after_all.setText(self.tr("Send to {} after all").format(name or _shown_address(row)))
        self.after_all.setVisible(is_stopped)
        if row["check"] == RowCheck.READY:
            found = time_words(row)
        is_taken = row["check"] != RowCheck.PROBLEM
        self._found.setText(sentences(found, correction_words(row) if is_taken else ""))
        self._found.setVisible(bool(self._found.text()))
        is_skipped = row["check"] == RowCheck.SKIPPED
        self.skip.setText(self.tr("Take in again") if is_skipped else self.tr("Skip"))
        self.skip.setToolTip("" if is_skipped else self.tr("Leave this row out of this batch"))
        self.skip.setHidden(row["check"] == RowCheck.TWICE)
        self._show_accept()

    @property
    def path(self) -> str | None:
        """The value that has the focus, or else is wrong or was corrected."""
        here = (path for path, each in self.values.items() if each.editor.hasFocus())
        return next(here, self._path)

    @property
    def editor(self) -> QLineEdit:
        """The editor of that value."""
        return self._value.editor

    @property
    def as_read(self) -> Link:
        """What puts the spreadsheet's value in its place."""
        return self._value.as_read

    @property
    def _value(self) -> RowValue:
        return self.values[self.path or EMAIL]

    def choose(self, path: str) -> bool:
        """Go to another value of the row; tell whether it can be changed."""
        if self._row is None or path not in self.values:
            return False
        self._path = path
        self._focus(self.values[path].editor)
        return True

    def went_on(self) -> bool:
        """Tell once whether the last correction was accepted: then the next row follows."""
        goes_on, self._goes_on = self._goes_on, False
        return goes_on

    def _offer(self, row: BatchRow, columns: Mapping[str, str | None]) -> None:
        """Have a line for each value that can be changed."""
        first = [*dict.fromkeys([PATH_OF[Target.NAME], EMAIL, *_paths(row)])]
        other = [each for each in _changeable(row, columns) if each not in first]
        paths = [*first, *other]
        if paths != [*self.values]:
            self._have(paths)
        self._folded = other
        self._show_folded()

    def _have(self, paths: Sequence[str]) -> None:
        """Have these lines in this order; one that was there stays."""
        before = self.values
        self.values = {each: before.get(each) or self._line(each) for each in paths}
        for path, value in before.items():
            if path not in self.values:
                value.drop()
        stops: list[QWidget] = [self.after_all]
        for place, value in enumerate(self.values.values()):
            for column, part in enumerate((value.label, value.editor, value.as_read)):
                self._grid.addWidget(part, place, column)
            stops += [value.editor, value.as_read]
        for first, following in pairwise([*stops, self.more]):
            QWidget.setTabOrder(first, following)

    def editor_has_focus(self) -> bool:
        """Tell whether a value has the focus."""
        return any(each.editor.hasFocus() for each in self.values.values())

    def _line(self, path: str) -> RowValue:
        value = RowValue(path)
        value.editor.returnPressed.connect(self.accept_value)
        value.editor.editingFinished.connect(partial(self._on_left, value))
        value.editor.textEdited.connect(lambda _: self._on_typed(value))
        value.editor.textEdited.connect(lambda _: show_wrong(value.editor))
        value.editor.textChanged.connect(self._show_accept)
        value.as_read.clicked.connect(partial(self._on_as_read, value))
        return value

    def _show_folded(self) -> None:
        for path, value in self.values.items():
            for part in (value.label, value.editor):
                part.setVisible(self._is_whole or path not in self._folded)
        count = len(self._folded)
        self.more.setVisible(bool(count))
        more = say("import", "more_values", n=count)
        self.more.setText(self.tr("Fewer values") if self._is_whole else more)

    def _on_more(self) -> None:
        self._is_whole = not self._is_whole
        self._show_folded()

    def show_still_wrong(self) -> None:
        """Say that what was typed is not accepted; the next letters change it where it is wrong."""
        self._is_still_wrong = True
        self._path = _wrong_path(self._row) or self._path
        self._say_wrong(keeps_why=False)
        editor = self.values[self._path or EMAIL].editor
        announce(editor, self._wrong.text())
        focus_in_sight(editor, self._wrong)
        at = self._row["data"].get("position") if self._row is not None else None
        editor.setCursorPosition(len(editor.text()) if at is None else at)

    def _say_wrong(self, *, keeps_why: bool) -> None:
        row = self._row
        words = check_words(row) if row is not None and _wrong_path(row) else ""
        if words and self._is_still_wrong:
            words = say("import", "still_wrong", why=words)
        self._wrong.say_usually(words, "error", keeps_why=keeps_why)

    @property
    def wrong(self) -> str | None:
        """The path of the value that is wrong or looks wrong."""
        return _wrong_path(self._row)

    @property
    def is_wrong(self) -> bool:
        """Whether a value of the row is wrong."""
        return self.wrong is not None

    @property
    def is_typed(self) -> bool:
        """Whether a value is typed and not saved yet."""
        return self._row is not None and any(each.is_typed for each in self.values.values())

    def take_typed(self, *, goes_on: bool = False) -> bool:
        """Save what is typed; tell whether there was anything."""
        row = self._row
        typed = [each for each in self.values.values() if each.is_typed and row is not None]
        self._goes_on |= goes_on and bool(typed)
        for value in typed:
            self._take(value)
        return bool(typed)

    def put_back(self, text: str) -> None:
        """Restore a text that was typed in this row, and focus it."""
        editor = self.editor
        editor.setText(text)
        self._focus(editor)
        editor.deselect()
        self._on_typed(self._value)

    def show_not_taken(self, sentence: str, error: Exception) -> None:
        """Say why a value was not saved; it counts as typed again."""
        if self._row is not None:
            for path, value in self.values.items():
                value.taken = _value(self._row, path)
            self._show_accept()
        self._wrong.say_why(sentence, error)

    def show_message(self, message: Mapping[str, Any]) -> None:
        """Show a message as ``MessageView`` does; its ``html`` is what its reader will see."""
        missing = self.tr("{} (missing)")
        files = [
            {**each, "file": missing.format(each["file"])} if each["size"] is None else each
            for each in message.get("files", ())
        ]
        has_number = NUMBER_TO_COME in f"{message['subject']}{message['text']}"
        note = say("import", "number_to_come", number=NUMBER_TO_COME) if has_number else ""
        self._about.setText(note)
        self._about.setVisible(bool(note))
        self.mail.show_mail({"from": "", **message, "files": files})
        self.mail.show()
        self._below.setMinimumHeight(0)

    def say(self, sentence: str) -> None:
        """Say why there is no message, unless the row's problem says it already."""
        self._about.setText("" if self.is_wrong else sentence)
        self._about.setHidden(not self._about.text())
        self.mail.hide()
        self._below.setMinimumHeight(0)

    def put_letter(self, elsewhere: QBoxLayout | None) -> None:
        """Put the line of the letter elsewhere, or between the values and the e-mail."""
        if elsewhere is None:
            self._inside.insertWidget(1, self._letter)
        else:
            elsewhere.insertWidget(0, self._letter, 2)
        self._letter.show()

    def focus_value(self) -> bool:
        """Focus the value that is wrong, or the address; tell whether it is in sight."""
        if self._row is None or not self.isVisible():
            return False
        editor = self.values[self._path or EMAIL].editor
        focus_in_sight(editor, self._wrong)
        editor.selectAll()
        return True

    def _focus(self, editor: QLineEdit) -> None:
        """Focus an editor, unless a narrow window shows the rows: letters would go there unseen."""
        if self.isVisible():
            editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        self._lead = QWidget()
        told = sized(QHBoxLayout(), margins=0, spacing=8)
        told.addWidget(self._found, 1)
        told.addWidget(self.after_all, 0, Qt.AlignmentFlag.AlignTop)
        first = sized(QHBoxLayout(), margins=0, spacing=12)
        first.addWidget(self._wrong, 1)
        first.addWidget(self.skip, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
        lead = sized(QVBoxLayout(self._lead), margins=0, spacing=4)
        lead.addLayout(first)
        lead.addLayout(told)
        lead.addWidget(self.meant)
        self._head, self._below = QWidget(), QWidget()
        self._grid = sized(QGridLayout(), margins=0, across=12, down=6)
        self._grid.setColumnStretch(1, 1)
        head = sized(QVBoxLayout(self._head), margins=0, spacing=6)
        head.addLayout(self._grid)
        head.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        below = sized(QVBoxLayout(self._below), margins=0, spacing=8)
        below.addWidget(Rule())
        below.addWidget(self._about)
        below.addWidget(self.mail)
        frame = QFrame()
        frame.setObjectName("letter")
        self._inside = sized(QVBoxLayout(frame), margins=(20, 16, 20, 20), spacing=8)
        for part in (self._head, self._below):
            self._inside.addWidget(part)
        self.put_letter(None)
        column = sized(QVBoxLayout(self), margins=0, spacing=12)
        column.addWidget(self._lead)
        column.addWidget(frame)
        column.addStretch(1)

    def _await_message(self) -> None:
        """Clear the message of the former row."""
        self._below.setMinimumHeight(self._below.height())  # nothing jumps meanwhile
        self._about.setText(self.tr("The e-mail is being read…"))
        self._about.show()
        self.mail.show_mail(dict.fromkeys(("from", "to", "subject", "text", "html"), ""))
        self.mail.hide()

    @property
    def _may_stay(self) -> bool:
        """Whether a value only looks wrong: it can be sent as it is."""
        row = self._row
        is_doubtful = row is not None and row["check"] == RowCheck.DOUBTFUL
        return is_doubtful and _wrong_path(row) is not None

    def _show_accept(self) -> None:
        stays = self._may_stay and not self.is_typed
        self.accept.setToolTip(
            self.tr("This value is right (Enter)")
            if stays
            else self.tr("Put this value in the row, and check it again (Enter)")
        )
        self.accept.setVisible(self._row is not None and (self.is_typed or self.is_wrong))

    def _on_typed(self, value: RowValue) -> None:
        if self._row is not None:
            text = value.editor.text() if value.is_typed else None
            self.typed.emit(self._row["row"], value.path, text)

    def _on_left(self, value: RowValue) -> None:
        """Take what is typed once another value of the row is gone to."""
        if value.is_typed and self.editor_has_focus() and not value.editor.hasFocus():
            self._take(value)

    def _on_meant(self, address: str) -> None:
        if self._row is not None:
            self._goes_on = True
            value = self.values[EMAIL]
            value.editor.setText(address)
            value.taken = address
            self._show_accept()
            item = with_entry(self._row["item"], EMAIL, address)
            self.corrected.emit(self._row["row"], item, EMAIL)

    def _on_after_all(self) -> None:
        """Have this row sent in this batch; the list stays as it is."""
        if self._row is not None:
            self._goes_on = True
            item = {**self._row["item"], SEND_ANYWAY: True}
            self.corrected.emit(self._row["row"], item, SEND_ANYWAY)

    def accept_value(self) -> None:
        """Take what is typed; else leave a value so that only looks wrong, or say what is wrong."""
        if self._row is None:
            return
        if self.take_typed(goes_on=True):
            return
        if self._may_stay:
            self._goes_on = True
            self._take(self.values[_wrong_path(self._row) or EMAIL])
        elif self.is_wrong:
            self.show_still_wrong()
        else:
            self.passed.emit()

    def _take(self, value: RowValue) -> None:
        if self._row is not None:
            value.taken = value.editor.text()
            self._show_accept()
            typed = typed_value(value.path, value.taken)
            item = with_entry(self._row["item"], value.path, typed)
            self.corrected.emit(self._row["row"], item, value.path)

    def _on_as_read(self, value: RowValue) -> None:
        """Put the spreadsheet's value back."""
        if self._row is not None:
            path, read = whole_path(value.path), _read_value(self._row, value.path)
            self._leave_typed(value)
            item = with_values(self._row["item"], {path: read[0] if read else None})
            self.corrected.emit(self._row["row"], item, path)

    def _on_skip(self) -> None:
        """Leave the row out of this batch, or take it in again."""
        if self._row is not None:
            for value in self.values.values():
                self._leave_typed(value)
            self._goes_on = True
            skip = None if self._row["item"].get(SKIP) else Skip.PERSON.value
            item = with_values(self._row["item"], {SKIP: skip})
            self.corrected.emit(self._row["row"], item, SKIP)

    def _leave_typed(self, value: RowValue) -> None:
        """Drop what is typed in a field."""
        if value.is_typed:
            value.editor.setText(value.taken)
            self._on_typed(value)


def _wrong_characters(row: BatchRow, path: str) -> tuple[int, int]:
    """Return where the wrong part of an address begins, and its length in characters."""
    if path != row["path"] or "position" not in row["data"]:
        return 0, 0
    text, data = _value(row, path), row["data"]
    at = min(data["position"], len(text) - 1)
    detail = data.get("detail") or ""
    return max(at, 0), len(detail) if text.startswith(detail, at) and detail else 1


def _wrong_path(row: BatchRow | None) -> str | None:
    """Return the path of the wrong value of a row, if there is one."""
    return row["path"] if row is not None and row["check"] in NEEDS_LOOK else None


def _paths(row: BatchRow) -> list[str]:
    """Return the paths of the values that can be changed: the wrong one, then the corrected."""
    wrong = _wrong_path(row)
    corrected = (each["field"] for each in row["corrections"])
    if wrong is None:
        return [*corrected]
    return [wrong, *(each for each in corrected if each != whole_path(wrong))]


def _changeable(row: BatchRow, columns: Mapping[str, str | None]) -> list[str]:
    """Return the paths of the texts that columns fill, in their order."""
    texts = {Target.FIRST_NAME, Target.TITLE, Target.NOTE}
    path_of: dict[str, str] = {target: path for path, target in PATHS.items() if target in texts}
    targets = [each for each in columns.values() if each]
    paths = [path_of.get(each, each) for each in targets if each.startswith((*path_of, FIELD))]
    return [each for each in paths if isinstance(entry_at(row["item"], each), str)]


def _read_value(row: BatchRow, path: str) -> tuple[Any] | None:
    """Return the spreadsheet's value in place of which another was typed, if one was."""
    whole = whole_path(path)
    return next(((e["before"],) for e in row["corrections"] if e["field"] == whole), None)


def _address(row: BatchRow) -> str:
    """Return the address that leaves with a row, if it leaves."""
    leaves = {RowCheck.READY, RowCheck.CHANGED, *NEEDS_LOOK}
    return _shown_address(row) if row["check"] in leaves else ""


def _shown_address(row: BatchRow) -> str:
    return str(shown_at(row, EMAIL))


def _value(row: BatchRow, path: str) -> str:
    """Return the value of a row at a path, or else the text of its cell that cannot be read."""
    is_wrong = path == _wrong_path(row)
    value = shown_at(row, path) or (row["data"].get("text", "") if is_wrong else "")
    return BETWEEN_FILES.join(value) if isinstance(value, list) else str(value)
