"""The mail settings: what is asked for, saved and tried, and errors where they belong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from desktop.gui.mail.mail_settings import MailSettingsDialog
from desktop.settings.preferences import PRACTICE_SENDER
from sendoff_tasks.client.errors import BackendGone, Refused
from tests.gui.hands import answer, pick
from tests.gui.mail.conftest import no_keyring, problem, save, settings_with

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_the_settings_are_shown_and_saved_as_they_are(
    sheet: MailSettingsDialog, saved: list[Any]
) -> None:
    sheet.save_button.click()
    unsaved = {"default_recipient", "password_set", "password_kept", "client_secret_set"}
    stored = {key: of for key, of in settings_with()["mail"].items() if key not in unsaved}
    none = {"rate": None, "concurrency": None, "per_day": None}
    assert saved == [{"mail": stored, "queues": {"mail": none}}]


def test_the_password_is_never_shown_only_sent_when_typed_and_forgotten_once_it_is_saved(
    sheet: MailSettingsDialog, saved: list[Any], qtbot: QtBot
) -> None:
    password = sheet.form.password
    assert isinstance(password.editor, QLineEdit)
    assert password.editor.echoMode() is QLineEdit.EchoMode.Password
    assert password.editor.text() == ""
    assert password.editor.placeholderText() == "Stored in the keyring"
    password.set_text("secret")
    for _ in range(2):
        with qtbot.assertNotEmitted(sheet.saved):
            sheet.save_button.click()
    ((mail),) = (each["mail"] for each in saved)
    assert (mail["password"], mail["keep_password"]) == ("secret", "keyring")
    with qtbot.waitSignal(sheet.saved):
        sheet.show_settings(settings_with())
    assert sheet.isHidden()
    assert password.text() == ""
    assert sheet.save_button.isEnabled()


def test_a_stored_password_can_be_forgotten_and_what_is_typed_stays(
    sheet: MailSettingsDialog, qtbot: QtBot
) -> None:
    assert sheet.form.forget.isVisible()
    sheet.form.host.set_text("other.example.org")
    with qtbot.assertNotEmitted(sheet.forget_requested):
        sheet.form.forget.click()
        answer("Keep it")
        sheet.form.forget.click()
    with qtbot.waitSignal(sheet.forget_requested):
        answer(sheet.form.forget.text())
    sheet.show_forgotten(settings_with(password_kept=None))
    assert sheet.form.forget.isHidden()
    assert sheet.form.password.editor.placeholderText() == ""
    assert sheet.form.host.text() == "other.example.org"
    assert sheet.isVisible()


def test_port_and_encryption_follow_each_other_but_an_own_port_stays_and_none_is_taken_away(
    sheet: MailSettingsDialog, qtbot: QtBot
) -> None:
    port, security = sheet.form.port, sheet.form.security
    for chosen, usual in (("tls", "465"), ("none", "25"), ("starttls", "587")):
        pick(security, chosen)
        assert port.text() == usual
    port.set_text("2525")
    pick(security, "tls")
    assert port.text() == "2525"
    for typed, follows in (("465", "tls"), ("587", "starttls"), ("25", "starttls")):
        port.set_text("")
        qtbot.keyClicks(port.editor, typed)
        assert security.value() == follows


def test_no_port_or_sender_that_is_none_is_saved(
    sheet: MailSettingsDialog, saved: list[Any]
) -> None:
    wrong = ("", ""), ("65536", "Box office <tickets>"), ("²", "a@b.org\r\nBcc: x")
    for port, sender in wrong:
        for field, text in ((sheet.form.port, port), (sheet.form.sent_from, sender)):
            field.show_error("")
            field.set_text(text)
        sheet.save_button.click()
        assert saved == []
        assert sheet.form.port.error == "A port is a number from 1 to 65535."
        assert sheet.form.sent_from.error


def test_errors_of_the_api_stand_at_their_fields(
    sheet: MailSettingsDialog, saved: list[Any]
) -> None:
    sheet.save_button.click()
    wrong = problem(
        ("mail.port", "Nothing listens there."),
        ("mail.password", "There is no keyring."),
        ("mail.security", "The server has no STARTTLS."),
        ("queues.mail.rate", "Too fast."),
    )
    sheet.show_failure(Refused(wrong))
    assert sheet.form.port.error == "Nothing listens there."
    assert sheet.form.password.error == "There is no keyring."
    assert sheet.form.security_error.text() == "The server has no STARTTLS."
    assert sheet.limits.fields["rate"].error == "Too fast."
    assert sheet.trouble.isHidden()
    assert sheet.isVisible()
    assert sheet.save_button.isEnabled()


NO_KEYRING: Final = "This computer has no keyring. Choose where to keep the password."


@pytest.mark.parametrize(
    ("kept", "words"),
    [("session", "Kept until you quit"), ("file", "Stored in a file that only you can read")],
)
def test_without_a_keyring_the_password_is_kept_until_the_end_or_in_a_file(
    sheet: MailSettingsDialog, saved: list[Any], qtbot: QtBot, kept: str, words: str
) -> None:
    password, form = sheet.form.password, sheet.form
    qtbot.keyClicks(password.editor, "secret")
    sheet.save_button.click()
    assert form.keeping.isHidden()
    sheet.show_failure(no_keyring())
    assert form.keeping.question.text() == NO_KEYRING
    assert password.error == ""
    assert QApplication.focusWidget() is form.keeping.until_quit
    way_out = form.keeping.in_file if kept == "file" else form.keeping.until_quit
    qtbot.mouseClick(way_out, Qt.MouseButton.LeftButton)
    assert form.keeping.isHidden()
    assert saved[1]["mail"]["password"] == "secret"
    assert saved[1]["mail"]["keep_password"] == kept
    sheet.show_settings(settings_with(password_kept=kept))
    assert password.editor.placeholderText() == words
    assert sheet.isHidden()


def test_after_a_test_without_a_keyring_one_message_says_what_to_do(
    sheet: MailSettingsDialog, saved: list[Any], qtbot: QtBot
) -> None:
    qtbot.keyClicks(sheet.form.password.editor, "secret")
    sheet.test_to.set_text("me@example.org")
    sheet.test_button.click()
    sheet.show_test_result({"ok": True, "text": "It is on its way.", "log": ["250 ok"]})
    sheet.show_failure(no_keyring())
    assert sheet.form.keeping.question.text() == f"It is on its way. {NO_KEYRING}"
    assert (sheet.told.text(), sheet.log.isHidden(), sheet.form.password.error) == ("", True, "")
    qtbot.mouseClick(sheet.form.keeping.until_quit, Qt.MouseButton.LeftButton)
    assert saved[-1]["mail"]["keep_password"] == "session"
    sheet.show_settings(settings_with(password_kept="session"))
    assert sheet.isHidden()


@pytest.mark.parametrize("kept", ["real sending", None, "session"])
def test_it_opens_on_what_is_to_be_filled_in_first(
    sheet: MailSettingsDialog, kept: str | None
) -> None:
    form, is_new = sheet.form, kept == "real sending"
    sheet.close()
    if is_new:
        sheet.show_settings(settings_with(transport="practice", host=""))
        sheet.open_for_real()
        assert form.transport.value() == "smtp"
    else:
        sheet.show_settings(settings_with(password_set=kept is not None, password_kept=kept))
        sheet.open()
    at_start = form.transport.button("smtp") if kept else form.password.editor
    assert sheet.focusWidget() is (form.sent_from.editor if is_new else at_start)


def test_settings_that_are_read_meanwhile_end_no_save_and_change_no_test(
    sheet: MailSettingsDialog, tested: list[Any], saved: list[Any]
) -> None:
    others = settings_with(host="other.example.org")
    sheet.save_button.click()
    sheet.show_loaded(others)
    assert sheet.isVisible()
    sheet.show_settings(settings_with())
    assert sheet.isHidden()
    sheet.open()
    sheet.test_to.set_text("me@example.org")
    sheet.test_button.click()
    sheet.show_loaded(others)
    sheet.show_test_result({"ok": True, "text": "It is on its way."})
    assert saved[-1]["mail"] == tested[0]["mail"]
    assert sheet.form.host.text() == "mail.example.org"


def test_opened_for_real_and_closed_it_opens_on_what_is_stored(
    sheet: MailSettingsDialog, saved: list[Any]
) -> None:
    practice = settings_with(transport="practice")
    sheet.show_settings(practice)
    sheet.close()
    sheet.open_for_real()
    sheet.test_to.set_text("me@example.org")
    sheet.test_to.editor.setFocus()
    sheet.show_loaded(settings_with(transport="practice", host="other.example.org"))
    assert sheet.focusWidget() is sheet.test_to.editor
    assert sheet.form.is_real()
    sheet.test_button.click()
    assert sheet.close()
    sheet.show_failure(BackendGone())
    sheet.open()
    assert not sheet.form.is_real()
    assert not sheet.has_changes()
    sheet.close()
    sheet.open_for_real()
    sheet.test_button.click()
    assert sheet.close()
    sheet.show_test_result({"ok": True, "text": "It is on its way."})
    sheet.show_settings(settings_with())
    sheet.show_loaded(practice)
    sheet.open()
    assert not sheet.form.is_real()


def test_what_is_typed_during_a_save_stays(sheet: MailSettingsDialog, tested: list[Any]) -> None:
    sheet.save_button.click()
    sheet.form.host.set_text("new.example.org")
    sheet.test_to.set_text("me@example.org")
    sheet.test_button.click()
    sheet.show_settings(settings_with())
    assert sheet.form.host.text() == "new.example.org"
    assert sheet.has_changes()
    assert sheet.isVisible()
    assert tested == []


def test_discarding_forgets_what_was_typed_and_said_and_no_test_under_way_saves_it(
    sheet: MailSettingsDialog, saved: list[Any]
) -> None:
    sheet.form.password.set_text("secret")
    sheet.form.host.set_text("other.example.org")
    save(sheet)
    sheet.show_failure(Refused(problem(("mail.host", "No answer."), ("window", "No."))))
    sheet.test_button.click()
    assert not sheet.close()
    answer("Discard")
    assert sheet.isHidden()
    sheet.open()
    assert sheet.form.host.text() == "mail.example.org"
    assert sheet.form.password.text() == ""
    assert not any(field.error for field in (*sheet.form.asked(), sheet.test_to))
    assert sheet.trouble.isHidden()
    sheet.form.host.set_text("other.example.org")
    sheet.test_to.set_text("me@example.org")
    sheet.test_button.click()
    assert not sheet.close()
    answer("Discard")
    sheet.show_test_result({"ok": True, "text": "It is on its way."})
    assert len(saved) == 1


def test_a_test_takes_what_is_typed_and_shows_the_conversation(
    sheet: MailSettingsDialog, tested: list[Any], qtbot: QtBot
) -> None:
    sheet.show_settings(settings_with(password_kept=None))
    sheet.form.host.set_text("other.example.org")
    sheet.test_to.set_text("me@example.org")
    qtbot.mouseClick(sheet.test_button, Qt.MouseButton.LeftButton)
    assert tested[0]["to"] == "me@example.org"
    assert tested[0]["mail"]["host"] == "other.example.org"
    sheet.test_button.click()
    assert len(tested) == 1
    sheet.show_test_result({"ok": True, "text": "It is on its way.", "log": ["EHLO", "250 ok"]})
    assert sheet.told.text() == "It is on its way."
    assert sheet.log.toPlainText() == "EHLO\n250 ok"
    assert sheet.test_button.isEnabled()


@pytest.mark.parametrize("types_on", [False, True])
def test_a_green_test_saves_what_was_tested_and_says_so(
    sheet: MailSettingsDialog, tested: list[Any], saved: list[Any], qtbot: QtBot, types_on: bool
) -> None:
    sheet.form.password.set_text("secret")
    sheet.limits.rate.set_rate("30/min")
    sheet.test_to.set_text("me@example.org")
    sheet.test_button.click()
    if types_on:
        qtbot.keyClicks(sheet.form.host.editor, "x")
    assert saved == []
    sheet.show_test_result({"ok": True, "text": "It is on its way."})
    assert sheet.save_button.text() == "Saving…"
    assert saved[0]["mail"] == tested[0]["mail"]
    assert saved[0]["mail"]["password"] == "secret"
    assert saved[0]["queues"]["mail"]["rate"] == "30/min"
    with qtbot.assertNotEmitted(sheet.saved):
        sheet.show_settings(settings_with())
    assert sheet.isVisible()
    assert sheet.told.text() == "It is on its way. The settings are saved."
    assert sheet.form.host.text() == f"mail.example.org{'x' if types_on else ''}"
    assert sheet.form.password.text() == ("secret" if types_on else "")
    assert sheet.save_button.isVisible()
    assert sheet.close() is not types_on
    assert len(saved) == 1


def test_real_sending_wants_a_sender_and_offers_the_login(
    sheet: MailSettingsDialog, saved: list[Any], qtbot: QtBot
) -> None:
    practice = {"transport": "practice", "sender": PRACTICE_SENDER, "user": "", "host": ""}
    sheet.show_settings(settings_with(**practice))
    form, sender = sheet.form, sheet.form.sent_from
    form.transport.button("smtp").click()
    assert form.server.isVisible()
    assert sender.text() == ""
    sheet.save_button.click()
    assert sender.error == "Enter a sender."
    assert form.host.error == "Enter the name of the mail server."
    sender.set_text("Me <sendoff@localhost>")
    sheet.save_button.click()
    assert "is for practice only" in sender.error
    form.user.editor.setFocus()
    form.user.editor.selectAll()
    qtbot.keyClicks(form.user.editor, "desk@example.org")
    qtbot.keyClick(form.user.editor, Qt.Key.Key_Tab)
    assert sender.text() == "desk@example.org"
    sender.set_text("")
    form.transport.button("practice").click()
    assert sender.text() == PRACTICE_SENDER
    assert saved == []


def test_an_address_and_the_login_of_a_password_are_asked_for_before_the_test(
    sheet: MailSettingsDialog, tested: list[Any]
) -> None:
    sheet.test_button.click()
    assert sheet.test_to.error == "Enter an e-mail address."
    sheet.form.user.set_text("")
    sheet.form.password.set_text("secret")
    sheet.test_to.set_text("me@example.org")
    sheet.test_button.click()
    assert tested == []
    assert sheet.form.user.error == "A password needs a user name."


@pytest.mark.parametrize("changes", [False, True])
def test_save_asks_once_after_a_failed_test_of_these_settings(
    sheet: MailSettingsDialog, saved: list[Any], changes: bool
) -> None:
    sheet.test_to.set_text("me@example.org")
    sheet.test_button.click()
    sheet.show_failure(Refused(problem(("mail.password", "The login was refused."))))
    assert sheet.told.text() == "The login was refused."
    assert QApplication.focusWidget() is sheet.form.password.editor
    sheet.save_button.click()
    assert "again" in sheet.trouble.text()
    assert not saved
    if changes:  # other settings than those that were tested
        sheet.test_button.click()
        sheet.show_failure(Refused(problem(("mail.password", "The login was refused."))))
        sheet.form.password.set_text("secret")
    sheet.save_button.click()
    assert len(saved) == 1


def test_a_server_that_was_not_tried_is_asked_of_once(
    sheet: MailSettingsDialog, saved: list[Any]
) -> None:
    sheet.form.port.replace("2525")
    sheet.save_button.click()
    assert "This server was not tried yet." in sheet.trouble.text()
    assert not saved
    sheet.save_button.click()
    assert len(saved) == 1
    assert not sheet.trouble.text()


def test_a_test_that_succeeds_takes_the_failed_one_before_it_back(
    sheet: MailSettingsDialog, saved: list[Any]
) -> None:
    """The same settings, and a recipient that the server takes."""
    for to in ("nobody@example.org", "me@example.org"):
        sheet.test_to.set_text(to)
        sheet.test_button.click()
        if to == "nobody@example.org":
            sheet.show_failure(Refused(problem(detail="The recipient was refused.")))
    sheet.show_test_result({"sent": True, "text": "It is on its way."})
    sheet.show_settings(settings_with())
    sheet.save_button.click()
    assert not sheet.trouble.text()
    assert len(saved) == 2
