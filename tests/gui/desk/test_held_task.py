"""A task whose function is gone: what the person sees, and that the cure helps by itself."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QPushButton

from desktop.gui.desk import desk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop.settings.paths import DataFolder
    from tests.gui.play import Play, Scene

GOOD = "from desktop.engine import task\n\n\n@task\ndef badge(name):\n    return name\n"
RENAMED = GOOD.replace("def badge", "def print_badge")
BROKEN = f"import nothing_of_this_name\n{GOOD}"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param(RENAMED, "There is no task named “badge” in badges.py", id="renamed"),
        pytest.param(BROKEN, "The tasks in badges.py cannot be used: line 1", id="broken"),
    ],
)
def test_it_is_held_with_its_reason_and_goes_on_when_the_file_is_mended(
    perform: Callable[[Scene], None],
    data: DataFolder,
    monkeypatch: pytest.MonkeyPatch,
    changed: str,
    said: str,
) -> None:
    file = data.tasks / "badges.py"
    file.write_text(GOOD, encoding="utf-8")
    opened: list[Path] = []
    monkeypatch.setattr(desk, "_open", opened.append)

    async def scene(play: Play) -> None:
        await asyncio.to_thread(play.api.pause, None)
        body = {"task": "badge", "args": ["Ada"]}
        await asyncio.to_thread(play.api._post, "/tasks", body)
        await play.until(lambda: play.states() == ["queued"])
        file.write_text(changed, encoding="utf-8")
        await play.until(lambda: play.states() == ["waiting"])
        await asyncio.to_thread(play.api.resume, None)
        play.parts.table.selectRow(0)
        detail = play.parts.detail
        await play.until(lambda: detail.summary.explanation.text().startswith(said))
        (folder,) = (
            b for b in detail.findChildren(QPushButton) if b.text() == "Open the tasks folder"
        )
        folder.click()
        assert opened == [data.tasks]
        file.write_text(GOOD, encoding="utf-8")
        await play.until(lambda: play.states() == ["succeeded"])

    perform(scene)
