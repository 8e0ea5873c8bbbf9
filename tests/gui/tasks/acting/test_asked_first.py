"""What may be done a second time is asked about first, for one and for many; Escape says no."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from desktop.client.api import TaskQuery
from desktop.contract.states import State
from desktop.gui.frame.views import CAUSES
from desktop.gui.tasks.acting.asked_first import NAME
from desktop.gui.tasks.acting.task_actions import Everything
from tests.gui.play import post

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.gui.tasks.acting.task_actions import Wish
    from desktop.settings.paths import DataFolder
    from tests.gui.play import Play, Scene

DOUBT = """
from desktop.engine import Uncertain, task

@task(title="Doubt", queue={queue!r})
def doubt(number: int) -> None:
    raise Uncertain("no answer")
"""


async def doubtful(play: Play, count: int) -> list[int]:
    """Have tasks of which it is not known whether they did their work."""
    ids: list[int] = post(
        play.api, "/tasks", [{"task": "doubt", "args": [n]} for n in range(count)]
    )["ids"]
    await play.until(lambda: play.states() == ["uncertain"] * count)
    return ids


@pytest.mark.parametrize(
    ("queue", "wish", "one", "many", "way"),
    [
        (
            "doubt",
            "again",
            "This uncertain task may have done its work. Run it once more?",
            "2 uncertain tasks may have done their work. Run them once more?",
            "Run again",
        ),
        (
            "mail",
            "send_again",
            "This uncertain message may have arrived. Send it once more?",
            "2 uncertain messages may have arrived. Send them once more?",
            "Send again",
        ),
    ],
)
def test_uncertain_ones_are_done_again_only_after_a_yes(
    perform: Callable[[Scene], None],
    data: DataFolder,
    queue: str,
    wish: Wish,
    one: str,
    many: str,
    way: str,
) -> None:
    """They were sent a second time at once."""
    (data.tasks / "own.py").write_text(DOUBT.format(queue=queue))

    async def scene(play: Play) -> None:
        ids = await doubtful(play, 2)
        notices, verbs = play.window.notices, play.program.rooms.tasks.verbs
        verbs.grace.seconds = 600.0
        act = play.window.page.table.action_chosen.emit
        act(wish, ids[:1])
        await play.until(lambda: NAME in notices.names())
        assert notices.text(NAME).startswith(one)
        QTest.keyClick(play.window, Qt.Key.Key_Escape)
        assert NAME not in notices.names()
        assert not verbs.announced
        act(wish, ids)
        await play.until(lambda: NAME in notices.names())
        assert notices.text(NAME).startswith(many)
        (yes,) = (
            each for each in notices.bars[NAME].findChildren(QPushButton) if each.text() == way
        )
        yes.click()
        await play.until(lambda: verbs.announced)
        play.window.toasts.act_newest()
        act(wish, Everything(TaskQuery(states=("uncertain",)), 2))
        await play.until(lambda: NAME in notices.names())
        assert notices.text(NAME).startswith(many)
        QTest.keyClick(play.window, Qt.Key.Key_Escape)
        assert play.states() == ["uncertain"] * 2

    perform(scene)


@pytest.mark.parametrize("otherwise", ["row", "chip", "search", "view", "meanwhile"])
def test_a_question_goes_when_other_tasks_are_chosen(
    perform: Callable[[Scene], None], data: DataFolder, otherwise: str
) -> None:
    """The one that *This uncertain message* meant could be out of sight."""
    (data.tasks / "own.py").write_text(DOUBT.format(queue="mail"))

    async def scene(play: Play) -> None:
        await doubtful(play, 2)
        notices, table = play.window.notices, play.window.page.table
        said: list[str] = []
        notices.changed.connect(lambda: said.extend(notices.names()))
        table.selectRow(0)
        table.action_chosen.emit("send_again", table.selection.ids)
        if otherwise == "meanwhile":
            table.selectRow(1)
            await play.until(lambda: not play.program.jobs.under_way)
            assert NAME not in said
            return
        await play.until(lambda: NAME in notices.names())
        table.selectRow(0)
        assert NAME in notices.names()
        {
            "row": lambda: table.selectRow(1),
            "chip": lambda: play.window.page.chips.choose((State.FAILED,)),
            "search": lambda: table.show_text("nothing"),
            "view": lambda: play.window.switch.choose(CAUSES),
        }[otherwise]()
        assert NAME not in notices.names()

    perform(scene)


def test_causes_ask_before_they_do_it_again(
    perform: Callable[[Scene], None], data: DataFolder
) -> None:
    (data.tasks / "own.py").write_text(DOUBT.format(queue="mail"))

    async def scene(play: Play) -> None:
        await doubtful(play, 2)
        play.window.switch.choose(CAUSES)
        await play.until(lambda: play.window.causes.table.current() is not None)
        play.window.causes.card.row.buttons["again"].click()
        notices = play.window.notices
        await play.until(lambda: NAME in notices.names())
        assert notices.text(NAME).startswith("2 uncertain messages may have arrived.")
        assert not play.program.rooms.tasks.verbs.announced

    perform(scene)
