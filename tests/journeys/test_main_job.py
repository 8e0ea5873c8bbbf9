"""A person types an item; its confirmation leaves and can be read."""

from __future__ import annotations

import os
import signal
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


def type_item(screen: Screen, window: str, name: str, address: str) -> None:
    """Do what README says: type the name, Tab, the address, Ctrl+Enter."""
    screen.type(window, name)
    screen.keys(window, "Tab")
    screen.type(window, address)
    screen.keys(window, "ctrl+Return")


def test_an_item_typed_by_hand_is_confirmed_by_a_mail_that_can_be_read(
    screen: Screen, start_window: Start, api_of: ApiOf, tmp_path: Path
) -> None:
    start_window(tmp_path)
    window = screen.window("^Sendoff")
    backend = present_backend(tmp_path)
    api = api_of(backend)
    type_item(screen, window, "Ada Lovelace", "ada@example.org")
    until(backend, lambda: bool(api.page(TaskQuery(states=("succeeded",)))["tasks"]))
    (row,) = api.page(TaskQuery())["tasks"]
    assert row["to"] == "Ada Lovelace <ada@example.org>"
    message = api.message(row["id"])
    assert "Ada Lovelace" in message["text"]
    (kept,) = DataFolder(tmp_path).outbox.glob("*.eml")
    mail = BytesParser(policy=policy.default).parsebytes(kept.read_bytes())
    assert mail["To"].addresses[0].addr_spec == "ada@example.org"
    assert mail["To"].addresses[0].display_name == "Ada Lovelace"


def test_the_window_killed_hard_leaves_no_backend_behind(
    screen: Screen, start_window: Start, tmp_path: Path
) -> None:
    program = start_window(tmp_path)
    screen.window("^Sendoff")
    backend = present_backend(tmp_path)
    watched = os.pidfd_open(backend.pid)
    program.kill()
    program.wait()
    assert ended(watched, within=30.0)


def test_closing_the_window_ends_program_and_backend(
    screen: Screen, start_window: Start, tmp_path: Path
) -> None:
    program = start_window(tmp_path)
    window = screen.window("^Sendoff")
    watched = os.pidfd_open(present_backend(tmp_path).pid)
    screen.keys(window, "ctrl+q")
    assert program.wait(WITHIN) == 0
    assert ended(watched, within=30.0)
    assert not DataFolder(tmp_path).backend_file.exists()


def test_a_second_window_gives_way_to_the_first(
    screen: Screen, start_window: Start, tmp_path: Path
) -> None:
    first = start_window(tmp_path)
    screen.window("^Sendoff")
    assert start_window(tmp_path).wait(WITHIN) == 0
    assert first.poll() is None


def test_a_killed_backend_comes_back_under_the_open_window(
    screen: Screen, start_window: Start, api_of: ApiOf, tmp_path: Path
) -> None:
    start_window(tmp_path)
    window = screen.window("^Sendoff")
    before = present_backend(tmp_path)
    watched = os.pidfd_open(before.pid)
    os.kill(before.pid, signal.SIGKILL)
    assert ended(watched, within=30.0)
    type_item(screen, window, "Bo Chen", "bo@example.org")
    after = present_backend(tmp_path, other_than=before)
    api = api_of(after)
    until(after, lambda: bool(api.page(TaskQuery(states=("succeeded",)))["tasks"]))
