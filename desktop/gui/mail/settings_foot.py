"""Below the mail settings: the result of a test e-mail, and the buttons of the sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.gui.mail.mail_view import source_pane
from desktop.gui.widgets.buttons import HintedButton
from desktop.gui.widgets.feedback import Feedback
from desktop.gui.widgets.texts import monospaced

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeySequence

    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme


class TriedMail(QWidget):
    """Shows a sentence in ``words`` and the conversation in ``log``; hidden while empty."""

    def __init__(self) -> None:
        super().__init__()
        self.words = Feedback()
        self.log = source_pane(self.tr("The conversation with the server"))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.words)
        self._column.addWidget(self.log)
        self.clear()

    def clear(self) -> None:
        """Clear the result."""
        self.say("", "soft")
        self.show_log([])

    def say(self, sentence: str, role: str) -> None:
        """Show progress or a result; ``role`` is the colour."""
        self.words.say(sentence, role)
        self.setVisible(bool(sentence))

    def say_why(self, sentence: str, error: Exception) -> None:
        """Show why the test failed."""
        self.words.say_why(sentence, error)
        self.setVisible(bool(sentence))

    def show_log(self, lines: Sequence[str]) -> None:
        """Show the conversation, if there was one."""
        self.log.setPlainText("\n".join(lines))
        self.log.setVisible(bool(lines))

    def dress(self, theme: Theme) -> None:
        """Take the sizes of a theme."""
        self._column.setSpacing(theme.px(12))
        self.log.setFont(monospaced(theme))
        self.log.setFixedHeight(theme.px(120))


class SettingsFoot(QWidget):
    """Shows the buttons for the current state; ``keys`` are the shortcut of *Save*."""

    def __init__(self, keys: QKeySequence, themes: ThemeSource) -> None:
        super().__init__()
        self.save_button = HintedButton(self.tr("Save"), keys, themes)
        self.cancel_button = QPushButton(self.tr("Cancel"))
        self.cancel_button.setToolTip(self.tr("Close without saving (Esc)"))
        self.close_button = QPushButton(self.tr("Close"))
        self.close_button.setToolTip(self.tr("Close (Esc)"))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addStretch(1)
        for button in (self.cancel_button, self.save_button, self.close_button):
            self._row.addWidget(button)

    def show_state(self, *, is_saving: bool, is_done: bool) -> None:
        """Show only *Close* if all ``is_done``; the focus moves to it."""
        # Save stays enabled: a disabled button would pass the focus on to Cancel.
        self.save_button.setText(self.tr("Saving…") if is_saving else self.tr("Save"))
        had_focus = any(each.hasFocus() for each in (self.save_button, self.cancel_button))
        self.close_button.setVisible(is_done)
        if is_done and had_focus:
            self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.save_button.setHidden(is_done)
        self.cancel_button.setHidden(is_done)

    def dress(self, theme: Theme) -> None:
        """Take the sizes of a theme."""
        self._row.setSpacing(theme.px(8))
