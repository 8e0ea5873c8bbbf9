"""A person types an item and reads its confirmation; pauses, sees what waits, and resumes."""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from email import policy
from email.parser import BytesParser
from typing import TYPE_CHECKING

import pytest

from desktop.contract.office import office_row
from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.client.calls import SortedFilter
from sendoff_tasks.model.reasons import Reason
from tests import WITHIN
from tests.journeys.following import ended, present_backend, until

if TYPE_CHECKING:
    from pathlib import Path

    from sendoff_tasks.model.tasks import TaskRow
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


def test_an_item_typed_by_hand_is_confirmed_and_one_typed_during_a_pause_on_resume(
    screen: Screen, start_window: Start, api_of: ApiOf, tmp_path: Path
) -> None:
    """The mail can be read; what is typed in a pause waits with its reason; Ctrl+Q ends it all."""
    program = start_window(tmp_path)
    window = screen.window("^Sendoff")
    backend = present_backend(tmp_path)
    api, outbox = api_of(backend), OfficeFolder(tmp_path).outbox

    def in_state(state: str) -> list[TaskRow]:
        return api.page(SortedFilter(states=(state,)))["tasks"]

    type_item(screen, window, "Ada Lovelace", "ada@example.org")
    until(backend, lambda: bool(in_state("succeeded")))
    (row,) = api.page(SortedFilter())["tasks"]
    assert office_row(row)["to"] == "Ada Lovelace <ada@example.org>"
    message = api.message(row["id"])
    assert "Ada Lovelace" in message["text"]
    (first,) = outbox.glob("*.eml")
    mail = BytesParser(policy=policy.default).parsebytes(first.read_bytes())
    assert mail["To"].addresses[0].addr_spec == "ada@example.org"
    assert mail["To"].addresses[0].display_name == "Ada Lovelace"

    screen.keys(window, "ctrl+shift+p")
    until(backend, lambda: any(queue["paused"] for queue in api.queues()))
    type_item(screen, window, "Bo Chen", "bo@example.org")
    until(backend, lambda: bool(in_state("queued")))
    assert in_state("queued")[0]["reason"] == Reason.ALL_PAUSED
    assert [*outbox.glob("*.eml")] == [first]
    screen.keys(window, "ctrl+shift+p")
    until(backend, lambda: len(in_state("succeeded")) == 2)
    (kept,) = {*outbox.glob("*.eml")} - {first}
    assert b"bo@example.org" in kept.read_bytes()

    watched = os.pidfd_open(backend.pid)
    for _ in range(int(WITHIN / EVERY)):  # it asks until it has heard that Bo's message left
        if program.poll() is None:
            with suppress(subprocess.SubprocessError):  # or has just gone
                screen.keys(window, "ctrl+q")
                program.wait(EVERY)
    assert program.returncode == 0
    assert ended(watched)
    assert not OfficeFolder(tmp_path).backend_file.exists()
