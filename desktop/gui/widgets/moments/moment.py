"""An optional moment: a link that adds one, then a field for its day and time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.gui.look import icons
from desktop.gui.widgets.buttons import IconButton, Link
from desktop.gui.widgets.field import editor_label
from desktop.gui.widgets.moments.moment_edit import MomentEdit, tomorrow, typed_wrong

if TYPE_CHECKING:
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme


class MomentField(QWidget):
    """A link that adds a moment, or the moment with a button that removes it.

    ``edited`` is emitted when the person changes it, never when the program does.
    """

    edited = Signal()

    def __init__(
        self, label: str, link: str, themes: ThemeSource, *, optional: bool = True
    ) -> None:
        """``link`` is the text of the link; if it is not ``optional``, there always is a moment."""
        super().__init__()
        self._quiet = False
        self._optional = optional
        self.begin = Link(link)
        self.begin.setToolTip(self.tr("Choose a day and a time for it"))
        self.editor = MomentEdit(themes)
        self.editor.setAccessibleName(label)
        self.editor.changed.connect(self._on_changed)
        remove = self.tr("Remove the time")
        self.none = IconButton(remove, self.tr("Remove the time: it starts at once"))
        self._label = editor_label(label, self.editor)
        self._error = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._error.setProperty("role", "error")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._row = QHBoxLayout()
        self._row.addWidget(self.editor, 1)
        self._row.addWidget(self.none)
        self._column.addWidget(self.begin, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addWidget(self._label)
        self._column.addLayout(self._row)
        self._column.addWidget(self._error)
        self.begin.clicked.connect(self._on_begin)
        self.none.clicked.connect(self._on_none)
        self.set_moment("" if optional else _written(tomorrow()))
        themes.changed.connect(self.dress)
        self.dress(themes.theme)

    def moment(self) -> str:
        """Return the moment (RFC 3339, UTC), or an empty text if there is none."""
        return "" if self.editor.isHidden() else _written(self.editor.date_time())

    def set_moment(self, moment: str) -> None:
        """Show a moment (RFC 3339), or none if it is empty, without emitting ``edited``."""
        self._quiet = True
        if moment:
            read = QDateTime.fromString(moment, Qt.DateFormat.ISODateWithMs)
            self.editor.show_date_time(read.toLocalTime())
        self._show(bool(moment) or not self._optional)
        self._quiet = False

    def typed(self) -> str:
        """Return the typed text, valid or not; an empty text if there is no moment."""
        return "" if self.editor.isHidden() else self.editor.text()

    def show_typed(self, typed: str) -> None:
        """Restore a typed text; an empty text means no moment."""
        self.set_moment(_written(tomorrow()) if typed else "")
        self._quiet = True
        self.editor.setText(typed)
        self._quiet = False

    def check(self) -> bool:
        """Show the error, if any; return whether the text is valid and in the future."""
        if not self.is_read:
            self._say(typed_wrong(self.editor))
            return False
        is_past = bool(self.moment()) and self.editor.date_time() <= QDateTime.currentDateTime()
        self._say(self.tr("This time has passed.") if is_past else "")
        return not is_past

    def problem(self) -> str | None:
        """Show the error, if any, and return it; ``None`` if the moment is valid."""
        return None if self.check() else self._error.text()

    @property
    def is_read(self) -> bool:
        """Whether the text can be read as a moment, or there is none."""
        return self.editor.isHidden() or self.editor.is_read

    @property
    def error(self) -> str:
        """The error shown, or an empty text."""
        return self._error.text()

    def show_error(self, sentence: str) -> None:
        """Show an error that the backend reports."""
        self._say(sentence)

    def dress(self, theme: Theme) -> None:
        """Take the sizes and colours of a theme."""
        px = theme.px
        self._column.setSpacing(px(4))
        self._row.setSpacing(px(4))
        icons.put(self.begin, "calendar-clock", theme.color("accent"), theme)
        icons.put(self.none, "x", theme.color("soft text"), theme)
        self.none.setFixedWidth(px(32))
        self.editor.dress(theme)

    def _on_begin(self) -> None:
        self.set_moment(_written(tomorrow()))
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()

    def _on_none(self) -> None:
        self.set_moment("")
        self.begin.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()

    def _on_changed(self) -> None:
        self._say("")
        if not self._quiet:
            self.edited.emit()

    def _show(self, there: bool) -> None:
        self.begin.setVisible(not there)
        for part in (self._label, self.editor):
            part.setVisible(there)
        self.none.setVisible(there and self._optional)
        self._say("")

    def _say(self, sentence: str) -> None:
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))
        self.editor.setAccessibleDescription(sentence)


def _written(moment: QDateTime) -> str:
    return str(moment.toUTC().toString(Qt.DateFormat.ISODateWithMs))
