"""The password in the mail settings: how another one is kept, and that it comes into sight."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop.client.errors import Refused
from tests.gui.mail.conftest import problem, settings_with

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.mail.mail_settings import MailSettingsSheet


def test_another_password_is_kept_like_the_one_before(
    sheet: MailSettingsSheet, saved: list[Any], qtbot: QtBot
) -> None:
    """It asked again where a password was kept until the end, though there is still no keyring."""
    for kept in ("session", "file", "keyring"):
        sheet.show_settings(settings_with(password_kept=kept))
        qtbot.keyClicks(sheet.form.password.editor, "changed")
        sheet.save_button.click()
        assert saved[-1]["mail"]["keep_password"] == kept
        sheet.show_failure(Refused(problem(("mail.port", "No."))))


@pytest.mark.parametrize("height", range(300, 500, 40))
def test_the_password_that_is_missing_or_refused_comes_into_sight(
    sheet: MailSettingsSheet, host: QWidget, qtbot: QtBot, height: int
) -> None:
    """In a low window with large text, *Save* seemed to do nothing."""

    def seen(part: QWidget) -> bool:
        return part.isVisible() and part.visibleRegion().boundingRect() == part.rect()

    password = sheet.form.password
    sheet.close()
    host.resize(800, height)
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
    assert seen(password.message)
    assert QApplication.focusWidget() is password.editor
