"""The dialog of the mail settings over a host, and what it asks to be saved and tested."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop.gui.mail.mail_settings import MailSettingsDialog
from sendoff_tasks.client.errors import Refused

if TYPE_CHECKING:
    from desktop.contract.settings import MailView, SettingsView
    from desktop.gui.kit.look.appearance import ThemeSource
    from sendoff_tasks.model.problems import Problem


CONTROL = Qt.KeyboardModifier.ControlModifier


def settings_with(**mail: Any) -> SettingsView:
    stored = {
        "transport": "smtp",
        "host": "mail.example.org",
        "port": 587,
        "security": "starttls",
        "user": "tickets",
        "sender": "Box office <tickets@example.org>",
        "default_recipient": "you@example.org",
        "sign_in": "",
        "client_id": "",
        "tenant": "",
        "hours": "",
        "sent_copies": "single",
        "password_set": True,
        "password_kept": "keyring",
        "client_secret_set": False,
    }
    return {
        "mail": cast("MailView", {**stored, **mail}),
        "window": {"grace_seconds": 5},
        "keep": {"tasks_days": 30, "messages_days": 30, "contents_days": 365, "items_days": 1095},
        "queues": {},
    }


def problem(*errors: tuple[str, str], detail: str = "") -> Problem:
    made: Problem = {"type": "about:blank", "title": "", "status": 422, "detail": detail}
    if errors:
        made["errors"] = [{"path": path, "message": message} for path, message in errors]
    return made


@pytest.fixture
def sheet(host: QWidget, themes: ThemeSource) -> MailSettingsDialog:
    made = MailSettingsDialog(host)
    made.show_settings(settings_with())
    made.open()
    return made


@pytest.fixture
def tested(sheet: MailSettingsDialog) -> list[dict[str, Any]]:
    seen: list[dict[str, Any]] = []
    sheet.test_requested.connect(seen.append)
    return seen


def save(sheet: MailSettingsDialog) -> None:
    """Press *Save*; where it asks of a server that was not tried, again."""
    sheet.save_button.click()
    if "not tried" in sheet.trouble.text():
        sheet.save_button.click()


def no_keyring(words: str = "This system has no keyring.") -> Refused:
    """Refuse to keep a password, which a person then has to decide about."""
    refused = problem(("mail.password", words))
    refused["errors"][0]["reason"] = "no_keyring"
    return Refused(refused)
