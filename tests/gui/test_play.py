"""What a test in the running program says when it waits in vain."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from PySide6.QtTest import QTest

if TYPE_CHECKING:
    from tests.gui.play import Play


async def test_a_wait_in_vain_says_what_the_window_shows(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    play.window.notes.show("“members.csv” is kept as a draft")
    play.window.menu.mail_settings_chosen.emit()
    await play.until(lambda: bool(play.shown()["over it"]))
    monkeypatch.setattr("tests.gui.play.WITHIN", 0.02)
    with pytest.raises(TimeoutError, match=r"Mail settings.*is kept as a draft"):
        await play.until(lambda: False)


async def test_a_task_goes_on_whose_turn_came_within_a_step_of_another(play: Play) -> None:
    other = asyncio.create_task(asyncio.sleep(0, play))
    QTest.qWait(20)
    assert await asyncio.wait_for(other, 10) is play
