"""The mail settings in two parts: who sends through which provider, and the server behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices

from desktop.client.errors import Refused
from desktop.gui.mail.mail_form import OTHER
from desktop.gui.mail.providers import PROVIDERS, provider_of_address
from desktop.settings.preferences import PORTS
from tests.gui.mail.conftest import problem, settings_with

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.mail.mail_settings import MailSettingsSheet


def of_gmail(**mail: Any) -> dict[str, Any]:
    return settings_with(host="smtp.gmail.com", **mail)


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
    sheet.save_button.click()
    mail = saved[0]["mail"]
    assert (mail["host"], mail["port"], mail["security"]) == ("smtp.gmail.com", 587, "starttls")
    assert mail["user"] == "club@gmail.com"


def test_a_server_that_was_typed_stays(sheet: MailSettingsSheet, qtbot: QtBot) -> None:
    form = sheet.form
    form.sent_from.editor.setFocus()
    form.sent_from.set_text("club@gmail.com")
    qtbot.keyClick(form.sent_from.editor, Qt.Key.Key_Tab)
    assert form.host.text() == "mail.example.org"


def test_another_provider_is_chosen_and_again_another_server(sheet: MailSettingsSheet) -> None:
    form = sheet.form
    form.provider.set_value("smtp.strato.de")
    form.provider.chosen.emit("smtp.strato.de")
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
    assert form.limits.isVisible()
    form.more.click()
    assert form.server.isHidden()
    form.port.set_text("none")
    sheet.save_button.click()
    assert form.server.isVisible()
    assert form.port.error


def test_an_error_of_the_backend_at_the_login_opens_the_second_part(
    sheet: MailSettingsSheet,
) -> None:
    sheet.show_settings(of_gmail())
    sheet.save_button.setFocus()
    sheet.show_failure(Refused(problem(("mail.user", "Enter a login."))))
    assert sheet.form.user.isVisible()


def test_it_says_where_to_get_an_app_password(
    sheet: MailSettingsSheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sheet.form.app_password.isHidden()
    sheet.show_settings(of_gmail())
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    sheet.form.app_password.click()
    assert opened == [QUrl("https://myaccount.google.com/apppasswords")]


def test_practice_asks_for_no_provider(sheet: MailSettingsSheet) -> None:
    sheet.show_settings(of_gmail(transport="practice"))
    assert sheet.form.account.isHidden()
    assert sheet.form.server.isHidden()


def test_each_provider_has_the_usual_port_and_its_own_domains() -> None:
    domains = [domain for each in PROVIDERS for domain in each.domains]
    assert len(set(domains)) == len(domains)
    assert all(each.port == PORTS[each.security] for each in PROVIDERS)
    assert provider_of_address("Ada@GMX.net") is not None
    assert provider_of_address("ada@example.org") is None
