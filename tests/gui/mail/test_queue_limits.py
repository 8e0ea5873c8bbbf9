"""How fast mails may leave is asked for, refused at its field, and stored for their queue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from desktop.client.errors import Refused
from desktop.gui.mail.mail_settings import MailSettingsSheet
from tests.gui.mail.conftest import problem, settings_with

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


def test_what_is_stored_is_shown_and_comes_back_after_cancel(sheet: MailSettingsSheet) -> None:
    stored = settings_with() | {
        "queues": {"mail": {"rate": "30/min", "concurrency": 4, "per_day": 1500}}
    }
    sheet.show_settings(stored)
    rate, at_once, per_day = sheet.limits.fields.values()
    assert (rate.text(), at_once.text(), per_day.text()) == ("30/min", "4", "1500")
    rate.set_text("5/s")
    sheet.cancel_button.click()
    assert rate.text() == "30/min"


@pytest.mark.parametrize(
    ("rate", "at_once", "per_day", "kept"),
    [
        ("", "", "", {"rate": None, "concurrency": None, "per_day": None}),
        (" 30/min ", "", "", {"rate": "30/min", "concurrency": None, "per_day": None}),
        ("5/s", " 2 ", " 1500", {"rate": "5/s", "concurrency": 2, "per_day": 1500}),
    ],
)
def test_they_are_saved_for_the_queue_of_messages_and_empty_means_as_usual(
    sheet: MailSettingsSheet,
    saved: list[Any],
    rate: str,
    at_once: str,
    per_day: str,
    kept: dict[str, Any],
) -> None:
    for name, text in (("rate", rate), ("concurrency", at_once), ("per_day", per_day)):
        sheet.limits.fields[name].set_text(text)
    sheet.save_button.click()
    assert [body["queues"] for body in saved] == [{"mail": kept}]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("rate", "30 per minute", "30/min"),
        ("rate", "0/s", "from 1"),
        ("concurrency", "0", "from 1"),
        ("concurrency", "many", "from 1"),
        ("concurrency", "99999999999", "from 1"),
        ("concurrency", "9" * 5000, "from 1"),
        ("per_day", "0", "from 1"),
        ("per_day", "1000001", "from 1"),
    ],
)
def test_what_is_no_limit_is_said_at_its_field_and_not_saved(
    sheet: MailSettingsSheet, saved: list[Any], qapp: QApplication, name: str, text: str, said: str
) -> None:
    field = sheet.limits.fields[name]
    field.set_text(text)
    sheet.save_button.click()
    assert saved == []
    assert said in field.error
    assert qapp.focusWidget() is field.editor


def test_a_refusal_of_the_backend_stands_at_its_field(sheet: MailSettingsSheet) -> None:
    sheet.show_failure(Refused(problem(("queues.mail.rate", "Too fast."))))
    assert sheet.limits.fields["rate"].error == "Too fast."
    assert sheet.trouble.isHidden()
