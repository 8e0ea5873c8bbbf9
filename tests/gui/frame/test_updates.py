"""An update under an open window: it says so, and goes on in a new one with what is typed."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest

from desktop import builds
from desktop.client import supervisor
from desktop.client.child import spawn
from desktop.gui.frame import updates
from desktop.gui.frame.updates import UPDATED
from desktop.gui.one_window import OneWindow
from sendoff_tasks.client.health import running_backend
from sendoff_tasks.folder.safe_files import write_atomic
from sendoff_tasks.model.problems import CONTRACT
from tests.gui.sentence.rows import rows_in
from tests.looking import eventually
from tests.shell.conftest import sendoff
from tests.test_builds import SECOND, lay_out, with_contract
from tests.windows import await_calls, path_of

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.settings.office_folder import OfficeFolder
    from tests.gui.play import Perform, Play


def test_the_restart_goes_on_in_a_new_window_with_what_is_typed(
    perform: Perform, data: OfficeFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "resources" / "build"
    file.parent.mkdir()
    file.write_text(builds.BUILD)
    monkeypatch.setattr(builds, "BUILD_FILE", file)
    monkeypatch.setattr(updates, "is_packed", lambda: True)
    monkeypatch.setattr(updates, "EVERY", 0.05)

    async def scene(play: Play) -> None:
        play.window.form.fields["recipient.name"].replace("Ada")
        before = play.api.backend.pid
        write_atomic(file, b"0.1.0+200")
        await play.until(lambda: UPDATED in play.told())
        source = play.program.source
        await play.until(lambda: source.api and source.api.backend.pid != before)
        play.choose("restart")
        await play.until(play.window.isHidden)

    perform(scene)
    await_calls(data)
    assert sendoff(data.root, "quit").returncode == 0
    form = json.loads((data.drafts / "form.json").read_text())
    assert form["values"]["recipient.name"] == "Ada"


def test_an_update_with_another_api_says_first_that_a_restart_is_needed(
    perform: Perform, data: OfficeFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its backend is one of a second program, in a process of its own."""
    file = tmp_path / "build"
    file.write_text(builds.BUILD)
    monkeypatch.setattr(builds, "BUILD_FILE", file)
    monkeypatch.setattr(updates, "is_packed", lambda: True)
    monkeypatch.setattr(updates, "EVERY", 0.05)
    program = with_contract(lay_out(tmp_path / "program", SECOND), CONTRACT + 1)

    async def scene(play: Play) -> None:
        play.window.form.fields["recipient.name"].replace("Ada")
        monkeypatch.setattr(supervisor, "spawn", spawn)
        monkeypatch.setenv("PYTHONPATH", path_of(program)["PYTHONPATH"])
        await asyncio.to_thread(play.api.pause, None)
        await play.until(lambda: "paused" in play.told())
        write_atomic(file, SECOND.encode())
        await play.until(lambda: play.window.sentence.found[0].rank == 5)
        assert UPDATED in rows_in(play.window.sentence.found[0])
        play.choose("restart")
        await play.until(play.window.isHidden)

    perform(scene)
    await_calls(data)
    eventually(lambda: running_backend(data))
    assert OneWindow(data.window_lock).build_of_first() == SECOND
    assert sendoff(data.root, "quit").returncode == 0
    form = json.loads((data.drafts / "form.json").read_text())
    assert form["values"]["recipient.name"] == "Ada"


@pytest.mark.qt_log_ignore("This plugin does not support raise", extend=True)
def test_a_wish_to_quit_from_outside_waits_for_what_is_not_saved(perform: Perform) -> None:
    async def scene(play: Play) -> None:
        sheet = play.window.mail.dialog
        sheet.open()
        await play.until(lambda: not sheet.has_changes() and sheet.isVisible())
        sheet.form.sent_from.set_text("office@example.org")
        assert sheet.has_changes()
        assert not play.window.leave()
        assert sheet.isVisible()
        assert play.window.isVisible()

    perform(scene)
