"""The dialog of the mail settings, and its foot."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.contract.office import OfficeRefusal
from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import sized
from desktop.gui.kit.widgets.accent import ACCENT, AccentClaim
from desktop.gui.kit.widgets.buttons import INSIDE, HintedButton, give_key
from desktop.gui.kit.widgets.dialog import Dialog
from desktop.gui.kit.widgets.field import Field
from desktop.gui.kit.widgets.message_view import source_pane
from desktop.gui.kit.widgets.questions import ask
from desktop.gui.kit.widgets.surfaces import Rule, focus_in_sight
from desktop.gui.kit.widgets.texts import Feedback
from desktop.gui.kit.words.states import sentences
from desktop.gui.kit.words.table import say
from desktop.gui.kit.words.typed import address_problem_words
from desktop.gui.mail.mail_form import MailForm
from sendoff_tasks.client.errors import Refused, field_errors, loose_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.contract.settings import SettingsView
    from sendoff_tasks.model.problems import FieldError


LOGIN_ERROR: Final = "mail.password"
"""The path of the error of a test whose login was refused."""
SIGN_IN_ERROR: Final = "mail.sign_in"
"""The path of the error of a test for which a person has to sign in."""


class TriedMail(QWidget):
    """Shows a sentence in ``words`` and the conversation in ``log``; hidden before the first one.

    A result that is cleared leaves its room, so the button above stays where it is.
    """

    def __init__(self) -> None:
        super().__init__()
        self.words = Feedback()
        self.log = sized(source_pane(self.tr("The conversation with the server")), height=120)
        column = sized(QVBoxLayout(self), margins=0, spacing=12)
        column.addWidget(self.words)
        column.addWidget(self.log)
        self.clear()
        self.hide()

    def clear(self) -> None:
        """Clear the result."""
        self.setMinimumHeight(self.height() if self.isVisible() else 0)
        self.words.say("")
        self.show_log([])

    def say(self, sentence: str, role: str) -> None:
        """Show progress or a result; ``role`` is the colour."""
        self.words.say(sentence, role)
        self._appear()

    def say_why(self, sentence: str, error: Exception) -> None:
        """Show why the test failed."""
        self.words.say_why(sentence, error)
        self._appear()

    def _appear(self) -> None:
        self.setMinimumHeight(0)
        self.setVisible(bool(self.words.text()))

    def show_log(self, lines: Sequence[str]) -> None:
        """Show the conversation, if there was one."""
        self.log.setPlainText("\n".join(lines))
        self.log.setVisible(bool(lines))


def _still_open(error: Exception) -> int:
    """Return how many e-mails practice mode would keep that were submitted for real; else 0."""
    if not isinstance(error, Refused) or error.problem.get("refusal") != OfficeRefusal.STILL_OPEN:
        return 0
    return int(error.problem.get("data", {}).get("count", 0))


_State = tuple[dict[str, Any], str]
"""The input without the secrets, and the secrets."""


def _server_in(state: _State) -> list[str]:
    """Return the server of an input; one that sent before practice mode stays known."""
    mail = state[0]["mail"]
    return [mail["host"] or mail["transport"], mail["port"], mail["security"]]


@dataclass(frozen=True, slots=True)
class _TestedSettings:
    """The settings of a test e-mail: the body that saves them, and the input at that time."""

    body: dict[str, Any]
    state: _State


class MailSettingsDialog(Dialog):
    """Asks how to send; ``save_requested`` and ``test_requested`` carry bodies for the API.

    Tested settings are saved once the test e-mail was sent. With unsaved changes, closing asks
    first. ``opened`` asks for the settings as they are by now; :meth:`show_loaded` answers.
    ``forget_requested`` asks to delete the stored password; :meth:`show_forgotten` answers. No
    second request is made until :meth:`show_settings`, :meth:`show_test_result` or
    :meth:`show_failure` answers the first. ``saved`` tells of a save; of a test's save, the
    dialog itself does. If practice mode would keep e-mails that were submitted for real, a question
    asks what becomes of them.
    """

    opened = Signal()
    save_requested = Signal(object)
    test_requested = Signal(object)
    forget_requested = Signal()
    saved = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(self.tr("Mail settings"), 440, parent)
        self._saving = self._testing = False
        self._is_for_real = False  # opened to set up real sending
        self._stored: SettingsView | None = None
        self._tested: _TestedSettings | None = None
        self._refused: _State | None = None  # the input of a failed test, until *Save* has asked
        self._known: list[str] = []  # the server that was stored or tried, or that *Save* asked of
        self.form = MailForm()
        self.form.edited.connect(self._clear_answers)
        self.form.forget_chosen.connect(self._ask_to_forget)
        self.form.keep_chosen.connect(self.save)
        self.limits = self.form.limits
        sign_in = self.form.sign_in
        self._make_buttons()
        self.save_button.claim = lambda: (
            AccentClaim.NONE if sign_in.leads or sign_in.is_under_way else AccentClaim.TYPED
        )
        sign_in.shown.connect(ACCENT.choose)
        self.test_to = Field(
            self.tr("Send a test to"),
            address_problem_words,
            placeholder="you@example.org",
            beside=self.test_button,
        )
        if isinstance(self.test_to.editor, QLineEdit):
            self.test_to.editor.returnPressed.connect(self._on_test)
        self._lay_out()
        self._saved_state = self._saved_as = self._state()  # the latter is being saved
        self._show_state()

    def _make_buttons(self) -> None:
        keys = QKeySequence("Ctrl+Return")
        self.save_button = HintedButton(self.tr("Save"), keys)
        self.save_button.clicked.connect(self.save)
        self.test_button = QPushButton(self.tr("Send a test"))
        icons.put(self.test_button, "send", "text")
        self.test_button.clicked.connect(self._on_test)
        give_key(self, keys.toString(), self.tr("Save the mail settings"), self.save, INSIDE)

    def _lay_out(self) -> None:
        self._tried_mail = TriedMail()
        self.told, self.log = self._tried_mail.words, self._tried_mail.log
        self.trouble = Feedback()
        self.add_scrolled(self.form, self.trouble, Rule(), self.test_to, self._tried_mail)
        self.foot.addWidget(self.save_button)

    def focus_first(self) -> None:
        """Focus the choice of how messages are sent, or the password where only that is missing."""
        focus_in_sight(self.form.first())

    def open(self) -> None:
        """Open on the settings that are known, and ask for them again."""
        if self.isHidden() and not (self._saving or self._testing) and self._stored is not None:
            self._show(self._stored)
        super().open()
        self.opened.emit()

    def open_for_real(self) -> None:
        """Open with real sending chosen, so the person can set it up."""
        self.open()
        self._is_for_real = True
        if self.has_changes():
            self.form.choose_real()
        else:
            self._choose_real()
        self.form.sent_from.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_to_sign_in(self) -> None:
        """Open where a person signs in, also if the settings have a password so far."""
        self.open()
        self.form.offer_sign_in()

    def _choose_real(self) -> None:
        self.form.choose_real()
        self._saved_state = self._state()

    def has_changes(self) -> bool:
        """Tell whether there are unsaved changes."""
        return self._state() != self._saved_state

    def reject(self) -> None:
        """Close, or ask about unsaved changes first.

        Results are cleared, as they may be outdated at the next opening, unless a test is under
        way.
        """
        if not self.has_changes():
            if not self._testing:
                self._clear_answers()
                self._tried_mail.hide()
            self.form.sign_in.cancel()
            self._is_for_real = False
        super().reject()

    def show_loaded(self, settings: SettingsView) -> None:
        """Show settings that were read; what is typed, being saved or being tested stays.

        The first ones are shown in any case: saving others would replace what was never seen.
        """
        if self._stored is not None and (settings == self._stored or self._keeps_input):
            return
        self.trouble.say("")
        self._show_read(settings)

    def show_settings(self, settings: SettingsView) -> None:
        """Show the settings of the backend; after a save, close the dialog unless more was typed.

        After a save by a test, the dialog stays open and later input is kept.
        """
        self.trouble.say("")
        was_saving, self._saving = self._saving, False
        tested, self._tested = self._tested, None
        if was_saving and tested is not None:
            self._show_tested(tested, settings)
        elif was_saving and self._state() != self._saved_as:
            self._stored, self._saved_state = settings, self._saved_as
            self.form.show_kept(settings["mail"])
        else:
            self._show(settings)
            if was_saving:
                self.close()
        self._show_state()
        if was_saving and tested is None:
            self.saved.emit()

    def _ask_to_forget(self) -> None:
        words = self.tr("Forget the password? E-mails then wait until you type it again.")
        answer = self.form.forget.text(), self.forget_requested.emit
        ask(self, words, self.tr("Keep it"), answer)

    def show_forgotten(self, settings: SettingsView) -> None:
        """Show that the stored password was deleted; the input stays."""
        if self._keeps_input:
            self._stored = settings
        else:
            self._show_read(settings)
        self._clear_answers()
        self._tried_mail.hide()
        self.form.show_kept(settings["mail"])

    def show_test_result(self, result: dict[str, Any]) -> None:
        """Show the result of a successful test with the server's conversation, and save."""
        self._testing = False
        self._tried_mail.say(str(result["text"]), "good")
        self._tried_mail.show_log(result.get("log", []))
        self.bring_into_sight(self.log, self.told)
        if self._tested is not None:
            self._saving, self._known = True, _server_in(self._tested.state)
            self._refused = None
            self.save_requested.emit(self._tested.body)
        self._show_state()

    def show_failure(self, error: Exception) -> None:
        """Show why a save or a test failed, at its field or below the pressed button.

        A login that a test met refused is told below, so *Send a test* stays where it is.
        """
        if (count := _still_open(error)) and self._saving:
            self._saving = False
            self._show_state()
            self._ask_what_becomes_of(count)
            return
        wrong = field_errors(error)
        if SIGN_IN_ERROR in [each["path"] for each in wrong]:
            self.form.offer_sign_in()
        is_login = self._testing and [each["path"] for each in wrong] == [LOGIN_ERROR]
        sentence = loose_words(error, lambda each: not is_login and self._show_error(each))
        if self._testing:
            tested = self._tested if isinstance(error, Refused) else None
            self._refused = None if tested is None else tested.state
            self._tried_mail.say_why(sentence, error)
            self.bring_into_sight(self.told)
        elif sentence:
            self.trouble.say_why(sentence, error)
            self.bring_into_sight(self.trouble)
        self._saving = self._testing = False
        self._tested = None
        self._show_state()
        if not (wrong and self.isAncestorOf(self.focusWidget())):
            return
        if is_login:
            self.form.password.editor.setFocus(Qt.FocusReason.TabFocusReason)  # selects it
        else:
            self.form.focus_error()

    def _ask_what_becomes_of(self, count: int) -> None:
        keep = self.tr("Keep them here"), partial(self._save, open_ones="keep")
        hold = self.tr("Let them wait"), partial(self._save, open_ones="hold")
        words = say("practice", "still_open", n=count)
        ask(self, words, self.tr("Keep editing"), keep, hold)

    def show_sign_in_failure(self, error: Exception) -> None:
        """Show why nothing is known of a sign-in, at its field or below the form."""
        if sentence := loose_words(error, self.form.show_error):
            self.trouble.say_why(sentence, error)

    def _show_error(self, error: FieldError) -> bool:
        """Show an error of the API at its field; tell whether there is such a field."""
        if error["path"] == "to":
            self.test_to.show_error(error["message"])
            return True
        if error.get("reason") == "no_keyring":
            tested = self.told.text() if self._tested is not None else ""
            self._tried_mail.clear()
            self.form.keeping.ask(tested)
            return True
        is_limit = self.limits.show_error(error)
        if is_limit:
            self.form.open_limits(True)
        return is_limit or self.form.show_error(error)

    def _check_limits(self) -> bool:
        if self.limits.check():
            return True
        self.form.open_limits(True)
        return self.limits.check()  # the wrong one gets the focus

    def save(self) -> None:
        """Save the input, if it is right."""
        self._save()

    def _save(self, open_ones: Literal["hold", "keep"] | None = None) -> None:
        """Save the input; ``open_ones`` is what becomes of e-mails submitted for real."""
        right = self._check_limits()
        if not (self.form.check() and right) or self._saving or self._stored is None:
            return
        has_failed = self._refused == self._state()
        if has_failed or (self.form.is_real() and self._known != _server_in(self._state())):
            self._refused, self._known = None, _server_in(self._state())
            untried = self.tr("This server was not tried yet. Send a test, or press “Save” again.")
            failed = self.tr("The test of these settings failed. Press “Save” again to keep them.")
            self.trouble.say(failed if has_failed else untried)
            self.bring_into_sight(self.trouble)
        else:
            self._saving, self._tested, self._saved_as = True, None, self._state()
            self.trouble.say("")
            self._show_state()
            becomes = {} if open_ones is None else {"open": open_ones}
            self.save_requested.emit({**self._body(), **becomes})

    def _on_test(self) -> None:
        right = self._check_limits()
        if not (self.form.check() and right):
            return
        if not self.test_to.check():
            self.bring_into_sight(self.test_to.message)
        elif not (self._testing or self._saving) and self._stored is not None:
            self._testing = True
            self._tested = _TestedSettings(self._body(), self._state())
            self._tried_mail.show_log([])
            self._tried_mail.say(self.tr("Sending a test…"), "soft")
            self.bring_into_sight(self.told)
            self._show_state()
            self.test_requested.emit({"to": self.test_to.text(), "mail": self.form.values()})

    def discard(self) -> None:
        """Drop unsaved input and results; a test under way does not save then."""
        self._tested = None
        if self._stored is not None:
            self._show(self._stored)
        self._saved_state = self._state()
        self.test_to.clear_error()

    def _body(self) -> dict[str, Any]:
        return {"mail": self.form.values(), "queues": self.limits.values()}

    def _state(self) -> _State:
        typed = {"mail": self.form.typed(), "queues": self.limits.typed()}
        return typed, f"{self.form.password.text()}\n{self.form.sign_in.secret.text()}"

    def _show(self, settings: SettingsView) -> None:
        self._stored = settings
        self.limits.show_values(settings["queues"])
        self.form.show_values(settings["mail"])
        self._known = _server_in(self._state())
        self._saved_state = self._state()

    @property
    def _keeps_input(self) -> bool:
        return self._saving or self._testing or self.has_changes()

    def _show_read(self, settings: SettingsView) -> None:
        self._show(settings)
        if self._is_for_real:
            self._choose_real()

    def _show_tested(self, tested: _TestedSettings, settings: SettingsView) -> None:
        if self._state() == tested.state:
            self._show(settings)
        else:
            self._stored, self._saved_state = settings, tested.state
            self.form.show_kept(settings["mail"])
        saved = self.tr("The settings are saved.")
        self._tried_mail.say(sentences(self.told.text(), saved), "good")
        self.bring_into_sight(self.log, self.told)

    def _clear_answers(self) -> None:
        self.trouble.say("")
        self._tried_mail.clear()

    def _show_state(self) -> None:
        # Both stay enabled: a disabled button would pass the focus on.
        self.save_button.setText(self.tr("Saving…") if self._saving else self.tr("Save"))
        self.test_button.setText(self.tr("Sending…") if self._testing else self.tr("Send a test"))
