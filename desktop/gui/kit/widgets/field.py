"""A form field: a label above, the editor, and its error below."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop.contract.rules.mailbox import addresses_meant
from desktop.gui.kit.look.appearance import bind_theme, restyle, set_role, sized
from desktop.gui.kit.widgets.buttons import Link
from desktop.gui.kit.widgets.choice import Choice
from desktop.gui.kit.widgets.editors import LineEdit, LinesEdit
from desktop.gui.kit.widgets.surfaces import Flow, clear, drop
from desktop.gui.kit.widgets.texts import ElidedLabel, Paragraph, announce, tip
from sendoff_tasks.model.text import trimmed

if TYPE_CHECKING:
    from collections.abc import Callable


AUTOSAVE_MS: Final = 500
"""Milliseconds from a change until what is typed is saved."""
OFFERED: Final = 3
"""Addresses that are offered at most."""
LETTERS: Final = 32
"""Letters of a longer address that are shown; the tooltip has all."""
COUNT: Final = QRegularExpression("[1-9][0-9]{0,5}")
A_DAY: Final = "day"
NAMES: Final = 96
"""Width of the names of facts, in units of the grid."""
BEFORE: Final = 72
"""Width of a label before its editor, in units of the grid."""
BELOW: Final = 18
"""Height of the line that is kept for what is said below an editor, in units of the grid."""


class Field(QWidget):
    """A labelled line or text edit with its error underneath.

    ``message`` holds the error; the owner of a narrow field may lay it out elsewhere. A field may
    :meth:`stand_in_line`. ``beside`` stands at the right of the editor. ``edited`` is emitted when
    the person changes the text, never when the program does; ``help_chosen`` when the person
    follows the link beside the error. A check trims invisible characters from the ends of a line,
    unless ``trims`` is off, as for a
    password.
    """

    edited = Signal()
    help_chosen = Signal()

    def __init__(
        self,
        label: str,
        check: Callable[[str], str | None],
        *,
        placeholder: str = "",
        multiline: bool = False,
        beside: QWidget | None = None,
        trims: bool = True,
    ) -> None:
        super().__init__()
        self._check = check
        self._trims = trims and not multiline
        self._quiet = self._has_room = False
        self.editor: QLineEdit | QPlainTextEdit = LinesEdit() if multiline else LineEdit()
        if isinstance(self.editor, LinesEdit):
            self.editor.refused.connect(self.show_error)
            sized(self.editor, height=64)
            self.editor.setTabChangesFocus(True)
        self.editor.setPlaceholderText(placeholder)
        self.editor.setAccessibleName(label)
        self.editor.textChanged.connect(self._on_text_changed)
        app = cast("QApplication", QApplication.instance())
        app.focusChanged.connect(self._on_focus_changed)
        self.label = set_role(ElidedLabel(label), "soft")
        self.label.setBuddy(self.editor)
        self._error = set_role(Paragraph(), "error")
        self._help = Link("")
        self._help.clicked.connect(self.help_chosen)
        self._lay_out(beside)
        self.clear_error()

    def _lay_out(self, beside: QWidget | None) -> None:
        self._line = sized(QHBoxLayout(), spacing=8)
        self._line.addWidget(self.editor, 1)
        if beside is not None:
            self._line.addWidget(beside)
        self.message = QWidget()
        below = sized(QHBoxLayout(self.message), margins=0, spacing=8)
        below.addWidget(self._error, 1)
        below.addWidget(self._help, 0, Qt.AlignmentFlag.AlignTop)
        self._column = sized(QVBoxLayout(self), margins=0, spacing=4)
        self._column.addWidget(self.label)
        self._column.addLayout(self._line)
        self._column.addWidget(self.message)
        self._below: QBoxLayout = self._column

    def stand_in_line(self) -> None:
        """Put the label before the editor; what is said below has room, so it moves nothing."""
        top = Qt.AlignmentFlag.AlignTop
        self._line.insertWidget(0, sized(self.label, width=BEFORE, height=32), 0, top)
        if isinstance(self.editor, LinesEdit):
            layout = self.editor.document().documentLayout()
            layout.documentSizeChanged.connect(self.editor.fit)
            bind_theme(self.editor, "height", LinesEdit.fit)
        below = self.message.layout()
        assert isinstance(below, QBoxLayout)  # noqa: S101 - made in _lay_out
        sized(below, margins=(BEFORE + 8, 0, 0, 0))
        sized(self.message, least_height=BELOW)
        sized(self._column, spacing=2)
        self._below, self._has_room = below, True
        self.clear_error()

    def take_in(self, other: Field) -> None:
        """Let another field stand in the same line, with what is said of it below."""
        other.label.hide()
        self._line.addWidget(other, 1)
        self._below.addWidget(other.message, 1)
        other._below = self._below

    def stand_below(self, widget: QWidget) -> None:
        """Put a widget below, after the error."""
        self._below.addWidget(widget)

    def text(self) -> str:
        """Return the text of the field."""
        if isinstance(self.editor, QPlainTextEdit):
            # toPlainText would turn no-break spaces into plain ones.
            raw = self.editor.document().toRawText()
            return raw.replace("\u2029", "\n").replace("\u2028", "\n")
        return self.editor.text()

    def set_text(self, text: str) -> None:
        """Set the text and remove the error, without emitting ``edited``."""
        self._quiet = True
        if isinstance(self.editor, QPlainTextEdit):
            self.editor.setPlainText(text)
        else:
            self.editor.setText(text)
        self._quiet = False
        self.clear_error()

    def show_beginning(self) -> None:
        """Scroll a long line to its beginning."""
        if isinstance(self.editor, QLineEdit):
            self.editor.setCursorPosition(0)

    def replace(self, text: str) -> None:
        """Set the text as if it was typed: it can be undone, and ``edited`` is emitted."""
        if isinstance(self.editor, QPlainTextEdit):
            cursor = self.editor.textCursor()
            cursor.select(cursor.SelectionType.Document)
            cursor.insertText(text)
        else:
            self.editor.selectAll()
            self.editor.insert(text)

    def check(self) -> bool:
        """Trim the text and show its error, if any; tell whether it is valid."""
        if self.text() != self._trimmed():
            self.replace(self._trimmed())
        problem = self.problem()
        if problem is None:
            self.clear_error()
        else:
            self.show_error(problem)
        return problem is None

    def problem(self) -> str | None:
        """Return the error of the text without showing it; ``None`` if it is valid."""
        return self._check(self._trimmed())

    @property
    def error(self) -> str:
        """The error shown, or an empty text."""
        return self._error.text()

    def show_error(self, sentence: str, help_text: str = "") -> None:
        """Show a sentence below the field, and a link with it if ``help_text`` is given."""
        if sentence != self._error.text():
            announce(self.editor, sentence)
        self._error.setText(sentence)
        self._error.show()
        self.message.show()
        self._help.setText(help_text)
        self._help.setVisible(bool(help_text))
        self._mark(wrong=True)

    def clear_error(self) -> None:
        """Remove the error."""
        self._error.clear()
        self._error.hide()
        self._help.hide()
        self.message.setVisible(self._has_room)
        self._mark(wrong=False)

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:  # noqa: N802
        """Focus the editor."""
        self.editor.setFocus(reason)

    def _on_focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        """Check the text when the person leaves the field for another part of its window."""
        if old is not self.editor or new is None or new.window() is not self.window():
            return
        if not self.message.isAncestorOf(new) and (self.text() or self.error):
            self.check()  # the link beside the error must stay

    def _trimmed(self) -> str:
        return trimmed(self.text()) if self._trims else self.text()

    def _on_text_changed(self) -> None:
        if self._quiet:
            return
        if self.error:
            self.clear_error()
        self.edited.emit()

    def _mark(self, *, wrong: bool) -> None:
        self.editor.setAccessibleDescription(self._error.text())
        if bool(self.editor.property("wrong")) != wrong:
            restyle(self.editor, wrong=wrong)


class RateField(Field):
    """Asks how many are allowed in which time, as ``500/day``; an empty number means no limit."""

    def __init__(self, label: str) -> None:
        self.span = Choice(self.tr("In which time"))
        self.span.set_choices(
            [
                (A_DAY, self.tr("a day")),
                ("h", self.tr("an hour")),
                ("min", self.tr("a minute")),
                ("s", self.tr("a second")),
            ]
        )
        super().__init__(label, lambda _: None, placeholder=self.tr("no limit"), beside=self.span)
        sized(self.editor, least_width=88)  # its placeholder is whole
        if isinstance(self.editor, QLineEdit):
            self.editor.setValidator(QRegularExpressionValidator(COUNT, self.editor))
        self.span.chosen.connect(lambda _: self.edited.emit())

    def rate(self) -> str | None:
        """Return the rate, or ``None`` for no limit."""
        count = self.text().strip()
        return f"{count}/{self.span.value()}" if count else None

    def set_rate(self, rate: str | None) -> None:
        """Show a rate without emitting ``edited``."""
        count, _, span = (rate or "").partition("/")
        self.set_text(count)
        self.span.set_value(span or A_DAY)


def editor_label(words: str, editor: QWidget) -> QLabel:
    """Return a soft label for a control or value that is not a :class:`Field`."""
    label = set_role(QLabel(words), "soft")
    label.setBuddy(editor)
    return label


class FactLines(QWidget):
    """Lines of a name and what it says: a label, or a link."""

    def __init__(self, down: int = 4) -> None:
        """``down`` is the space between two lines, in units of the grid."""
        super().__init__()
        self.names: dict[str, ElidedLabel] = {}
        self.values: dict[str, Any] = {}
        self.grid = sized(QGridLayout(self), margins=0, across=16, down=down)
        self.grid.setColumnStretch(1, 1)

    def add(self, key: str, name: str, value: QWidget) -> None:
        """Add a line."""
        label, line, align = (
            sized(ElidedLabel(name), width=NAMES),
            len(self.names),
            Qt.AlignmentFlag,
        )
        set_role(label, "soft").setBuddy(value)
        is_link = isinstance(value, Link)
        self.grid.addWidget(label, line, 0, align(0) if is_link else align.AlignTop)
        self.grid.addWidget(value, line, 1, align.AlignLeft if is_link else align(0))
        self.names[key], self.values[key] = label, value

    def say(self, key: str, words: str) -> None:
        """Say something in a line; without words it is hidden."""
        self.values[key].setText(words)
        self.show_line(key, bool(words))

    def show_line(self, key: str, shown: bool) -> None:
        """Show or hide a line."""
        for part in (self.names[key], self.values[key]):
            part.setVisible(shown)

    def lines(self) -> list[str]:
        """Return what the lines say, hidden or not, for the clipboard."""
        said = {key: value.text() for key, value in self.values.items()}
        return [f"{self.names[key].text()}: {words}" for key, words in said.items() if words]

    def clear(self) -> None:
        """Remove all lines."""
        clear(self.grid)
        self.names, self.values = {}, {}


class AddressOffer(QWidget):
    """Is shown only while a text means something else; ``chosen`` carries the address taken."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._offered: list[str] = []
        self._words = set_role(QLabel(self.tr("Did you mean")), "waiting")
        self._flow = Flow(self)
        self._flow.addWidget(self._words)
        self.links: list[Link] = []
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.hide()

    def show_for(self, text: str) -> None:
        """Offer what a text may mean, or nothing."""
        offered = addresses_meant(trimmed(text))[:OFFERED]
        if offered != self._offered:
            self._offered = offered
            for link in self.links:
                self._flow.removeWidget(link)
                drop(link)
            self.links = [self._link(address) for address in offered]
            for link in self.links:
                self._flow.addWidget(link)
        self.setVisible(bool(offered))

    def _link(self, address: str) -> Link:
        cut = len(address) > LETTERS
        link = Link(f"{address[: LETTERS - 1]}…" if cut else address)
        link.setToolTip(tip(address) if cut else "")
        link.setAccessibleName(self.tr("Did you mean {}? Use it").format(address))
        link.clicked.connect(partial(self.chosen.emit, address))
        return link
