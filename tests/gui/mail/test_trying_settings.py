"""The test message of the mail settings: what is typed is tried, and what comes of that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from desktop.client.errors import ClientError, Refused
from desktop.gui.mail.mail_settings import MailSettingsSheet
from desktop.settings.preferences import PRACTICE_SENDER

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

from tests.gui.mail.conftest import problem, settings_with


def test_a_test_takes_what_is_typed_and_shows_the_conversation(
    sheet: MailSettingsSheet, tested: list[Any], qtbot: QtBot
) -> None:
    sheet.form.host.set_text("other.example.org")
    sheet.test_to.set_text("me@example.org")
    qtbot.mouseClick(sheet.test_button, Qt.MouseButton.LeftButton)
    assert tested[0]["to"] == "me@example.org"
    assert tested[0]["mail"]["host"] == "other.example.org"
    sheet.test_button.click()
    assert len(tested) == 1
    sheet.show_test_result({"ok": True, "text": "It is on its way.", "log": ["EHLO", "250 ok"]})
    assert sheet.result.text() == "It is on its way."
    assert sheet.log.toPlainText() == "EHLO\n250 ok"
    assert sheet.test_button.isEnabled()


@pytest.mark.parametrize("is_green", [True, False])
def test_the_answer_comes_into_sight(
    sheet: MailSettingsSheet, host: QWidget, tested: list[Any], qtbot: QtBot, is_green: bool
) -> None:
    def seen(part: QWidget) -> bool:
        return part.isVisible() and part.visibleRegion().boundingRect() == part.rect()

    host.resize(800, 600)
    sheet.test_to.set_text("me@example.org")
    qtbot.waitUntil(lambda: not seen(sheet.test_to))
    sheet.test_button.click()
    qtbot.waitUntil(lambda: seen(sheet.result))
    if is_green:
        talk = ["EHLO", "250 ok"] * 9
        answer = {"ok": True, "text": "It is on its way. " * 5, "log": talk}
        sheet.show_test_result(answer)
        sheet.show_settings(settings_with())
        qtbot.waitUntil(lambda: seen(sheet.log) and seen(sheet.result))
    else:
        sheet.show_failure(ClientError("The backend does not answer. " * 5))
        qtbot.waitUntil(lambda: seen(sheet.result))
    assert len(tested) == 1


@pytest.mark.parametrize("height", [560, 720])
def test_all_lines_of_a_refusal_come_into_sight(
    sheet: MailSettingsSheet, host: QWidget, tested: list[Any], qtbot: QtBot, height: int
) -> None:
    host.resize(800, height)
    sheet.test_to.set_text("me@example.org")
    sheet.test_button.click()
    QApplication.processEvents()
    why = "535 5.7.8 Authentication credentials invalid"
    text = f"mail.example.org refused the login of tickets@example.org: {why}"
    sheet.show_failure(Refused(problem(detail=text)))
    result = sheet.result
    needed = result.heightForWidth(result.width())
    assert needed > result.fontMetrics().height() * 1.5
    qtbot.waitUntil(lambda: result.visibleRegion().boundingRect().height() >= needed, timeout=2000)
    assert len(tested) == 1


@pytest.mark.parametrize("types_on", [False, True])
def test_a_green_test_saves_what_was_tested_and_says_so(
    sheet: MailSettingsSheet, tested: list[Any], saved: list[Any], qtbot: QtBot, types_on: bool
) -> None:
    sheet.form.password.set_text("secret")
    sheet.limits.fields["rate"].set_text("30/min")
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
    sheet.show_settings(settings_with())
    assert sheet.isVisible()
    assert sheet.result.text() == "It is on its way. The settings are saved."
    assert sheet.form.host.text() == f"mail.example.org{'x' if types_on else ''}"
    assert sheet.form.password.text() == ("secret" if types_on else "")
    assert sheet.close() is not types_on
    assert len(saved) == 1


def test_discarded_changes_are_gone_and_a_test_under_way_does_not_save_them(
    sheet: MailSettingsSheet, saved: list[Any]
) -> None:
    sheet.form.host.set_text("other.example.org")
    sheet.test_to.set_text("me@example.org")
    sheet.test_button.click()
    assert not sheet.close()
    sheet.question.buttons[1].click()
    assert sheet.isHidden()
    sheet.show_test_result({"ok": True, "text": "It is on its way."})
    assert saved == []
    sheet.open()
    assert sheet.form.host.text() == "mail.example.org"


def test_the_answer_to_a_test_is_of_its_time_and_not_there_when_the_sheet_is_opened_again(
    sheet: MailSettingsSheet,
) -> None:
    sheet.test_to.set_text("me@example.org")
    sheet.test_button.click()
    sheet.close()
    sheet.open()
    assert sheet.result.text() == "Sending a test…"
    sheet.show_test_result({"ok": True, "text": "It is on its way.", "log": ["EHLO", "250 ok"]})
    sheet.show_settings(settings_with())
    sheet.show_failure(ClientError("The password could not be removed."))
    sheet.close()
    sheet.open()
    told = (sheet.result, sheet.log, sheet.trouble)
    assert [each.isVisible() for each in told] == [False, False, False]


def test_real_sending_wants_a_sender_and_offers_the_login(
    sheet: MailSettingsSheet, saved: list[Any], qtbot: QtBot
) -> None:
    practice = {"transport": "practice", "sender": PRACTICE_SENDER, "user": "", "host": "m.de"}
    sheet.show_settings(settings_with(**practice))
    form, sender = sheet.form, sheet.form.sent_from
    form.transport.button("smtp").click()
    assert sender.text() == ""
    sheet.save_button.click()
    assert sender.error == "Enter a sender."
    sender.set_text("Me <sendoff@localhost>")
    sheet.save_button.click()
    assert sender.error == "Enter a sender: this one is for practice only."
    form.user.editor.setFocus()
    form.user.editor.selectAll()
    qtbot.keyClicks(form.user.editor, "desk@example.org")
    qtbot.keyClick(form.user.editor, Qt.Key.Key_Tab)
    assert sender.text() == "desk@example.org"
    sender.set_text("")
    form.transport.button("practice").click()
    assert sender.text() == PRACTICE_SENDER
    assert saved == []


def test_a_test_needs_an_address(sheet: MailSettingsSheet, tested: list[Any]) -> None:
    sheet.test_button.click()
    assert tested == []
    assert sheet.test_to.error == "Enter an e-mail address."


def test_a_failed_test_says_the_servers_words(sheet: MailSettingsSheet, tested: list[Any]) -> None:
    sheet.test_to.set_text("me@example.org")
    sheet.test_button.click()
    sheet.show_failure(Refused(problem(detail="mail.example.org refused the login: 535 no.")))
    assert sheet.result.text() == "mail.example.org refused the login: 535 no."
    assert sheet.result.property("role") == "error"
    assert sheet.test_button.isEnabled()


def test_a_test_that_only_fields_are_to_blame_for_is_not_said_to_go_on(
    sheet: MailSettingsSheet, tested: list[Any]
) -> None:
    sheet.test_to.set_text("me@example.org")
    sheet.test_button.click()
    assert sheet.result.text() == "Sending a test…"
    sheet.show_failure(Refused(problem(("mail.port", "Nothing listens there."))))
    assert sheet.form.port.error == "Nothing listens there."
    assert sheet.result.isHidden()


def test_editing_takes_the_old_result_away(sheet: MailSettingsSheet, qtbot: QtBot) -> None:
    sheet.show_test_result({"ok": True, "text": "It is on its way.", "log": ["EHLO"]})
    qtbot.keyClicks(sheet.form.host.editor, "x")
    assert sheet.result.isHidden()
    assert sheet.log.isHidden()


def test_enter_sends_the_test_and_the_focus_stays_where_it_was(
    sheet: MailSettingsSheet, tested: list[Any], qtbot: QtBot
) -> None:
    sheet.test_to.set_text("me@example.org")
    for widget, key in (
        (sheet.test_to.editor, Qt.Key.Key_Return),
        (sheet.test_button, Qt.Key.Key_Space),
    ):
        widget.setFocus()
        qtbot.keyClick(widget, key)
        assert QApplication.focusWidget() is widget
        sheet.show_failure(ClientError("no"))
        assert QApplication.focusWidget() is widget
    assert len(tested) == 2


@pytest.mark.parametrize("kept", [None, "session"])
def test_it_opens_on_the_password_where_that_is_missing(
    sheet: MailSettingsSheet, kept: str | None
) -> None:
    sheet.close()
    sheet.show_settings(settings_with(password_set=kept is not None, password_kept=kept))
    sheet.open()
    form = sheet.form
    wanted = form.transport.button("smtp") if kept else form.password.editor
    assert QApplication.focusWidget() is wanted


def test_a_refused_login_is_told_below_the_test_and_typed_anew(
    sheet: MailSettingsSheet, saved: list[Any]
) -> None:
    sheet.test_to.set_text("me@example.org")
    sheet.test_button.click()
    sheet.show_failure(Refused(problem(("mail.password", "The login was refused."))))
    assert sheet.result.text() == "The login was refused."
    assert QApplication.focusWidget() is sheet.form.password.editor
    sheet.save_button.click()
    assert len(saved) == 1
