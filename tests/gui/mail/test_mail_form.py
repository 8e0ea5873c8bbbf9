"""The form of the mail settings: the provider, its server and password, and the limits."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop.gui.mail.account import OTHER
from desktop.gui.mail.mail_settings import MailSettingsSheet
from desktop.settings.preferences import MailSettings
from sendoff_tasks.client.errors import Refused
from sendoff_tasks.folder.queue_limits import QueueSettings
from tests.gui.hands import pick
from tests.gui.mail.conftest import problem, save, settings_with

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.contract.settings import SettingsView


def of_gmail(**mail: Any) -> SettingsView:
    return settings_with(host="smtp.gmail.com", **mail)


def test_each_setting_of_mail_and_its_queue_has_a_field(sheet: MailSettingsSheet) -> None:
    assert sheet.form.typed().keys() == {each.name for each in fields(MailSettings)}
    assert sheet.limits.typed().keys() == {each.name for each in fields(QueueSettings)}


def test_the_address_finds_the_provider_and_fills_in_the_rest(
    sheet: MailSettingsSheet, saved: list[Any], qtbot: QtBot
) -> None:
    sheet.show_settings(settings_with(host="", user="", sender=""))
    form = sheet.form
    assert (form.provider.value(), form.server.isVisible()) == (OTHER, True)
    assert form.limits.isHidden()
    form.more_limits.click()
    assert form.limits.isVisible()
    form.more_limits.click()
    form.sent_from.editor.setFocus()
    qtbot.keyClicks(form.sent_from.editor, "Club <club@gmail.com>")
    qtbot.keyClick(form.sent_from.editor, Qt.Key.Key_Tab)
    assert form.provider.currentText() == "Gmail"
    assert form.server.isHidden()
    assert form.limits.isHidden()
    form.password.set_text("abcd efgh")
    save(sheet)
    mail = saved[0]["mail"]
    assert (mail["host"], mail["port"], mail["security"]) == ("smtp.gmail.com", 587, "starttls")
    assert mail["user"] == "club@gmail.com"


def test_another_provider_is_chosen_and_again_another_server(
    sheet: MailSettingsSheet, qtbot: QtBot
) -> None:
    form = sheet.form
    form.sent_from.editor.setFocus()
    form.sent_from.set_text("club@gmail.com")
    qtbot.keyClick(form.sent_from.editor, Qt.Key.Key_Tab)
    assert form.host.text() == "mail.example.org"  # what was typed stays
    pick(form.provider, "STRATO")
    assert (form.port.text(), form.security.value()) == ("465", "tls")
    assert form.user.text() == "tickets"
    form.provider.chosen.emit(OTHER)
    assert (form.host.text(), form.server.isVisible()) == ("", True)


def test_the_second_part_opens_when_asked_for_and_for_an_error_in_it(
    sheet: MailSettingsSheet,
) -> None:
    sheet.show_settings(of_gmail())
    form = sheet.form
    assert form.server.isHidden()
    form.more.click()
    assert form.server.isVisible()
    assert form.limits.isHidden()
    form.more.click()
    assert form.server.isHidden()
    form.port.set_text("none")
    sheet.save_button.click()
    assert form.server.isVisible()
    assert form.port.error
    sheet.show_settings(of_gmail())
    sheet.save_button.setFocus()
    sheet.show_failure(Refused(problem(("mail.user", "Enter a login."))))
    assert form.user.isVisible()


def test_it_says_where_to_get_an_app_password(
    sheet: MailSettingsSheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sheet.form.app_password.isHidden()
    sheet.show_settings(of_gmail())
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    sheet.form.app_password.click()
    assert opened == [QUrl("https://myaccount.google.com/apppasswords")]


def test_stored_limits_are_shown_and_come_back(
    sheet: MailSettingsSheet,
) -> None:
    stored = settings_with() | {
        "queues": {"mail": {"rate": "30/min", "concurrency": 4, "per_day": 1500}}
    }
    sheet.show_settings(stored)
    _, at_once, per_day = sheet.limits.fields.values()
    rate = sheet.limits.rate
    assert (rate.rate(), at_once.text(), per_day.text()) == ("30/min", "4", "1500")
    assert sheet.form.taken.rates.text() == "30 a minute, 1,500 a day"
    assert sheet.limits.isHidden()
    pick(rate.span, "s")
    sheet.close()
    sheet.question.buttons[1].click()
    assert rate.rate() == "30/min"


@pytest.mark.parametrize(
    ("rate", "also", "at_once", "per_day", "kept"),
    [
        ("30/min", None, "", "", {"rate": "30/min", "concurrency": None, "per_day": None}),
        ("5/s", "9/h", " 2 ", " 1500", {"rate": "5/s, 9/h", "concurrency": 2, "per_day": 1500}),
    ],
)
def test_they_are_saved_for_the_queue_of_messages_and_empty_means_as_usual(
    sheet: MailSettingsSheet,
    saved: list[Any],
    rate: str,
    also: str | None,
    at_once: str,
    per_day: str,
    kept: dict[str, Any],
) -> None:
    sheet.limits.rate.set_rate(rate)
    sheet.limits.also.set_rate(also)
    for name, text in (("concurrency", at_once), ("per_day", per_day)):
        sheet.limits.fields[name].set_text(text)
    sheet.save_button.click()
    assert [body["queues"] for body in saved] == [{"mail": kept}]


def test_what_is_no_limit_is_said_at_its_field_and_not_saved(
    sheet: MailSettingsSheet, saved: list[Any], qapp: QApplication
) -> None:
    for name, text in (
        ("concurrency", "many"),
        ("concurrency", "99999999999"),
        ("per_day", "1000001"),
    ):
        field = sheet.limits.fields[name]
        field.set_text(text)
        sheet.save_button.click()
        assert saved == []
        assert "from 1" in field.error
        assert qapp.focusWidget() is field.editor
        field.set_text("")
        assert not field.error


def test_another_password_is_kept_like_the_one_before(
    sheet: MailSettingsSheet, saved: list[Any], qtbot: QtBot
) -> None:
    for kept in ("session", "file", "keyring"):
        sheet.show_settings(settings_with(password_kept=kept))
        qtbot.keyClicks(sheet.form.password.editor, "changed")
        sheet.save_button.click()
        assert saved[-1]["mail"]["keep_password"] == kept
        sheet.show_failure(Refused(problem(("mail.port", "No."))))


def test_the_password_that_is_missing_or_refused_comes_into_sight(
    sheet: MailSettingsSheet, host: QWidget, qtbot: QtBot
) -> None:
    def seen(part: QWidget) -> bool:
        return part.isVisible() and part.visibleRegion().boundingRect() == part.rect()

    password = sheet.form.password
    sheet.close()
    host.resize(800, 300)
    sheet.show_settings(settings_with(password_kept=None))
    sheet.open()
    qtbot.waitUntil(lambda: seen(password.editor))
    qtbot.keyClicks(password.editor, "secret")
    sheet.save_button.click()
    refused = problem(("mail.password", "There is no keyring. " * 5))
    refused["errors"][0]["reason"] = "no_keyring"
    sheet.show_failure(Refused(refused))
    QTest.qWait(0)  # it is laid out, then scrolled to
    QApplication.processEvents()
    assert seen(sheet.form.keeping)
    assert QApplication.focusWidget() is sheet.form.keeping.until_quit


@pytest.mark.parametrize("field", ["host", "user"])
def test_the_password_of_another_login_is_asked_for(
    sheet: MailSettingsSheet, saved: list[Any], tested: list[Any], qtbot: QtBot, field: str
) -> None:
    form, password = sheet.form, sheet.form.password
    before = form.fields[field].text()
    sheet.test_to.set_text("me@example.org")
    form.fields[field].replace("other.example.org")
    assert password.editor.placeholderText() == "Needed for this server and user name"
    assert form.forget.isHidden()
    sheet.test_button.click()
    sheet.save_button.click()
    assert (saved, tested) == ([], [])
    asked = "Type the password: the stored one is for tickets at mail.example.org."
    assert password.error == asked
    assert QApplication.focusWidget() is password.editor
    form.fields[field].replace(before)
    assert (password.error, password.editor.placeholderText()) == ("", "Stored in the keyring")
    assert form.forget.isVisible()
    form.fields[field].replace("other.example.org")
    qtbot.keyClicks(password.editor, "secret")
    save(sheet)
    assert saved[0]["mail"]["password"] == "secret"


def test_a_password_that_comes_with_the_start_is_that_of_every_login(
    sheet: MailSettingsSheet, saved: list[Any]
) -> None:
    sheet.show_settings(settings_with(password_kept="environment"))
    sheet.form.host.replace("other.example.org")
    assert sheet.form.password.editor.placeholderText() == "Given when Sendoff was started"
    save(sheet)
    assert saved[0]["mail"]["host"] == "other.example.org"


def test_the_password_of_a_provider_that_was_chosen_is_asked_for(sheet: MailSettingsSheet) -> None:
    pick(sheet.form.provider, "Gmail")
    shown = sheet.form.password.editor.placeholderText()
    assert shown == "Needed for this server and user name"


@pytest.mark.parametrize(("field", "limit"), [("host", 253), ("user", 320), ("password", 1000)])
def test_a_field_takes_as_many_characters_as_the_settings(
    sheet: MailSettingsSheet, saved: list[Any], field: str, limit: int
) -> None:
    sheet.show_settings(settings_with(password_kept=None))
    sheet.form.fields[field].replace("x" * (limit + 1))
    sheet.save_button.click()
    assert sheet.form.fields[field].error == f"This is longer than {limit} characters."
    sheet.form.fields[field].replace("x" * limit)
    save(sheet)
    assert saved[0]["mail"][field] == "x" * limit


def test_a_login_without_encryption_is_warned_of(sheet: MailSettingsSheet) -> None:
    form = sheet.form
    assert form.security_error.isHidden()
    pick(form.security, "none")
    assert "read the password" in form.security_error.text()
    assert form.security_error.isVisible()
    for field, text in ((form.user, ""), (form.host, "localhost")):
        before = field.text()
        field.replace(text)
        assert form.security_error.isHidden()
        field.replace(before)
        assert form.security_error.isVisible()
