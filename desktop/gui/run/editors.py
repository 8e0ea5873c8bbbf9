"""The editors of arguments: each has a label, a control, and its error below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QDate, QDateTime, Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop.gui.run.argument_words import hint_words, label_words, wrong_words
from desktop.gui.run.arguments import SEVERAL_LINES, ArgumentKind
from desktop.gui.run.reading import Wrong, read
from desktop.gui.run.typed import begun
from desktop.gui.widgets.buttons import CheckBox
from desktop.gui.widgets.field import Field
from desktop.gui.widgets.moments.moment_edit import MomentEdit, typed_wrong
from desktop.gui.widgets.texts import ElidedLabel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme
    from desktop.gui.run.arguments import Argument

Beside = QWidget | None
_ISO: Final = Qt.DateFormat.ISODateWithMs


class Editor(QWidget):
    """Asks for one argument; an optional one has a check box that switches it on.

    ``edited`` is emitted when the person changes it, never when the program does.
    """

    edited = Signal()

    def __init__(self, argument: Argument, themes: ThemeSource) -> None:
        super().__init__()
        self.argument = argument
        self._quiet = False
        words = self.tr("Set “{}”").format(label_words(argument))
        has_switch = argument.optional and argument.kind is not ArgumentKind.CHOICE
        self.switch = CheckBox(words, themes) if has_switch else None
        self.help = QLabel(argument.help, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.help.setProperty("role", "soft")
        if not argument.help:
            self.help.hide()
        self.trouble = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.trouble.setProperty("role", "error")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        if self.switch is not None:
            self.switch.toggled.connect(self._on_switched)
            self._column.addWidget(self.switch)

    @property
    def place(self) -> QWidget:
        """The widget to focus: the control, or the switch while it is off."""
        return self.switch if self.switch is not None and not self.is_on else self._control()

    @property
    def is_on(self) -> bool:
        """Whether the argument has a value."""
        return self.switch is None or self.switch.isChecked()

    def typed(self) -> Any:
        """Return the input; ``None`` while it is switched off."""
        return self._typed() if self.is_on else None

    def show_typed(self, typed: Any) -> None:
        """Show an input and clear the error, without emitting ``edited``."""
        self._quiet = True
        if self.switch is not None:
            self.switch.setChecked(typed is not None)
            typed = begun(self.argument) if typed is None else typed
        self._put(typed)
        self._show_part()
        self._quiet = False
        self.say("")

    def check(self) -> bool:
        """Check the input, show its error, and return whether it is valid."""
        try:
            read(self.argument, self.typed())
        except Wrong as wrong:
            self.say(wrong_words(wrong))
            return False
        self.say("")
        return True

    @property
    def error(self) -> str:
        """The error shown, or an empty text."""
        return self.trouble.text()

    def first_wrong(self) -> Editor | None:
        """Return the editor if it shows an error; a group returns the first such editor inside."""
        return self if self.error else None

    def show_error(self, _path: Sequence[str], sentence: str) -> None:
        """Show an error of the backend, at the path inside the value if there is one."""
        self.say(sentence)

    def say(self, sentence: str) -> None:
        """Show an error, or none."""
        self.trouble.setText(sentence)
        self.trouble.setVisible(bool(sentence))
        self._control().setAccessibleDescription(sentence or self.argument.help)

    def dress(self, theme: Theme) -> None:
        """Take the sizes of a theme."""
        self._column.setSpacing(theme.px(4))

    def _hold(self, *parts: QWidget) -> None:
        """Lay out the parts, with help and error below."""
        self._parts = parts
        for part in (*parts, self.help, self.trouble):
            self._column.addWidget(part)

    def _label(self) -> QLabel:
        """Make the label above the control; it is hidden if a switch has the same text."""
        label = ElidedLabel()
        label.setText("" if self.switch is not None else label_words(self.argument))
        label.setProperty("role", "soft")
        label.setBuddy(self._control())
        if self.switch is not None:
            label.hide()
        return label

    def _on_switched(self) -> None:
        self._show_part()
        if not self._quiet:
            self.say("")
            if self.is_on:
                self._control().setFocus(Qt.FocusReason.OtherFocusReason)
            self.edited.emit()

    def _show_part(self) -> None:
        """Show the control only while it is switched on."""
        for part in self._parts[-1:] if self.switch is not None else ():
            part.setVisible(self.is_on)

    def _on_edited(self) -> None:
        if not self._quiet:
            if self.error:
                self.say("")
            self.edited.emit()

    def _control(self) -> QWidget:
        raise NotImplementedError

    def _typed(self) -> Any:
        raise NotImplementedError

    def _put(self, typed: Any) -> None:
        raise NotImplementedError


class TextEditor(Editor):
    """A line or multi-line text edit; ``beside`` stands at its right."""

    def __init__(self, argument: Argument, themes: ThemeSource, beside: Beside = None) -> None:
        super().__init__(argument, themes)
        self.field = Field(
            label_words(argument),
            self._problem,
            placeholder=hint_words(argument),
            multiline=argument.kind in SEVERAL_LINES,
            beside=beside,
            trims=False,
        )
        if self.switch is not None:
            self.field.label.hide()
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

    def dress(self, theme: Theme) -> None:
        """Take the sizes of a theme."""
        super().dress(theme)
        self.field.dress(theme)

    def _problem(self, text: str) -> str | None:
        try:
            read(self.argument, text)
        except Wrong as wrong:
            return wrong_words(wrong)
        return None

    def _control(self) -> QWidget:
        return self.field.editor

    def _typed(self) -> str:
        return self.field.text()

    def _put(self, typed: str) -> None:
        self.field.set_text(typed)


class CheckEditor(Editor):
    """A check box with the argument's label."""

    def __init__(self, argument: Argument, themes: ThemeSource) -> None:
        super().__init__(argument, themes)
        self.box = CheckBox(label_words(argument), themes)
        self.box.toggled.connect(self._on_edited)
        self._hold(self.box)

    def _control(self) -> QWidget:
        return self.box

    def _typed(self) -> bool:
        return self.box.isChecked()

    def _put(self, typed: bool) -> None:
        self.box.setChecked(typed)


class TimeEditor(Editor):
    """A day, or a day and a time; a given value keeps its exact form until it is changed."""

    def __init__(self, argument: Argument, themes: ThemeSource) -> None:
        super().__init__(argument, themes)
        self.editor = MomentEdit(themes, day_only=argument.kind is ArgumentKind.DATE)
        self.editor.setAccessibleName(label_words(argument))
        self.editor.changed.connect(self._on_changed)
        self._given = ""
        self._is_local = False
        self._hold(self._label(), self.editor)

    def dress(self, theme: Theme) -> None:
        """Take the sizes and colours of a theme."""
        super().dress(theme)
        self.editor.dress(theme)

    def check(self) -> bool:
        """Check the input, show its error, and return whether it is valid."""
        if self.is_on and not self.editor.is_read:
            self.say(typed_wrong(self.editor))
            return False
        return super().check()

    def _control(self) -> QWidget:
        return self.editor

    def _typed(self) -> str:
        if self._given:
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
        self._given = typed

    def _on_changed(self) -> None:
        if not self._quiet:
            self._given = ""
        self._on_edited()
