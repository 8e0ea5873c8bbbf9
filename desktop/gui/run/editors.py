"""The form of a function's arguments: each has a label, a control, and its error below."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import (
    QT_TRANSLATE_NOOP,
    QCoreApplication,
    QDate,
    QDateTime,
    QLocale,
    Qt,
    Signal,
)
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop.gui.kit.look.appearance import set_role, sized
from desktop.gui.kit.widgets.buttons import CheckBox
from desktop.gui.kit.widgets.choice import Choice
from desktop.gui.kit.widgets.field import Field
from desktop.gui.kit.widgets.moments import MomentEdit, typed_wrong
from desktop.gui.kit.widgets.surfaces import drop
from desktop.gui.kit.widgets.texts import ElidedLabel, Paragraph
from desktop.gui.run.arguments import (
    ABSENT,
    NOT_CHOSEN,
    ArgumentFault,
    ArgumentKind,
    ArgumentPlace,
    InvalidInput,
    arguments_of,
    call_of,
    fitted,
    read,
    read_all,
    shown,
    values_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.gui.run.arguments import Argument, ArgumentChoice
    from sendoff_tasks.model.problems import FieldError
    from sendoff_tasks.model.tasks import TaskDetail, TaskFunction

translate = QCoreApplication.translate

_ISO: Final = Qt.DateFormat.ISODateWithMs
_SEVERAL_LINES: Final = frozenset({ArgumentKind.TEXT, ArgumentKind.JSON})
_FAULTS: Final[dict[ArgumentFault, object]] = {
    ArgumentFault.MISSING: QT_TRANSLATE_NOOP("arguments", "Fill this in."),
    ArgumentFault.NOT_CHOSEN: QT_TRANSLATE_NOOP("arguments", "Choose one."),
    ArgumentFault.NOT_A_NUMBER: QT_TRANSLATE_NOOP("arguments", "Enter a number."),
    ArgumentFault.NOT_A_TIME: QT_TRANSLATE_NOOP("arguments", "Enter a date."),
    ArgumentFault.NOT_JSON: QT_TRANSLATE_NOOP("arguments", "This is not JSON."),
    ArgumentFault.NOT_A_LIST: QT_TRANSLATE_NOOP("arguments", "Enter a list: […]."),
    ArgumentFault.NOT_AN_OBJECT: QT_TRANSLATE_NOOP("arguments", "Enter an object: {…}."),
}
_HINTS: Final[dict[str, object]] = {
    "time": QT_TRANSLATE_NOOP("arguments", "09:30"),
    "duration": QT_TRANSLATE_NOOP("arguments", "PT1H30M: an hour and a half"),
    "email": QT_TRANSLATE_NOOP("arguments", "name@example.org"),
}


def wrong_words(wrong: InvalidInput) -> str:
    """Return the sentence of an error, with its line if it has one."""
    said = translate("arguments", str(_FAULTS[wrong.fault]))
    if wrong.line is None:
        return said
    return translate("arguments", "Line {line}: {fault}").format(line=wrong.line, fault=said)


def label_words(argument: Argument) -> str:
    """Return the label of an argument."""
    if argument.place is ArgumentPlace.OTHERS:
        return translate("arguments", "More arguments")
    return argument.label


def choice_words(choice: ArgumentChoice) -> str:
    """Return the text of a choice."""
    if isinstance(choice.value, bool) and choice.words == json.dumps(choice.value):
        return translate("arguments", "Yes") if choice.value else translate("arguments", "No")
    return translate("arguments", "None") if choice.value is None else choice.words


def hint_words(argument: Argument) -> str:
    """Return the hint that an empty field shows."""
    if argument.kind is ArgumentKind.JSON:
        if argument.example is ABSENT:
            return translate("arguments", "JSON, such as 12, true or [1, 2]")
        example = json.dumps(argument.example, ensure_ascii=False)
        return translate("arguments", "JSON, such as {}").format(example)
    if argument.kind is ArgumentKind.LINE and argument.format in _HINTS:
        return translate("arguments", str(_HINTS[argument.format]))
    least, most = argument.least, argument.most
    if least is not None and most is not None:
        words = translate("arguments", "{least} to {most}")
        return words.format(least=_written(least), most=_written(most))
    if least is not None:
        return translate("arguments", "{} or more").format(_written(least))
    if most is not None:
        return translate("arguments", "{} or less").format(_written(most))
    return translate("arguments", "Leave empty for none") if argument.optional else ""


def _written(number: float) -> str:
    whole = isinstance(number, int) or number.is_integer()
    return QLocale().toString(int(number)) if whole else _as_here(f"{number:g}")


def _as_here(number: str) -> str:
    """Write a number with the system's sign before the decimals."""
    return number.replace(".", QLocale().decimalPoint())


def _as_data(number: str) -> str:
    """Write a number of the system with a point before the decimals."""
    return number.replace(QLocale().decimalPoint(), ".")


class Editor(QWidget):
    """Asks for one argument; an optional one may be left empty.

    ``edited`` is emitted when the person changes it, never when the program does.
    """

    edited = Signal()

    def __init__(self, argument: Argument) -> None:
        super().__init__()
        self.argument = argument
        self._quiet = False
        self.help = set_role(Paragraph(argument.help), "soft")
        if not argument.help:
            self.help.hide()
        self.trouble = set_role(Paragraph(), "error")
        self._column = sized(QVBoxLayout(self), margins=0, spacing=4)

    @property
    def place(self) -> QWidget:
        """The widget to focus."""
        raise NotImplementedError

    def typed(self) -> Any:
        """Return the input."""
        raise NotImplementedError

    def show_typed(self, typed: Any) -> None:
        """Show an input and clear the error, without emitting ``edited``."""
        self._quiet = True
        self._put(typed)
        self._quiet = False
        self.say("")

    def check(self) -> bool:
        """Check the input, show its error, and tell whether it is valid."""
        try:
            read(self.argument, self.typed())
        except InvalidInput as wrong:
            self.say(wrong_words(wrong))
            return False
        self.say("")
        return True

    @property
    def error(self) -> str:
        """The error shown, or an empty text."""
        return self.trouble.text()

    def show_error(self, path: Sequence[str], sentence: str) -> None:
        """Show an error of the backend, with the path inside the value if there is one."""
        self.say(f"{'.'.join(path)}: {sentence}" if path else sentence)

    def say(self, sentence: str) -> None:
        """Show an error, or none."""
        self.trouble.setText(sentence)
        self.trouble.setVisible(bool(sentence))
        self.place.setAccessibleDescription(sentence or self.argument.help)

    def _hold(self, *parts: QWidget) -> None:
        """Lay out the parts, with help and error below."""
        for part in (*parts, self.help, self.trouble):
            self._column.addWidget(part)

    def _label(self) -> QLabel:
        """Make the label above the control."""
        label = set_role(ElidedLabel(label_words(self.argument)), "soft")
        label.setBuddy(self.place)
        return label

    def _on_edited(self) -> None:
        if not self._quiet:
            if self.error:
                self.say("")
            self.edited.emit()

    def _put(self, typed: Any) -> None:
        raise NotImplementedError


class TextEditor(Editor):
    """A line or multi-line text edit, for texts, numbers and JSON."""

    def __init__(self, argument: Argument) -> None:
        super().__init__(argument)
        self.field = Field(
            label_words(argument),
            self._problem,
            placeholder=hint_words(argument),
            multiline=argument.kind in _SEVERAL_LINES,
            trims=False,
        )
        self.field.edited.connect(self._on_edited)
        self._hold(self.field)
        self.trouble.hide()

    @property
    def error(self) -> str:
        """The error shown, or an empty text."""
        return self.field.error

    def say(self, sentence: str) -> None:
        """Show an error, or none."""
        if sentence:
            self.field.show_error(sentence)
        else:
            self.field.clear_error()

    def _problem(self, text: str) -> str | None:
        try:
            read(self.argument, _as_data(text) if self._is_number else text)
        except InvalidInput as wrong:
            return wrong_words(wrong)
        return None

    @property
    def _is_number(self) -> bool:
        return self.argument.kind is ArgumentKind.NUMBER

    @property
    def place(self) -> QWidget:
        """The text edit."""
        return self.field.editor

    def typed(self) -> str:
        """Return the text; a number as data."""
        return _as_data(self.field.text()) if self._is_number else self.field.text()

    def _put(self, typed: str) -> None:
        self.field.set_text(_as_here(typed) if self._is_number else typed)


class CheckEditor(Editor):
    """A check box with the argument's label."""

    def __init__(self, argument: Argument) -> None:
        super().__init__(argument)
        self.box = CheckBox(label_words(argument))
        self.box.toggled.connect(self._on_edited)
        self._hold(self.box)

    @property
    def place(self) -> QWidget:
        """The check box."""
        return self.box

    def typed(self) -> bool:
        """Tell whether it is checked."""
        return self.box.isChecked()

    def _put(self, typed: bool) -> None:
        self.box.setChecked(typed)


class TimeEditor(Editor):
    """A day, or a day and a time; a given value keeps its exact form until it is changed."""

    def __init__(self, argument: Argument) -> None:
        super().__init__(argument)
        self.editor = MomentEdit(day_only=argument.kind is ArgumentKind.DATE)
        self.editor.setAccessibleName(label_words(argument))
        self.editor.setPlaceholderText(hint_words(argument))
        self.editor.changed.connect(self._on_changed)
        self._given = ""
        self._is_local = False
        self._hold(self._label(), self.editor)

    def check(self) -> bool:
        """Check the input, show its error, and tell whether it is valid."""
        is_left_out = self.argument.optional and not self.editor.text()
        if not (self.editor.is_read or is_left_out):
            self.say(typed_wrong(self.editor))
            return False
        return super().check()

    @property
    def place(self) -> QWidget:
        """The line edit."""
        return self.editor

    def typed(self) -> str:
        """Return the day or the moment as ISO 8601; an empty text if there is none."""
        if self._given or not self.editor.text():
            return self._given
        shown = self.editor.date_time()
        if self.argument.kind is ArgumentKind.DATE:
            return str(shown.date().toString(Qt.DateFormat.ISODate))
        if not self._is_local:
            shown = shown.toOffsetFromUtc(shown.offsetFromUtc())
        return str(shown.toString(_ISO))

    def _put(self, typed: str) -> None:
        given = QDateTime.fromString(typed, _ISO)
        self._is_local = bool(typed) and given.timeSpec() == Qt.TimeSpec.LocalTime
        new = QDateTime(QDate.currentDate(), QDateTime.currentDateTime().time())
        self.editor.show_date_time(given.toLocalTime() if given.isValid() else new)
        if self.argument.optional and not typed:
            self.editor.clear()
        self._given = typed

    def _on_changed(self) -> None:
        if not self._quiet:
            self._given = ""
        self._on_edited()


class ChoiceEditor(Editor):
    """A drop-down list; it contains *None* if the argument is optional."""

    def __init__(self, argument: Argument) -> None:
        super().__init__(argument)
        self.choice = Choice(label_words(argument))
        offered = [(str(n), choice_words(each)) for n, each in enumerate(argument.choices)]
        none = [(str(NOT_CHOSEN), self.tr("None"))] if argument.optional else []
        self.choice.set_choices([*none, *offered])
        self.choice.setPlaceholderText(self.tr("Choose one"))
        self.choice.chosen.connect(self._on_edited)
        self._hold(self._label(), self.choice)

    @property
    def place(self) -> QWidget:
        """The list."""
        return self.choice

    def typed(self) -> int:
        """Return the position of the chosen value."""
        return int(self.choice.value() or NOT_CHOSEN)

    def _put(self, typed: int) -> None:
        if typed == NOT_CHOSEN and not self.argument.optional:
            self.choice.setCurrentIndex(-1)
        else:
            self.choice.set_value(str(typed))


_EDITORS: Final[dict[ArgumentKind, type[Editor]]] = {
    ArgumentKind.CHECK: CheckEditor,
    ArgumentKind.CHOICE: ChoiceEditor,
    ArgumentKind.DATE: TimeEditor,
    ArgumentKind.MOMENT: TimeEditor,
}


def editor_of(argument: Argument) -> Editor:
    """Make the editor of an argument."""
    return _EDITORS.get(argument.kind, TextEditor)(argument)


class ArgumentForm(QWidget):
    """Asks for the arguments of one function after the other; emits ``edited`` on changes."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._asked: list[Argument] = []
        self.editors: dict[str, Editor] = {}
        self.setProperty("area", "clear")
        self._column = sized(QVBoxLayout(self), margins=0, spacing=14)
        self._nothing = set_role(QLabel(self.tr("It takes no arguments.")), "soft")
        self._column.addWidget(self._nothing)

    def show_function(self, function: TaskFunction, task: TaskDetail | None = None) -> None:
        """Ask for a function's arguments, filled with those of an earlier task if given."""
        for editor in self.editors.values():
            self._column.removeWidget(editor)
            drop(editor)
        known = function["parameters"]
        values = values_of(known, task["args"], task["kwargs"]) if task is not None else {}
        self._asked = [fitted(each, values.get(each.name, ABSENT)) for each in arguments_of(known)]
        self.editors = {each.name: editor_of(each) for each in self._asked}
        for each in self._asked:
            editor = self.editors[each.name]
            editor.show_typed(shown(each, values.get(each.name, ABSENT)))
            editor.edited.connect(self.edited)
            self._column.addWidget(editor)
        self._nothing.setVisible(not self._asked)

    def call(self) -> tuple[list[Any], dict[str, Any]]:
        """Return positional and named arguments; call this only if :meth:`check` returned true."""
        return call_of(self._asked, read_all(self._asked, self.typed()))

    def typed(self) -> dict[str, Any]:
        """Return the input, valid or not, as :meth:`show_typed` takes it."""
        return {name: editor.typed() for name, editor in self.editors.items()}

    def check(self) -> bool:
        """Check every argument, show the errors, and tell whether there are none."""
        right = [editor.check() for editor in self.editors.values()]
        return all(right)

    def point_out(self, errors: Sequence[FieldError]) -> list[str]:
        """Show the API's errors at their fields; return those without a field."""
        loose = []
        for error in errors:
            where, *path = error["path"].split(".")
            editor = self._named(path) if where == "kwargs" else self._placed(where, path)
            if editor is None:
                loose.append(error["message"])
            else:
                editor.show_error(path[1:], error["message"])
        return loose

    def go_to_first_wrong(self) -> None:
        """Focus the first editor with an error."""
        wrong = next((editor for editor in self.editors.values() if editor.error), None)
        if wrong is not None:
            wrong.place.setFocus()

    def focus_first(self) -> bool:
        """Focus the first editor; tell whether there is one."""
        first = next(iter(self.editors.values()), None)
        if first is not None:
            first.place.setFocus()
        return first is not None

    def _named(self, path: Sequence[str]) -> Editor | None:
        """Return the editor of a named argument, or that of *More arguments*."""
        if not path:
            return None
        return self.editors.get(path[0]) or self.editors.get("")

    def _placed(self, where: str, path: Sequence[str]) -> Editor | None:
        """Return the editor of a positional argument."""
        if where != "args" or not path or not path[0].isdecimal():
            return None
        placed = [each.name for each in self._asked if each.place is ArgumentPlace.PLACED]
        rest = [each.name for each in self._asked if each.place is ArgumentPlace.REST]
        found = [*placed[int(path[0]) :], *rest]
        return self.editors[found[0]] if found else None
