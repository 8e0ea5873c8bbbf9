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

    from desktop.contract.tasks import TaskRow
    from tests.journeys.conftest import ApiOf, Start
    from tests.journeys.screen import Screen

pytestmark = pytest.mark.display


def test_what_is_typed_during_a_pause_waits_with_its_reason_and_leaves_on_resume(
    screen: Screen, start_window: Start, api_of: ApiOf, tmp_path: Path
) -> None:
    start_window(tmp_path)
    window = screen.window("^Sendoff")
    backend = present_backend(tmp_path)
    api, outbox = api_of(backend), DataFolder(tmp_path).outbox

    def in_state(state: str) -> list[TaskRow]:
        return api.page(TaskQuery(states=(state,)))["tasks"]

    type_item(screen, window, "Bo", "bo@example.org")
    until(backend, lambda: len(in_state("succeeded")) == 1)  # so the window has its backend
    screen.keys(window, "ctrl+shift+p")
    until(backend, lambda: any(queue["paused"] for queue in api.queues()))
    type_item(screen, window, "Ada Lovelace", "ada@example.org")
    until(backend, lambda: bool(in_state("queued")))
    assert in_state("queued")[0]["why"].startswith("Paused since ")
    (first,) = outbox.glob("*.eml")
    screen.keys(window, "ctrl+shift+p")
    until(backend, lambda: len(in_state("succeeded")) == 2)
    (kept,) = {*outbox.glob("*.eml")} - {first}
    assert b"ada@example.org" in kept.read_bytes()
