"""*Save* asks once of settings whose test failed, and of a server that was not tried."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtWidgets import QApplication

from sendoff_tasks.client.errors import Refused
from tests.gui.mail.conftest import problem, settings_with

if TYPE_CHECKING:
    from desktop.gui.mail.mail_settings import MailSettingsSheet


@pytest.mark.parametrize("changes", [False, True])
def test_save_asks_once_after_a_failed_test_of_these_settings(
    sheet: MailSettingsSheet, saved: list[Any], changes: bool
) -> None:
    sheet.test_to.set_text("me@example.org")
    sheet.test_button.click()
    sheet.show_failure(Refused(problem(("mail.password", "The login was refused."))))
    assert sheet.result.text() == "The login was refused."
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
    sheet: MailSettingsSheet, saved: list[Any]
) -> None:
    sheet.form.port.replace("2525")
    sheet.save_button.click()
    assert "This server was not tried yet." in sheet.trouble.text()
    assert not saved
    sheet.save_button.click()
    assert len(saved) == 1
    assert not sheet.trouble.text()


def test_a_server_that_was_tried_is_saved(sheet: MailSettingsSheet, saved: list[Any]) -> None:
    sheet.form.port.replace("2525")
    sheet.test_to.set_text("me@example.org")
    sheet.test_button.click()
    sheet.form.sent_from.replace("tickets@example.org")
    sheet.show_test_result({"sent": True, "text": "It is on its way."})
    sheet.show_settings(settings_with(port=2525))
    sheet.save_button.click()
    assert [each["mail"]["sender"] for each in saved][1:] == ["tickets@example.org"]


def test_a_test_that_succeeds_takes_the_failed_one_before_it_back(
    sheet: MailSettingsSheet, saved: list[Any]
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


def test_the_server_that_sent_before_practice_is_known(
    sheet: MailSettingsSheet, saved: list[Any]
) -> None:
    sheet.show_settings(settings_with(transport="practice"))
    sheet.open_for_real()
    sheet.save_button.click()
    assert [each["mail"]["transport"] for each in saved] == ["smtp"]
