"""The message of a task, as its reader gets it; read from the backend when it is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop.gui.jobs import Job, Question
from desktop.gui.look import icons
from desktop.gui.mail.mail_view import MessageView

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from desktop.client.api import ApiSource
    from desktop.gui.jobs import Jobs
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme

LEAST: Final = 150
"""Units of the grid that a message has in height; where there is less room, it scrolls."""


class DetailMessage(QWidget):
    """Asks for the message of the task shown, once for each of its changes, and only if seen.

    ``enlarge_chosen`` carries the message, to be shown where there is room.
    """

    enlarge_chosen = Signal(object)

    def __init__(self, api: ApiSource, jobs: Jobs, themes: ThemeSource) -> None:
        super().__init__()
        self._question = Question(api, jobs, self._on_failure)
        self._wanted: tuple[int, int, str] | None = None
        self._shown: tuple[int, int, str] | None = None
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setProperty("role", "soft")
        self.words.hide()
        self.mail = MessageView(themes)
        self.mail.hide()
        self._message: dict[str, Any] | None = None
        self.enlarge = QPushButton(self.tr("Enlarge"))
        self.enlarge.setToolTip(
            self.tr("Show the message in a larger view, to read, print or open it")
        )
        self.enlarge.clicked.connect(lambda: self.enlarge_chosen.emit(self._message))
        self.enlarge.hide()
        self.print_button = QPushButton()
        self.print_button.setAccessibleName(self.tr("Print…"))
        self.print_button.setToolTip(self.tr("Print the message"))
        self.print_button.clicked.connect(self.mail.ask_to_print)
        self.mail.add(self.enlarge, self.print_button)
        policy = QSizePolicy.Policy  # what is too long scrolls in its page, not the tab with it
        self.mail.pages.setSizePolicy(policy.Expanding, policy.Ignored)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.words)
        self._column.addWidget(self.mail, 1)
        self._column.addStretch()
        themes.changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    def show_task(self, task_id: int, attempt: int, state: str) -> None:
        """Show a task's message; an attempt may have sent another one, and more so its end."""
        wanted = (task_id, attempt, state)
        if wanted == self._wanted:
            return
        if self._wanted is None or self._wanted[0] != task_id:
            for part in (self.mail, self.words, self.enlarge):
                part.hide()
        self._wanted = wanted
        if self.isVisible():
            self._read()

    def showEvent(self, event: QShowEvent) -> None:
        """Read the message now that it is looked at."""
        super().showEvent(event)
        self._read()

    def _read(self) -> None:
        if self._wanted is None or self._wanted == self._shown:
            return
        task_id, *_ = self._shown = self._wanted
        self._question.ask(lambda api: Job(api.message, task_id).then(self._on_mail))

    def _on_mail(self, mail: dict[str, Any]) -> None:
        is_remade = mail.get("remade", False)
        self.words.setText(
            self.tr(
                "This is how the e-mail would look if it were sent now. There is no copy of a sent"
                " one."
            )
            if is_remade
            else ""
        )
        self.words.setVisible(is_remade)
        self._message = mail
        self.mail.show_mail(mail)
        self.mail.show()
        self.enlarge.show()

    def _on_failure(self, error: Exception) -> None:
        self._shown = None
        self.mail.hide()
        self.enlarge.hide()
        self.words.setText(str(error))
        self.words.show()

    def _on_theme(self, theme: Theme) -> None:
        px = theme.px
        self._column.setContentsMargins(px(16), px(12), px(16), px(12))
        self.mail.choice.setMaximumWidth(px(280))
        self.mail.setMinimumHeight(px(LEAST))
        icons.put(self.enlarge, "maximize-2", theme.color("text"), theme)
        icons.put(self.print_button, "printer", theme.color("text"), theme)
        self.print_button.setFixedWidth(px(36))
