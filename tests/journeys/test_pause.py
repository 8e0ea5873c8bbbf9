"""A person pauses, types an item, sees why it waits, resumes, and it leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop.client.api import TaskQuery
from desktop.settings.paths import DataFolder
from tests.journeys.following import present_backend, until
from tests.journeys.test_main_job import type_item

if TYPE_CHECKING:
    from pathlib import Path

    from tests.journeys.conftest import ApiOf, Start
    from tests.journeys.screen import Screen

pytestmark = pytest.mark.display


def test_what_is_typed_during_a_pause_waits_with_its_reason_and_leaves_on_resume(
    screen: Screen, start_window: Start, api_of: ApiOf, tmp_path: Path
) -> None:
    start_window(tmp_path)
    window = screen.window("^Sendoff")
    screen.keys(window, "ctrl+shift+p")  # whether it has its backend yet or not
    backend = present_backend(tmp_path)
    api = api_of(backend)
    until(backend, lambda: any(queue["paused"] for queue in api.queues()))
    type_item(screen, window, "Ada Lovelace", "ada@example.org")
    until(backend, lambda: bool(api.page(TaskQuery(states=("queued",)))["tasks"]))
    (row,) = api.page(TaskQuery())["tasks"]
    assert row["why"].startswith("Paused since ")
    assert list(DataFolder(tmp_path).outbox.glob("*.eml")) == []
    screen.keys(window, "ctrl+shift+p")
    until(backend, lambda: bool(api.page(TaskQuery(states=("succeeded",)))["tasks"]))
    (kept,) = DataFolder(tmp_path).outbox.glob("*.eml")
    assert b"ada@example.org" in kept.read_bytes()
