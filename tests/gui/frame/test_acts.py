"""*Who did what* in the window: what people asked for is found and saved."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sendoff_tasks.model.acts import computer_user

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.play import Play


async def test_what_was_asked_for_is_found_and_saved(play: Play, tmp_path: Path) -> None:
    api = play.api
    for act in (lambda: api.pause("mail"), lambda: api.resume("mail"), lambda: api.pause(None)):
        await asyncio.to_thread(act)
    play.window.menu.acts_chosen.emit()
    acts = play.program.rooms.frame.acts
    model = acts.sheet.model
    await play.until(lambda: model.rowCount() == 3)
    told = [[model.cell(row, column).words for column in range(3)] for row in range(3)]
    who = computer_user()
    assert told == [
        ["Pause all queues", who, ""],
        ["Resume queue mail", who, ""],
        ["Pause queue mail", who, ""],
    ]
    acts.sheet.search.setText("resume")
    await play.until(lambda: model.rowCount() == 1)
    acts.save(tmp_path / "log.csv")
    await play.until(lambda: any("log.csv" in each for each in play.toasts()))
    _, line = (tmp_path / "log.csv").read_text().splitlines()
    assert line.endswith(f",{who},resume,queue,mail,0,")
    acts.sheet.search.setText("nobody like that")
    await play.until(lambda: acts.sheet.trouble.text() == "Nothing found.")
    acts.save(tmp_path / "gone" / "log.csv")
    await play.until(lambda: any("No such file" in each for each in play.toasts()))
