"""Pauses among the causes of the running program: they come and go, and are ended there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.client.api import TaskQuery, new_key
from desktop.gui.causes.cause_model import CauseColumn
from tests.gui.batches.test_batch_verbs import bring
from tests.gui.play import post

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.settings.paths import DataFolder
    from tests.gui.play import Perform, Play

OWN = """
from desktop.engine import task

@task(title="Label", queue="slow")
def label(number: int) -> None: ...

@task(title="Stamp")
def stamp(number: int) -> None: ...
"""


def told(play: Play) -> dict[str, str]:
    """Tell the count of each cause that is shown and not over."""
    model = play.window.causes.model
    columns = (CauseColumn.CAUSE, CauseColumn.TASKS)
    there = [n for n, each in enumerate(model.rows) if model.over_since(each) is None]
    lines = ([model.data(model.index(n, c)) for c in columns] for n in there)
    return {str(words): str(count) for words, count in lines}


def press_cure(play: Play, words: str) -> None:
    """Click on what helps in the line of a cause."""
    view = play.window.causes
    row = [view.model.cell(n, CauseColumn.CAUSE).words for n in range(len(view.model.rows))].index(
        words
    )
    at = view.table.visualRect(view.model.index(row, CauseColumn.HELP)).center()
    QTest.mouseClick(view.table.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_each_pause_comes_and_goes_with_its_line(
    perform: Perform, data: DataFolder, tmp_path: Path
) -> None:
    (data.tasks / "own.py").write_text(OWN)

    async def look(play: Play) -> None:
        view, table = play.window.causes, play.window.causes.table
        QTest.mouseClick(play.window.switch.choice.button("causes"), Qt.MouseButton.LeftButton)
        play.api.pause("slow")
        post(play.api, "/tasks", [{"task": "label", "args": [n]} for n in range(3)])
        await play.until(lambda: told(play) == {"The queue slow is paused": "3"})
        assert view.table.current() is not None
        number = bring(play, tmp_path / "members.csv", 4, rate="1/day")
        play.api.batches.start(number, new_key())
        await play.until(lambda: play.api.batches.one(number)["counts"]["kept"] == 1)
        play.api.batches.pause(number)
        batch = "The batch members.csv is paused"
        await play.until(lambda: told(play) == {"The queue slow is paused": "3", batch: "3"})
        play.api.pause(None)
        post(play.api, "/tasks", [{"task": "stamp", "args": [1]}])
        everything = "Everything is paused"
        await play.until(lambda: told(play).get(everything) == "1")
        chosen = view.table.current()
        assert chosen is not None
        assert chosen["about"]["queue"] == "slow"  # it was chosen first, and stays so
        QTest.keyClick(table, Qt.Key.Key_Return)
        await play.until(lambda: play.model.is_loaded and play.model.rowCount() == 3)
        assert play.model.query == TaskQuery(cause=chosen["cause"], seen=False)
        assert play.window.views.row.narrowed.text() == "Cause: The queue slow is paused"
        play.window.switch.choose("causes")
        press_cure(play, batch)
        await play.until(lambda: batch not in told(play))
        await play.until(lambda: told(play) == {"The queue slow is paused": "3", everything: "1"})
        ended = view.table.current()
        assert ended is not None
        assert ended["about"]["reason"] == "batch_paused", "another would be ended by the next key"
        press_cure(play, everything)
        await play.until(lambda: told(play) == {})
        done = TaskQuery(states=("succeeded",))
        await play.until(lambda: play.api.page(done)["total"] == 5)

    perform(look)
