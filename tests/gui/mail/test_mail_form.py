"""The form of the mail settings: the provider, its server and password, and the limits."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desktop.gui.mail.account import OTHER
from desktop.gui.mail.mail_settings import MailSettingsDialog
from desktop.settings.preferences import MailSettings
from sendoff_tasks.client.errors import Refused
from sendoff_tasks.folder.queue_limits import QueueSettings
from tests.gui.hands import answer, pick
from tests.gui.mail.conftest import problem, save, settings_with

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.contract.settings import SettingsView


def of_gmail(**mail: Any) -> SettingsView:
    return settings_with(host="smtp.gmail.com", **mail)


def test_each_setting_of_mail_and_its_queue_has_a_field(sheet: MailSettingsDialog) -> None:
    assert sheet.form.typed().keys() == {each.name for each in fields(MailSettings)}
    assert sheet.limits.typed().keys() == {each.name for each in fields(QueueSettings)}


def test_another_provider_is_chosen_and_again_another_server(
    sheet: MailSettingsDialog, qtbot: QtBot
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
    sheet: MailSettingsDialog,
) -> None:
    sheet.show_settings(of_gmail())
    form = sheet.form
    assert form.server.isHidden()
    form.more.click()
    assert form.server.isVisible()
    assert form.limits.isHidden()
    form.more.click()
    assert form.server.isHidden()
    for is_open in (True, False):
        form.more_limits.click()
        assert form.limits.isVisible() is is_open
    form.port.set_text("none")
    sheet.save_button.click()
    assert form.server.isVisible()
    assert form.port.error
    sheet.show_settings(of_gmail())
    sheet.save_button.setFocus()
    sheet.show_failure(Refused(problem(("mail.user", "Enter a login."))))
    assert form.user.isVisible()


def test_stored_limits_are_shown_and_come_back(
    sheet: MailSettingsDialog,
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
    answer("Discard")
    assert rate.rate() == "30/min"


def test_they_are_saved_for_the_queue_of_messages_and_empty_means_as_usual(
    sheet: MailSettingsDialog, saved: list[Any]
) -> None:
    limits = sheet.limits
    for typed, rate, *numbers in (
        (("30/min", None, "", ""), "30/min", None, None),
        (("5/s", "9/h", " 2 ", " 1500"), "5/s, 9/h", 2, 1500),
    ):
        limits.rate.set_rate(typed[0])
        limits.also.set_rate(typed[1])
        for name, text in zip(("concurrency", "per_day"), typed[2:], strict=True):
            limits.fields[name].set_text(str(text))
        sheet.save_button.click()
        at_once, per_day = numbers
        kept = {"rate": rate, "concurrency": at_once, "per_day": per_day}
        assert saved[-1]["queues"] == {"mail": kept}
        sheet.show_failure(Refused(problem(("window", "No."))))


def test_what_is_no_limit_is_said_at_its_field_and_not_saved(
    sheet: MailSettingsDialog, saved: list[Any], qapp: QApplication
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


@pytest.mark.parametrize("field", ["host", "user"])
def test_the_password_of_another_login_is_asked_for(
    sheet: MailSettingsDialog, saved: list[Any], tested: list[Any], qtbot: QtBot, field: str
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
    sheet: MailSettingsDialog, saved: list[Any]
) -> None:
    sheet.show_settings(settings_with(password_kept="environment"))
    sheet.form.host.replace("other.example.org")
    assert sheet.form.password.editor.placeholderText() == "Given when Sendoff was started"
    save(sheet)
    assert saved[0]["mail"]["host"] == "other.example.org"


def test_a_login_without_encryption_is_warned_of(sheet: MailSettingsDialog) -> None:
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


def test_sending_hours_are_chosen_and_end_after_they_begin(
    sheet: MailSettingsDialog, saved: list[Any]
) -> None:
    hours = sheet.form.hours
    sheet.show_settings(settings_with(hours="Sun-Thu 8:30-17:15"))
    assert (hours.value(), sheet.has_changes()) == ("Sun-Thu 8:30-17:15", False)  # by hand
    sheet.show_settings(settings_with(hours=""))
    assert (hours.value(), hours.begin.isHidden()) == ("", True)
    pick(hours.days, "Mon-Sat")
    assert hours.value() == "Mon-Sat 8:00-18:00"
    pick(hours.begin, "18:00")
    assert hours.value() == "Mon-Sat 18:00-19:00"
    pick(hours.end, "7:00")
    assert hours.value() == "Mon-Sat 6:00-7:00"
    save(sheet)
    assert saved[0]["mail"]["hours"] == "Mon-Sat 6:00-7:00"


def test_copies_are_chosen_only_where_the_provider_has_a_folder_for_them(
    sheet: MailSettingsDialog, saved: list[Any]
) -> None:
    form = sheet.form
    gmx = settings_with(host="mail.gmx.net", user="ada@gmx.net", sender="ada@gmx.net")
    for settings in (settings_with(), settings_with(host="smtp.gmail.com")):
        sheet.show_settings(settings)
        assert form.copies.isHidden()
    sheet.show_settings(gmx)
    assert (form.copies.isHidden(), form.copies.choice.value()) == (False, "single")
    pick(form.copies.choice, "all")
    save(sheet)
    assert saved[0]["mail"]["sent_copies"] == "all"
