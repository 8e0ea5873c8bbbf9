"""Notifications: one for many failures, one for a batch, none for what is looked at."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from desktop.client.api import new_key
from desktop.gui.causes import room
from desktop.gui.frame.notifications import BAR
from tests.gui.batches.test_batch_verbs import bring
from tests.gui.hands import press
from tests.gui.play import post

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop.contract.batches import Batch
    from desktop.settings.paths import DataFolder
    from tests.gui.play import Play, Scene

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

BATCH, CAUSE, DECISION = (f"{BAR}{kind}" for kind in ("batch", "cause", "decision"))
BATCH_DONE = f"{BAR}batch done"

TASKS = """
from desktop.engine import Uncertain
from sendoff_tasks import task

@task(name="fail", retry=1)
def fail(why): raise {"a": ValueError, "b": KeyError, "c": OSError}[why](why)

@task(name="doubt")
def doubt(): raise Uncertain("No answer came")
"""


async def add(play: Play, task: str, args: list[Any], count: int = 1) -> None:
    """Add tasks, and wait until the window has counted them as ended."""
    failed = (await asyncio.to_thread(play.api.stats))["counts"]
    before = failed["failed"] + failed["uncertain"]
    body = [{"task": task, "args": args} for _ in range(count)]
    await asyncio.to_thread(post, play.api, "/tasks", body)
    told = play.program.rooms.causes.news
    await play.until(lambda: told.trouble is not None and sum(told.trouble) == before + count)
    await play.until(lambda: not told.settle.isActive())


def is_told(play: Play, bar: str, begin: str = "") -> bool:
    """Tell whether a bar is in sight: one that comes waits until the pointer rests."""
    bars = play.window.notices.bars
    return bar in bars and bars[bar].isVisible() and bars[bar].bar_text.text.startswith(begin)


def button(play: Play, name: str) -> QPushButton:
    """Find the one button of a notification's bar."""
    found = [
        each
        for name_of_bar, bar in play.window.notices.bars.items()
        for each in bar.findChildren(QPushButton)
        if name_of_bar.startswith(BAR) and name in (each.text(), each.accessibleName())
    ]
    (only,) = found
    return only


async def look_elsewhere(play: Play) -> None:
    """Have the causes known that there are, and none of them in sight."""
    await play.until(lambda: play.program.rooms.causes.news.causes is not None)
    play.window.switch.choose("batches")


def test_what_was_put_aside_is_told_no_more(
    perform: Callable[[Scene], None], data: DataFolder
) -> None:
    (data.tasks / "own.py").write_text(TASKS)

    async def scene(play: Play) -> None:
        bars = play.window.notices
        await look_elsewhere(play)
        await add(play, "fail", ["a"], 3)
        await play.until(lambda: CAUSE in bars.names())
        assert bars.text(CAUSE).startswith("3 tasks failed: ")
        first, second, third = await play.truth()
        await asyncio.to_thread(play.api.change_task, first, {"seen": True})
        await play.until(lambda: bars.text(CAUSE).startswith("2 tasks failed: "))
        await asyncio.to_thread(play.api.change_task, second, {"seen": True})
        await play.until(lambda: bars.text(CAUSE).startswith("1 task failed: "))
        await asyncio.to_thread(play.api.change_task, third, {"seen": True})
        await play.until(lambda: CAUSE not in bars.names())

    perform(scene)


def test_a_cause_that_comes_before_the_persons_eyes_is_not_told(
    perform: Callable[[Scene], None], data: DataFolder
) -> None:
    (data.tasks / "own.py").write_text(TASKS)

    async def scene(play: Play) -> None:
        told = play.program.rooms.causes.news
        await play.until(lambda: told.causes is not None)
        play.window.switch.choose("causes")
        await add(play, "fail", ["a"], 2)
        await play.until(lambda: told.causes)
        assert CAUSE not in play.window.notices.names()

    perform(scene)


def test_tasks_that_wait_for_a_decision_are_counted_until_it_is_made(
    perform: Callable[[Scene], None], data: DataFolder
) -> None:
    (data.tasks / "own.py").write_text(TASKS)

    async def before(play: Play) -> None:
        await add(play, "doubt", [], 4)

    async def after(play: Play) -> None:
        bars = play.window.notices
        first, second, third, _ = sorted(await play.truth())
        await play.until(lambda: DECISION in bars.names())
        assert bars.text(DECISION) == "4 tasks are uncertain: they may or may not have been done."
        await asyncio.to_thread(play.api.resolve, first, "done")
        await play.until(lambda: bars.text(DECISION).startswith("3 tasks "))
        await asyncio.to_thread(play.api.change_task, second, {"seen": True})
        await play.until(lambda: bars.text(DECISION).startswith("2 tasks "))
        await add(play, "doubt", [])
        await play.until(lambda: bars.text(DECISION).startswith("3 tasks "))
        await play.until(lambda: is_told(play, DECISION))
        press(button(play, "Dismiss"))
        await asyncio.to_thread(play.api.resolve, third, "done")
        await play.until(lambda: play.states().count("succeeded") == 2)
        assert DECISION not in bars.names()

    perform(before)
    perform(after)


def test_what_failed_last_before_a_kill_is_counted_after_it(
    perform: Callable[[Scene], None], data: DataFolder
) -> None:
    """The bars said 6 and 130, and the status line 7 and 132 until others failed."""
    (data.tasks / "own.py").write_text(TASKS)

    async def scene(play: Play) -> None:
        bars, told = play.window.notices, play.program.rooms.causes.news
        await look_elsewhere(play)
        await add(play, "fail", ["a"], 2)
        await add(play, "doubt", [])
        await play.until(lambda: {CAUSE, DECISION} <= {*bars.names()})
        more = [{"task": "fail", "args": ["a"]}, {"task": "doubt"}]
        await asyncio.to_thread(post, play.api, "/tasks", more)
        await play.until(lambda: told.trouble == [3, 2, 0, 0])
        assert bars.text(DECISION).startswith("2 tasks ")
        told.settle.stop()
        source, before = play.program.source, play.api
        play.kill_backend()
        await play.until(lambda: source.api is not before)
        told.settle.timeout.emit()
        await play.until(lambda: bars.text(CAUSE).startswith("3 tasks failed: "))

    perform(scene)


def test_show_in_a_bar_leads_to_the_rows_of_each_kind(
    perform: Callable[[Scene], None], data: DataFolder, tmp_path: Path
) -> None:
    (data.tasks / "own.py").write_text(TASKS)

    async def scene(play: Play) -> None:
        bars, told, switch = (
            play.window.notices,
            play.program.rooms.causes.news,
            play.window.switch,
        )
        await play.until(lambda: told.causes is not None)
        play.window.page.search.set_now("nothing of this kind")
        for kind, add_some, view in (
            (DECISION, [("doubt", [])], "tasks"),
            (CAUSE, [("fail", ["a"]), ("fail", ["b"])], "causes"),
        ):
            switch.choose("overview")
            for task, args in add_some:
                await add(play, task, args)
            await play.until(partial(is_told, play, kind, f"{len(add_some)} task"))
            press(button(play, "Show"))
            assert kind not in bars.names()
            assert switch.choice.value() == view
            if view == "tasks":
                await play.until(lambda: play.model.is_loaded)
                assert play.states() == ["uncertain"]
        number = await asyncio.to_thread(bring, play, tmp_path / "members.csv", 2)
        await asyncio.to_thread(bring, play, tmp_path / "draft.csv", 2)
        await asyncio.to_thread(play.api.batches.start, number, new_key())
        await play.until(lambda: is_told(play, BATCH_DONE))
        done = await asyncio.to_thread(play.api.batches.one, number)
        live = play.program.rooms.services.live
        live.batches({"rows": [{**done, "state": "running"}], "gone": []})  # some is tried again
        assert BATCH_DONE not in bars.names()
        unsure: Batch = {**done, "counts": {**done["counts"], "kept": 0, "uncertain": 2}}
        live.batches({"rows": [unsure], "gone": []})
        await play.until(lambda: is_told(play, BATCH))
        assert "0 of 2 are sent, 2 uncertain" in bars.text(BATCH)
        live.batches({"rows": [done], "gone": []})  # a person has settled what was uncertain
        assert BATCH not in bars.names()
        assert "All 2 messages are kept" in bars.text(BATCH_DONE)
        await play.until(lambda: is_told(play, BATCH_DONE))
        press(button(play, "Show"))
        assert switch.choice.value() == "batches"
        current = play.window.batches.table.current
        await play.until(lambda: (batch := current()) and batch["batch_id"] == number)

    perform(scene)


def test_each_thing_is_told_once_where_the_person_is(
    perform: Callable[[Scene], None],
    data: DataFolder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (data.tasks / "own.py").write_text(TASKS)
    monkeypatch.setattr(room, "SETTLE_MS", 400)
    said: list[str] = []

    async def scene(play: Play) -> None:
        window, told, bars = play.window, play.program.rooms.causes.news, play.window.notices
        window.sheets.close_all()
        await look_elsewhere(play)
        await add(play, "fail", ["a"], 40)
        await play.until(lambda: CAUSE in bars.names())
        assert bars.text(CAUSE).startswith("40 tasks failed: ValueError in fail (tasks/own.py)")
        await add(play, "fail", ["a"])
        await play.until(lambda: bars.text(CAUSE).startswith("41 tasks failed: "))
        (show,) = (each for each in bars.findChildren(QPushButton) if each.text() == "Show")
        QTest.mouseClick(show, Qt.MouseButton.LeftButton)
        assert CAUSE not in bars.names()
        assert window.switch.choice.value() == "tasks"
        await play.until(lambda: play.model.rowCount() == 41)
        play.window.page.table.cleared.emit()
        await play.until(lambda: not play.model.query.cause)
        await add(play, "fail", ["b"])
        await play.until(lambda: len(told.causes or ()) == 2)
        assert CAUSE not in bars.names()  # its row is before the person's eyes

        monkeypatch.setattr(window, "isActiveWindow", lambda: False)
        monkeypatch.setattr(window.tray, "is_available", lambda: True)
        monkeypatch.setattr(window.tray, "tell", lambda _, text, urgent: said.append(text))
        await add(play, "fail", ["a"])
        await add(play, "fail", ["c"])
        await play.until(lambda: said)
        assert [each.partition(" in ")[0] for each in said] == ["1 task failed: OSError"]
        play.window.page.search.setText("nothing of this kind")
        window.mail.sheet.open()
        window.tray.message_clicked.emit()
        await play.until(lambda: play.model.rowCount() == 1)
        assert not window.sheets.is_one_open()
        assert window.views.row.narrowed.text().startswith("OSError in fail")

        number = await asyncio.to_thread(bring, play, tmp_path / "members.csv", 2)
        await asyncio.to_thread(play.api.batches.start, number, new_key())
        await play.until(lambda: len(said) == 2)
        assert said[1].startswith("members.csv: ")
        window.tray.message_clicked.emit()
        assert window.switch.choice.value() == "batches"
        current = play.window.batches.table.current
        await play.until(lambda: (batch := current()) and batch["batch_id"] == number)

    perform(scene)
