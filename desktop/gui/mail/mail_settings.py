"""The mail settings: practice or real sending, the server, and a test that shows its talk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop.gui.address_words import address_problem
from desktop.gui.look import icons
from desktop.gui.mail.mail_form import MailForm
from desktop.gui.mail.queue_limits import QueueLimits
from desktop.gui.parts.field import Field
from desktop.gui.parts.hinted_button import HintedButton
from desktop.gui.parts.sheet import Sheet

if TYPE_CHECKING:
    from desktop.contract.problems import Problem
    from desktop.gui.look.theme import Theme, ThemeSource


class MailSettings(Sheet):
    """Asks how mails leave; ``save_requested`` and ``test_requested`` carry bodies for the API.

    ``forget_requested`` asks for the stored password to be deleted; :meth:`show_forgotten` answers.
    Until the answer comes by :meth:`show_settings`, :meth:`show_test_result`,
    :meth:`show_problem` or :meth:`show_trouble` a second request is not made.
    """

    save_requested = Signal(object)
    test_requested = Signal(object)
    forget_requested = Signal()

    def __init__(self, host: QWidget, themes: ThemeSource) -> None:
        super().__init__(440, host, themes)
        self.set_title(self.tr("Mail settings"))
        self._saving = self._testing = False
        self._stored: dict[str, Any] | None = None
        self.form = MailForm()
        self.form.edited.connect(self._on_edited)
        self.form.forget_chosen.connect(self.forget_requested)
        self.limits = QueueLimits()
        self.limits.edited.connect(self._on_edited)
        self._make_buttons()
        self.test_to = Field(
            self.tr("Send a test to"),
            address_problem,
            placeholder="you@example.org",
            beside=self.test_button,
        )
        if isinstance(self.test_to.editor, QLineEdit):
            self.test_to.editor.returnPressed.connect(self._on_test)
        self._lay_out()
        self._show_state()

    def _make_buttons(self) -> None:
        keys = QKeySequence("Ctrl+Return")
        self.save_button = HintedButton(self.tr("Save"), keys, self._themes)
        self.save_button.clicked.connect(self._on_save)
        self.test_button = QPushButton(self.tr("Send a test"))
        self.test_button.clicked.connect(self._on_test)
        self._cancel = QPushButton(self.tr("Cancel"))
        self._cancel.clicked.connect(self._on_cancel)
        shortcut = QShortcut(keys, self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self._on_save)

    def _lay_out(self) -> None:
        self._line = QFrame()
        self._line.setProperty("area", "rule")
        self._line.setFixedHeight(1)
        self.result = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.log = QPlainTextEdit(readOnly=True)
        self.log.setAccessibleName(self.tr("The conversation with the server"))
        self.log.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.log.setTabChangesFocus(True)
        self.log.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self._trouble = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._trouble.setProperty("role", "error")
        asked = QWidget()
        asked.setProperty("area", "clear")
        self._column = QVBoxLayout(asked)
        parts = (self.form, self.limits, self._trouble, self._line, self.test_to, self.result)
        for part in parts:
            self._column.addWidget(part)
        self._column.addWidget(self.log, 1)
        self._column.addStretch()
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(asked)
        self.body.addWidget(scroll)
        self.foot.addStretch(1)
        self.foot.addWidget(self._cancel)
        self.foot.addWidget(self.save_button)
        self._forget_result()
        self._trouble.hide()

    def dress(self, theme: Theme) -> None:
        """Take a theme's colours and sizes."""
        super().dress(theme)
        px = theme.px
        self.body.setContentsMargins(0, 0, 0, 0)
        self._column.setContentsMargins(px(20), px(4), px(20), px(8))
        self._column.setSpacing(px(12))
        self.form.dress(theme)
        self.limits.dress(theme)
        self.test_to.dress(theme)
        self.log.setMinimumHeight(px(96))
        icons.put(self.test_button, "send", theme.color("text"), theme)

    def focus_first(self) -> None:
        """Begin at how mails leave."""
        transport = self.form.transport
        transport.button(transport.value()).setFocus(Qt.FocusReason.OtherFocusReason)

    def open_for_real(self) -> None:
        """Open with real sending chosen: the person is about to set it up."""
        self.open()
        self.form.choose_real()

    def show_settings(self, settings: dict[str, Any]) -> None:
        """Show the settings the backend has; after a save this ends it, and the sheet closes."""
        self._show(settings)
        self._trouble.hide()
        if self._saving:
            self._saving = False
            self.close()
        self._show_state()

    def show_forgotten(self, settings: dict[str, Any]) -> None:
        """Show that the stored password is gone; what is typed stays."""
        self._stored = settings
        self._trouble.hide()
        self.form.show_stored(there_is_one=settings["mail"]["password_set"])

    def show_test_result(self, result: dict[str, Any]) -> None:
        """Show how a test went: its sentence, and the talk with the server."""
        self._testing = False
        self._say_result(str(result["text"]), "good" if result["ok"] else "error")
        self.log.setPlainText("\n".join(result.get("log", [])))
        self.log.setVisible(bool(result.get("log")))
        self._show_state()

    def show_problem(self, problem: Problem) -> None:
        """Put the API's errors at their fields, and its sentence where the person looked."""
        loose = []
        for error in problem.get("errors", []):
            if error["path"] == "to":
                self.test_to.show_error(error["message"])
            elif not (self.form.show_error(error) or self.limits.show_error(error)):
                loose.append(error["message"])
        if not problem.get("errors"):
            loose.append(problem["detail"])
        self.show_trouble("\n".join(loose))

    def show_trouble(self, sentence: str) -> None:
        """Say why a save or a test did not work; without a sentence, fields have said it."""
        if self._testing:
            self._say_result(sentence, "error")
            self.result.setVisible(bool(sentence))
        elif sentence:
            self._trouble.setText(sentence)
            self._trouble.show()
        self._saving = self._testing = False
        self._show_state()

    def _on_save(self) -> None:
        right = self.limits.check()
        if self.form.check() and right and not self._saving:
            self._saving = True
            self._show_state()
            self.save_requested.emit({"mail": self.form.values(), "queues": self.limits.values()})

    def _on_test(self) -> None:
        right = self.form.check()
        if right and self.test_to.check() and not self._testing:
            self._testing = True
            self.log.hide()
            self._say_result(self.tr("Sending a test…"), "soft")
            self._show_state()
            self.test_requested.emit({"to": self.test_to.text(), "mail": self.form.values()})

    def _on_cancel(self) -> None:
        """Forget what was typed and what was said about it."""
        if self._stored is not None:
            self._show(self._stored)
        self.test_to.clear_error()
        self._trouble.hide()
        self._forget_result()
        self.close()

    def _show(self, settings: dict[str, Any]) -> None:
        self._stored = settings
        self.form.show_values(settings["mail"])
        self.limits.show_values(settings["queues"])

    def _on_edited(self) -> None:
        self._trouble.hide()
        self._forget_result()

    def _forget_result(self) -> None:
        self.result.hide()
        self.log.hide()

    def _say_result(self, sentence: str, role: str) -> None:
        self.result.setProperty("role", role)
        self.result.style().unpolish(self.result)
        self.result.style().polish(self.result)
        self.result.setText(sentence)
        self.result.show()

    def _show_state(self) -> None:
        # Both stay enabled: a button that is not would hand the focus on to Cancel.
        self.save_button.setText(self.tr("Saving…") if self._saving else self.tr("Save"))
        self.test_button.setText(self.tr("Sending…") if self._testing else self.tr("Send a test"))
