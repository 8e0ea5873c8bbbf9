"""Causes in the running program: each is tried again or ended by itself, and told of once."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from desktop.client.api import Api
from desktop.client.items import oldest
from desktop.contract.office import OfficeCure
from desktop.gui.causes import room
from desktop.gui.causes.cause_model import CauseColumn
from desktop.gui.frame.notifications import BAR
from desktop.gui.tasks.detail.summary_tab import CAUSE as LINK_TO_CAUSE
from sendoff_tasks.client.calls import TaskQuery, new_key
from sendoff_tasks.model.states import State
from tests.gui.batches.test_batch_verbs import bring
from tests.gui.hands import press
from tests.gui.play import post
from tests.looking import eventually

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop.settings.office_folder import OfficeFolder
    from tests.conftest import RunningBackend
    from tests.gui.play import Perform, Play


OWN = """
import pathlib
from desktop.contract.office import OfficeCure
from sendoff_tasks import GiveUp, Retry, task

@task(title="Invoice", retry=Retry(1))
def invoice(number: int) -> None:
    if not pathlib.Path({cured!r}).exists():
        raise ValueError(f"no price for {{number}}")

@task(title="Label", retry=Retry(1))
def label(number: int) -> None:
    raise OSError("the printer is off")

@task(title="Stamp", retry=Retry(1))
def stamp(number: int) -> None:
    raise KeyError("postage")

@task(queue="slow")
def parcel(number: int) -> None: ...

@task
def ticket(number: int) -> None: ...

@task(title="Letter")
def letter(item_id: int) -> None:
    raise GiveUp("The street is missing", cure=OfficeCure.CORRECT_ADDRESS)
"""


def told(play: Play, column: CauseColumn) -> list[Any]:
    model = play.window.causes.model
    return [model.data(model.index(row, column)) for row in range(model.rowCount())]


async def is_started_and_undone(play: Play) -> None:
    """Retry what a cause stops, and take that back before it begins."""
    row, verbs = play.window.causes.card.row, play.program.rooms.tasks.verbs
    await play.until(lambda: [*row.buttons] == ["retry", "tasks"])
    verbs.grace.seconds = 600.0
    row.buttons["retry"].click()
    await play.until(lambda: [*row.buttons] == ["undo", "tasks"])
    row.buttons["undo"].click()
    assert [*row.buttons] == ["retry", "tasks"]
    assert play.toasts() == []
    assert not verbs.pending.actions
    verbs.grace.seconds = 0.0


def counted(play: Play) -> dict[str, str]:
    """Tell the count of each pause that is shown and not over."""
    model = play.window.causes.model
    columns = (CauseColumn.CAUSE, CauseColumn.TASKS)
    there = [n for n, each in enumerate(model.rows) if model.over_since(each) is None]
    lines = ([model.data(model.index(n, c)) for c in columns] for n in there)
    return {str(words): str(count) for words, count in lines if "paused" in str(words)}


def press_cure(play: Play, words: str) -> None:
    """Click on what helps in the line of a cause."""
    view = play.window.causes
    row = [view.model.cell(n, CauseColumn.CAUSE).words for n in range(len(view.model.rows))].index(
        words
    )
    at = view.table.visualRect(view.model.index(row, CauseColumn.HELP)).center()
    QTest.mouseClick(view.table.viewport(), Qt.MouseButton.LeftButton, pos=at)


async def each_pause_comes_and_goes_with_its_line(play: Play, file: Path) -> None:
    view = play.window.causes
    QTest.mouseClick(play.window.switch.choice.button("causes"), Qt.MouseButton.LeftButton)
    play.api.pause("slow")
    post(play.api, "/tasks", [{"task": "parcel", "args": [n]} for n in range(3)])
    await play.until(lambda: counted(play) == {"The queue slow is paused": "3"})
    number = bring(play, file, 4, rate="1/day")
    play.api.batches.start(number, new_key())
    await play.until(lambda: play.api.batches.one(number)["counts"]["kept"] == 1)
    play.api.batches.pause(number)
    batch = "The batch members.csv is paused"
    await play.until(lambda: counted(play) == {"The queue slow is paused": "3", batch: "3"})
    play.api.pause(None)
    post(play.api, "/tasks", [{"task": "ticket", "args": [1]}])
    everything = "Everything is paused"
    await play.until(lambda: counted(play).get(everything) == "1")
    press_cure(play, batch)
    await play.until(lambda: batch not in counted(play))
    await play.until(lambda: counted(play) == {"The queue slow is paused": "3", everything: "1"})
    ended = view.table.current()
    assert ended is not None
    assert ended["about"]["reason"] == "batch_paused", "another would be ended by the next key"
    press_cure(play, everything)
    await play.until(lambda: counted(play) == {})
    done = TaskQuery(states=("succeeded",))
    await play.until(lambda: play.api.page(done)["total"] == 5)


def test_each_cause_is_tried_again_and_each_pause_ended_by_itself(
    perform: Perform, data: OfficeFolder, tmp_path: Path
) -> None:
    cured = data.root / "cured"
    (data.tasks / "own.py").write_text(OWN.format(cured=str(cured)))

    async def look(play: Play) -> None:
        await each_pause_comes_and_goes_with_its_line(play, tmp_path / "members.csv")
        play.window.switch.choose("tasks")
        names = ["invoice"] * 6 + ["label"] * 3 + ["stamp"]
        post(play.api, "/tasks", [{"task": name, "args": [n]} for n, name in enumerate(names)])
        # Once they are shown, causes keep their places.
        await play.until(lambda: sum(each["count"] for each in play.api.causes()) == 10)
        view, model = play.window.causes, play.window.causes.model
        QTest.mouseClick(play.window.switch.choice.button("causes"), Qt.MouseButton.LeftButton)

        def helps(row: int) -> str:
            return str(told(play, CauseColumn.HELP)[row])

        def retry(row: int) -> None:
            at = view.table.visualRect(model.index(row, CauseColumn.CAUSE)).center()
            QTest.mouseClick(view.table.viewport(), Qt.MouseButton.LeftButton, pos=at)
            QTest.mouseClick(view.card.row.buttons["retry"], Qt.MouseButton.LeftButton)

        await play.until(lambda: told(play, CauseColumn.TASKS) == ["6", "3", "1"])
        assert "ValueError in invoice" in told(play, CauseColumn.CAUSE)[0]
        await is_started_and_undone(play)
        cured.touch()
        retry(0)
        await play.until(lambda: helps(0).startswith("Over since "))
        assert told(play, CauseColumn.TASKS) == ["6", "3", "1"]
        assert play.api.page(TaskQuery(states=("succeeded",)))["total"] == 5 + 6
        # Whichever is the current one now: it went down the list while its tasks were retried.
        retry(2)
        await play.until(lambda: "1 failed since the retry" in helps(2))
        assert "since" not in helps(1)
        retry(1)
        await play.until(lambda: "3 failed since the retry" in helps(1))
        QTest.keyClick(view.table, Qt.Key.Key_Return)
        await play.until(lambda: play.model.is_loaded and play.model.rowCount() == 3)
        assert play.window.views.row.narrowed.text().startswith("Cause: OSError in label")
        play.window.page.table.selectRow(0)
        menu = play.window.page.table.menu()
        assert menu is not None
        next(each for each in menu.actions() if each.text() == "Mark as seen").trigger()
        await play.until(lambda: play.model.rowCount() == 2)
        play.window.switch.choose("causes")
        await play.until(lambda: told(play, CauseColumn.TASKS) == ["2", "1"])
        retry(0)
        await play.until(lambda: "2 failed since the retry" in helps(0))
        (put_aside,) = play.api.page(TaskQuery(seen=True))["tasks"]
        assert (put_aside["state"], put_aside["attempt"]) == ("failed", 2)
        play.window.page.detail.link_chosen.emit(
            LINK_TO_CAUSE, (put_aside["cause"], "the printer is off")
        )
        await play.until(lambda: play.model.is_loaded and play.model.rowCount() == 3)
        shown = play.model.rows_between(0, 2)
        play.window.page.table.selectRow(next(n for n, row in enumerate(shown) if row.seen))
        verbs = [each.verb for each in play.window.page.table.selection.selected.actions]
        assert "unseen" in verbs
        assert "seen" not in verbs
        await addresses_are_corrected_from_the_oldest(play)

    perform(look)


async def addresses_are_corrected_from_the_oldest(play: Play) -> None:
    """A cause of addresses leads to its items, and is never retried."""
    view, submit = play.window.causes, play.api.items.submit
    tasks = [submit(None, {"tasks": ["letter"]}, new_key()).task_ids[0] for _ in range(3)]
    of_address = partial(filter, lambda each: each["cure"] == OfficeCure.CORRECT_ADDRESS)
    await play.until(lambda: [each["count"] for each in of_address(play.api.causes())] == [3])
    (cause,) = of_address(play.api.causes())
    assert oldest(play.api, TaskQuery(cause=cause["cause"])) == tasks
    play.window.switch.choose("causes")
    asked: list[list[int]] = []
    play.program.rooms.tasks.wishes.lead("correct", asked.append)
    play.api.change_task(tasks[0], {"seen": True})
    view.action_chosen.emit(OfficeCure.CORRECT_ADDRESS, cause)
    await play.until(lambda: asked == [tasks[1:]])
    for each in tasks[1:]:
        play.api.change_task(each, {"seen": True})
    view.action_chosen.emit(OfficeCure.CORRECT_ADDRESS, cause)
    await play.toast("All of them were sent again or marked as seen")
    assert len(asked) == 1


pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

CAUSE = f"{BAR}cause"

TASKS = """
from sendoff_tasks import Uncertain
from sendoff_tasks import task

@task(name="fail", retry=1)
def fail(why):
    raise {"a": ValueError, "b": KeyError, "c": OSError, "d": EOFError, "e": TypeError}[why](why)

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
    await play.until(lambda: sum((told.trouble or [])[:2]) == before + count)
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


def test_what_is_told_follows_what_is_settled_and_is_counted_after_a_kill(
    perform: Perform, data: OfficeFolder, backends: Callable[[Path], RunningBackend]
) -> None:
    (data.tasks / "own.py").write_text(TASKS)
    before = backends(data.root)
    api = Api(before.backend)
    post(api, "/tasks", [{"task": "doubt"}] * 4)
    eventually(lambda: api.stats()["counts"]["uncertain"] == 4)
    api.close()
    before.stop()

    async def after(play: Play) -> None:
        bars, told = play.window.notices, play.program.rooms.causes.news
        title = play.window.windowTitle
        first, second, *_ = sorted(await play.truth())
        await play.until(lambda: "4 uncertain" in title())
        await asyncio.to_thread(play.api.resolve, first, "done")
        await play.until(lambda: "3 uncertain" in title())
        await asyncio.to_thread(play.api.change_task, second, {"seen": True})
        await play.until(lambda: "2 uncertain" in title())
        assert bars.names() == ["practice"]

        await play.until(lambda: told.causes is not None)
        play.window.switch.choose("causes")
        await add(play, "fail", ["a"], 3)
        await play.until(lambda: len(told.causes or ()) == 2)
        assert CAUSE not in bars.names()  # it came before the person's eyes
        await look_elsewhere(play)
        await add(play, "fail", ["b"], 3)
        await play.until(lambda: CAUSE in bars.names())
        assert bars.text(CAUSE).startswith("3 tasks failed: ")
        last = sorted(await play.truth())[-3:]
        await asyncio.to_thread(play.api.change_task, last[0], {"seen": True})
        await play.until(lambda: bars.text(CAUSE).startswith("2 tasks failed: "))

        failed = told.trouble
        await asyncio.to_thread(post, play.api, "/tasks", [{"task": "fail", "args": ["b"]}])
        await play.until(lambda: told.trouble != failed)
        told.settle.stop()
        source, api = play.program.source, play.api
        play.kill_backend()  # what failed last is counted after it
        await play.until(lambda: source.api is not api)
        told.settle.timeout.emit()
        await play.until(lambda: bars.text(CAUSE).startswith("3 tasks failed: "))
        for task in sorted(await play.truth()):
            if play.rows()[task][1] == "failed":
                await asyncio.to_thread(play.api.change_task, task, {"seen": True})
        await play.until(lambda: CAUSE not in bars.names())

    perform(after)


@pytest.mark.own_tasks(TASKS)
async def test_each_thing_is_told_once_where_the_person_is(
    play: Play,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(room, "SETTLE_MS", 400)
    said: list[str] = []
    window, told, bars = play.window, play.program.rooms.causes.news, play.window.notices
    window.sheets.close_all()
    await look_elsewhere(play)
    for why in ("d", "e"):
        await add(play, "fail", [why])
    await play.until(partial(is_told, play, CAUSE, "2 tasks failed"))
    press(button(play, "Show"))
    assert CAUSE not in bars.names()
    assert window.switch.choice.value() == "causes"
    await look_elsewhere(play)
    await add(play, "fail", ["a"], 4)
    await play.until(lambda: CAUSE in bars.names())
    assert bars.text(CAUSE).startswith("4 tasks failed: ValueError in fail (tasks/own.py)")
    await add(play, "fail", ["a"])
    await play.until(lambda: bars.text(CAUSE).startswith("5 tasks failed: "))
    press(button(play, "Show"))
    assert CAUSE not in bars.names()
    assert window.switch.choice.value() == "tasks"
    await play.until(lambda: play.model.rowCount() == 5)
    play.window.page.table.cleared.emit()
    await play.until(lambda: not play.model.query.cause)
    await add(play, "fail", ["b"])
    await play.until(lambda: len(told.causes or ()) == 4)
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

    await add(play, "doubt", [])
    await play.until(lambda: len(said) == 2)
    assert said[1] == "1 task is uncertain."
    window.tray.message_clicked.emit()
    await play.until(lambda: play.model.is_loaded and play.states() == ["uncertain"])

    number = await asyncio.to_thread(bring, play, tmp_path / "members.csv", 2)
    await asyncio.to_thread(play.api.batches.start, number, new_key())
    await play.until(lambda: len(said) == 3)
    assert said[2].startswith("members.csv: ")
    window.tray.message_clicked.emit()
    assert window.switch.choice.value() == "batches"
    current = play.window.batches.table.current
    await play.until(lambda: (batch := current()) and batch["batch_id"] == number)


async def test_tasks_that_fail_on_and_on_put_off_what_is_told_for_so_long_only(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    news, live = play.program.rooms.causes.news, play.program.rooms.services.live
    await play.until(lambda: news.causes is not None)
    stats = await asyncio.to_thread(play.api.stats)
    for failed, seconds in enumerate((1, 2, 60), 1):
        monkeypatch.setattr(room, "SETTLE_MS", seconds * 1000)
        counts = {**stats["counts"], State.FAILED: failed}
        live.stats_changed.emit({**stats, "counts": counts})
    assert news.settle.interval() == 2000
    news.settle.stop()
