"""A person types an item; its confirmation leaves and can be read, also after a kill."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress
from email import policy
from email.parser import BytesParser
from typing import TYPE_CHECKING

import pytest

from desktop.client.api import TaskQuery
from desktop.settings.paths import DataFolder
from tests import WITHIN
from tests.journeys.following import ended, present_backend, until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.journeys.conftest import ApiOf, Start
    from tests.journeys.screen import Screen

pytestmark = pytest.mark.display
EVERY = 5.0


def type_item(screen: Screen, window: str, name: str, address: str) -> None:
    """Do what README says: type the name, Tab, the address, Ctrl+Enter."""
    screen.type(window, name)
    screen.keys(window, "Tab")
    screen.type(window, address)
    screen.keys(window, "ctrl+Return")


def test_an_item_typed_by_hand_is_confirmed_also_once_a_killed_backend_is_back(
    screen: Screen, start_window: Start, api_of: ApiOf, tmp_path: Path
) -> None:
    """The mail can be read; what is typed after a kill leaves, too; Ctrl+Q ends it all."""
    program = start_window(tmp_path)
    window = screen.window("^Sendoff")
    before = present_backend(tmp_path)
    api = api_of(before)
    type_item(screen, window, "Ada Lovelace", "ada@example.org")
    until(before, lambda: bool(api.page(TaskQuery(states=("succeeded",)))["tasks"]))
    (row,) = api.page(TaskQuery())["tasks"]
    assert row["to"] == "Ada Lovelace <ada@example.org>"
    message = api.message(row["id"])
    assert "Ada Lovelace" in message["text"]
    (kept,) = DataFolder(tmp_path).outbox.glob("*.eml")
    mail = BytesParser(policy=policy.default).parsebytes(kept.read_bytes())
    assert mail["To"].addresses[0].addr_spec == "ada@example.org"
    assert mail["To"].addresses[0].display_name == "Ada Lovelace"

    watched = os.pidfd_open(before.pid)
    os.kill(before.pid, signal.SIGKILL)
    assert ended(watched, within=30.0)
    type_item(screen, window, "Bo Chen", "bo@example.org")
    after = present_backend(tmp_path, other_than=before)
    api = api_of(after)
    until(after, lambda: len(api.page(TaskQuery(states=("succeeded",)))["tasks"]) == 2)

    watched = os.pidfd_open(after.pid)
    for _ in range(int(WITHIN / EVERY)):  # it asks until it has heard that Bo's message left
        if program.poll() is None:
            with suppress(subprocess.SubprocessError):  # or has just gone
                screen.keys(window, "ctrl+q")
                program.wait(EVERY)
    assert program.returncode == 0
    assert ended(watched, within=30.0)
    assert not DataFolder(tmp_path).backend_file.exists()
