"""A session that begins sends what was planned for then, with nobody there."""

from __future__ import annotations

import shlex
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from desktop.settings import autostart
from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.client.calls import SortedFilter, new_key
from sendoff_tasks.model.times import utc_time
from tests import WITHIN
from tests.journeys.following import present_backend, until
from tests.looking import eventually

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.contract.items import NewItem
    from tests.journeys.conftest import ApiOf, Start
    from tests.journeys.screen import Screen

pytestmark = pytest.mark.display


@pytest.mark.skipif(sys.platform != "linux", reason="sessions of other systems begin otherwise")
def test_a_session_that_begins_sends_what_was_planned_for_then(
    screen: Screen,
    start_window: Start,
    api_of: ApiOf,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    data = OfficeFolder(tmp_path / "data")
    program = start_window(data.root)
    backend = present_backend(data.root)
    soon = utc_time(datetime.now(UTC) + timedelta(seconds=10))
    item: NewItem = {"recipient": {"name": "Ada", "email": "ada@example.org"}, "run_at": soon}
    api_of(backend).items.submit(None, item, new_key())
    autostart.switch(data.root, on=True)
    program.send_signal(signal.SIGTERM)
    program.wait(WITHIN)

    entry = (tmp_path / "config" / "autostart" / "sendoff.desktop").read_text()
    command = shlex.split(entry.rpartition("Exec=")[2])
    with subprocess.Popen(command, env=screen.environment()) as session:
        eventually(lambda: list(data.outbox.glob("*.eml")))
        backend = present_backend(data.root)
        api = api_of(backend)
        until(backend, lambda: bool(api.page(SortedFilter(states=("succeeded",)))["tasks"]))
        session.send_signal(signal.SIGTERM)
