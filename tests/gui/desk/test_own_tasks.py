"""A task file that breaks while the window looks on: a bar and held rows, until it is mended."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.settings.paths import DataFolder
    from tests.gui.play import Play, Scene

GREET = """
from desktop.engine import task

@task
def greet(name):
    return f"hello {name}"
"""
BAR = "own tasks own.py"


def test_a_broken_task_file_is_told_with_its_line_and_its_tasks_wait(
    perform: Callable[[Scene], None], data: DataFolder
) -> None:
    file = data.tasks / "own.py"
    file.write_text(GREET)

    async def scene(play: Play) -> None:
        notices, explanation = play.window.notices, play.parts.detail.summary.explanation
        await asyncio.to_thread(play.api.pause, None)
        greeting = {"task": "greet", "args": ["Ada"]}
        await asyncio.to_thread(play.api._post, "/tasks", greeting, key="one")
        file.write_text(f"{GREET}\nthis is no Python\n")
        await play.until(lambda: BAR in notices.names())
        sentence = "The tasks in own.py cannot be used: line 8: invalid syntax."
        assert notices.text(BAR) == sentence
        await asyncio.to_thread(play.api.resume, None)
        await play.until(lambda: play.states() == ["waiting"])
        play.parts.table.selectRow(0)
        await play.until(lambda: sentence in explanation.text())
        file.write_text(GREET)
        await play.until(lambda: play.states() == ["succeeded"])
        await play.until(lambda: BAR not in notices.names())

    perform(scene)
