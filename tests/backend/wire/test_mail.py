"""The bodies and answers of ``/settings``."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from desktop.backend.wire import mail as wire
from desktop.contract import settings as contract
from desktop.settings import preferences
from sendoff_tasks.folder.queue_limits import QueueSettings

SECRET = {
    *("password", "keep_password", "password_set", "password_kept"),
    *("client_secret", "client_secret_set"),
}


@pytest.mark.parametrize(
    ("kept", "shown", "changed"),
    [
        (preferences.Settings, contract.SettingsView, wire.SettingsChange),
        (preferences.MailSettings, contract.MailView, wire.MailChange),
        (preferences.WindowSettings, contract.WindowView, wire.WindowChange),
        (preferences.KeepSettings, contract.KeepView, wire.KeepChange),
        (QueueSettings, contract.QueueView, wire.QueueChange),
    ],
)
def test_what_is_kept_is_shown_and_can_be_changed(kept: Any, shown: Any, changed: Any) -> None:
    names = {each.name for each in fields(kept)}
    assert shown.__annotations__.keys() - SECRET == names
    assert changed.__annotations__.keys() - SECRET == names
