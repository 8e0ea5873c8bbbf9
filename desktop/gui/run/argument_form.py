"""The form of a function's arguments, and the editor of an object's fields inside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop.gui.run.argument_words import label_words
from desktop.gui.run.arguments import ABSENT, ArgumentKind, ArgumentPlace, arguments_of
from desktop.gui.run.choice_editors import ChoiceEditor, SeveralEditor
from desktop.gui.run.editors import CheckEditor, Editor, TextEditor, TimeEditor
from desktop.gui.run.number_editor import NumberEditor
from desktop.gui.run.reading import call_of, read_all, values_of
from desktop.gui.run.typed import fitted, shown, told_value
from desktop.gui.widgets.flow import drop

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desktop.contract.functions import TaskFunction
    from desktop.contract.problems import FieldError
    from desktop.contract.tasks import TaskDetail
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme
    from desktop.gui.run.arguments import Argument

_EDITORS: Final[dict[ArgumentKind, type[Editor]]] = {
    ArgumentKind.CHECK: CheckEditor,
    ArgumentKind.CHOICE: ChoiceEditor,
    ArgumentKind.DATE: TimeEditor,
    ArgumentKind.MOMENT: TimeEditor,
    ArgumentKind.WHOLE: NumberEditor,
    ArgumentKind.NUMBER: NumberEditor,
    ArgumentKind.SEVERAL: SeveralEditor,
}


def editor_of(argument: Argument, themes: ThemeSource) -> Editor:
    """Make the editor of an argument."""
    kind = (
        GroupEditor
        if argument.kind is ArgumentKind.GROUP
        else _EDITORS.get(argument.kind, TextEditor)
    )
    return kind(argument, themes)


class GroupEditor(Editor):
    """Edits the fields of an object, under its name."""

    def __init__(self, argument: Argument, themes: ThemeSource) -> None:
        super().__init__(argument, themes)
        self.editors = {each.name: editor_of(each, themes) for each in argument.members}
        self._inside = QWidget()
        self._rows = QVBoxLayout(self._inside)
        for editor in self.editors.values():
            editor.edited.connect(self._on_edited)
            self._rows.addWidget(editor)
        self._inside.setAccessibleName(label_words(argument))
        self._inside.setFocusProxy(next(iter(self.editors.values())).place)
        heading = self._label()
        heading.setProperty("role", "heading")
        self._hold(heading, self._inside)

    def check(self) -> bool:
        """Check every field, show the errors, and return whether there are none."""
        self.say("")
        right = [editor.check() for editor in self.editors.values() if self.is_on]
        return all(right)

    def first_wrong(self) -> Editor | None:
        """Return the first field inside that shows an error, or else itself if it does."""
        wrong = (editor.first_wrong() for editor in self.editors.values() if self.is_on)
        return next((each for each in wrong if each is not None), super().first_wrong())

    def show_error(self, path: Sequence[str], sentence: str) -> None:
        """Show an error of the backend at one of the fields, or at the group."""
        if path and path[0] in self.editors and self.is_on:
            self.editors[path[0]].show_error(path[1:], sentence)
        else:
            self.say(sentence)

    def dress(self, theme: Theme) -> None:
        """Take the sizes of a theme."""
        super().dress(theme)
        self._rows.setContentsMargins(theme.px(16), theme.px(4), 0, theme.px(4))
        self._rows.setSpacing(theme.px(12))
        for editor in self.editors.values():
            editor.dress(theme)

    def _control(self) -> QWidget:
        return self._inside

    def _typed(self) -> dict[str, Any]:
        return {name: editor.typed() for name, editor in self.editors.items()}

    def _put(self, typed: Mapping[str, Any]) -> None:
        for name, editor in self.editors.items():
            editor.show_typed(typed[name])


class ArgumentForm(QWidget):
    """Asks for the arguments of one function after the other; emits ``edited`` on changes."""

    edited = Signal()

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__()
        self._themes = themes
        self._asked: list[Argument] = []
        self.editors: dict[str, Editor] = {}
        self.setProperty("area", "clear")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._nothing = QLabel(self.tr("It takes no arguments."))
        self._nothing.setProperty("role", "soft")
        self._column.addWidget(self._nothing)

    def show_function(self, function: TaskFunction, task: TaskDetail | None = None) -> None:
        """Ask for a function's arguments, filled with those of an earlier task if given."""
        for editor in self.editors.values():
            self._column.removeWidget(editor)
            drop(editor)
        known = arguments_of(function["parameters"])
        told = values_of(known, task["args"], task["kwargs"]) if task is not None else {}
        values = {each.name: told_value(each, told.get(each.name, ABSENT)) for each in known}
        self._asked = [fitted(each, values[each.name]) for each in known]
        self.editors = {each.name: editor_of(each, self._themes) for each in self._asked}
        for each in self._asked:
            editor = self.editors[each.name]
            editor.show_typed(shown(each, values[each.name]))
            editor.edited.connect(self.edited)
            editor.dress(self._themes.theme)
            self._column.addWidget(editor)
        self._nothing.setVisible(not self._asked)

    def call(self) -> tuple[list[Any], dict[str, Any]]:
        """Return positional and named arguments; call this only if :meth:`check` returned true."""
        return call_of(self._asked, read_all(self._asked, self.typed()))

    def typed(self) -> dict[str, Any]:
        """Return the input, valid or not, as :meth:`show_typed` takes it."""
        return {name: editor.typed() for name, editor in self.editors.items()}

    def show_typed(self, typed: Mapping[str, Any]) -> None:
        """Restore the input of the same form."""
        for name, editor in self.editors.items():
            editor.show_typed(typed[name])

    def check(self) -> bool:
        """Check every argument, show the errors, and return whether there are none."""
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
        found = (editor.first_wrong() for editor in self.editors.values())
        wrong = next((editor for editor in found if editor is not None), None)
        if wrong is not None:
            wrong.place.setFocus()

    def focus_first(self) -> bool:
        """Focus the first editor; return whether there is one."""
        first = next(iter(self.editors.values()), None)
        if first is not None:
            first.place.setFocus()
        return first is not None

    def dress(self, theme: Theme) -> None:
        """Take the sizes of a theme."""
        self._column.setSpacing(theme.px(14))
        for editor in self.editors.values():
            editor.dress(theme)

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
        names = [*placed, *rest * (int(path[0]) + 1)]
        return self.editors[names[int(path[0])]] if int(path[0]) < len(names) else None
