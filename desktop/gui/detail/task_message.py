"""The view of a task's message, with buttons to enlarge and to print it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QSizePolicy

from desktop.gui.look import icons
from desktop.gui.mail.mail_view import MessageView

if TYPE_CHECKING:
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme

LEAST: Final = 150
"""Minimum height of a message, in units of the grid; the tab scrolls if there is less."""


class TaskMessage(MessageView):
    """Emits ``enlarge_chosen`` with the message, to be shown in a larger view."""

    enlarge_chosen = Signal(object)

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__(themes)
        self._message: dict[str, Any] | None = None
        self.enlarge = QPushButton(self.tr("Enlarge"))
        self.enlarge.setToolTip(
            self.tr("Show the message in a larger view, to read, print or open it")
        )
        self.enlarge.clicked.connect(lambda: self.enlarge_chosen.emit(self._message))
        self.print_button = QPushButton()
        self.print_button.setAccessibleName(self.tr("Print…"))
        self.print_button.setToolTip(self.tr("Print the message"))
        self.print_button.clicked.connect(self.ask_to_print)
        self.add(self.enlarge, self.print_button)
        policy = QSizePolicy.Policy  # a long message scrolls in its page, not with the whole tab
        self.pages.setSizePolicy(policy.Expanding, policy.Ignored)
        themes.changed.connect(self._fit)
        self._fit(themes.theme)

    def show_mail(self, mail: dict[str, Any]) -> None:
        """Show a message."""
        self._message = mail
        super().show_mail(mail)

    def _fit(self, theme: Theme) -> None:
        px = theme.px
        self.choice.setMaximumWidth(px(280))
        self.setMinimumHeight(px(LEAST))
        icons.put(self.enlarge, "maximize-2", theme.color("text"), theme)
        icons.put(self.print_button, "printer", theme.color("text"), theme)
        self.print_button.setFixedWidth(px(36))
