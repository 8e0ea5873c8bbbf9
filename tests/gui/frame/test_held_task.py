"""Tasks whose file breaks while the window looks on: a bar, held rows, and what helps by itself."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton

from desktop.gui.frame import help_sheets

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from desktop.settings.paths import DataFolder
    from tests.gui.play import Perform, Play

GOOD = "from desktop.engine import task\n\n\n@task\ndef badge(name):\n    return name\n"
RENAMED = GOOD.replace("def badge", "def print_badge")
BROKEN = f"{GOOD}\nthis is no Python\n"
BAR = "own tasks badges.py"
INVALID = "The tasks in badges.py cannot be used: line 8: invalid syntax."


def test_they_are_held_with_their_reason_and_go_on_when_the_file_is_good_again(
    perform: Perform, data: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = data.tasks / "badges.py"
    file.write_text(GOOD, encoding="utf-8")
    opened: list[Path] = []
    monkeypatch.setattr(help_sheets, "_open", opened.append)

    async def scene(play: Play) -> None:
        notices, detail = play.window.notices, play.window.page.detail
        await asyncio.to_thread(play.api.pause, None)
        await asyncio.to_thread(play.api.functions.run, "badge", {}, "one", ["Ada"])
        await play.until(lambda: play.states() == ["queued"])
        file.write_text(BROKEN, encoding="utf-8")
        await play.until(lambda: BAR in notices.names())
        assert notices.text(BAR) == INVALID
        await play.until(lambda: play.states() == ["waiting"])
        await asyncio.to_thread(play.api.resume, None)
        play.window.page.table.selectRow(0)
        await play.until(lambda: INVALID in detail.summary.explanation.text())
        file.write_text(RENAMED, encoding="utf-8")
        said = "There is no task named “badge” in badges.py"
        await play.until(lambda: detail.summary.explanation.text().startswith(said))
        await play.until(lambda: BAR not in notices.names())
        (folder,) = (
            b for b in detail.findChildren(QPushButton) if b.text() == "Open the tasks folder"
        )
        folder.click()
        assert opened == [data.tasks]
        file.write_text(GOOD, encoding="utf-8")
        await play.until(lambda: play.states() == ["succeeded"])

    perform(scene)
