"""An update under an open window: it says so, and goes on in a new one with what is typed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from desktop import builds
from desktop.gui.frame import updates
from desktop.gui.frame.updates import UPDATED
from sendoff_tasks.folder.safe_files import write_atomic
from tests.shell.conftest import sendoff
from tests.windows import await_calls

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from desktop.settings.office_folder import OfficeFolder
    from tests.gui.play import Perform, Play


def test_the_restart_goes_on_in_a_new_window_with_what_is_typed(
    perform: Perform, data: OfficeFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "resources" / "build"
    file.parent.mkdir()
    file.write_text(builds.BUILD)
    for module in (builds, updates):
        monkeypatch.setattr(module, "BUILD_FILE", file)
    monkeypatch.setattr(updates, "SETTLED_MS", 50)

    async def scene(play: Play) -> None:
        play.window.form.fields["recipient.name"].replace("Ada")
        before = play.api.backend.pid
        write_atomic(file, b"0.1.0+200")
        notices = play.window.notices
        await play.until(lambda: UPDATED in notices.names())
        source = play.program.source
        await play.until(lambda: source.api and source.api.backend.pid != before)
        notices.choose(UPDATED, "restart")
        await play.until(play.window.isHidden)

    perform(scene)
    await_calls(data)
    assert sendoff(data.root, "quit").returncode == 0
    form = json.loads((data.drafts / "form.json").read_text())
    assert form["values"]["recipient.name"] == "Ada"
