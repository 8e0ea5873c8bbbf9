"""Failures are told of once for each cause, where the person is."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtWidgets import QPushButton

from desktop.client.api import Api
from desktop.gui.frame.notifications import BAR
from desktop.gui.tasks import failure_news
from sendoff_tasks.client.calls import new_key
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
    told = play.program.rooms.tasks.news
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
    await play.until(lambda: play.program.rooms.tasks.news.causes is not None)
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
        bars, told = play.window.notices, play.program.rooms.tasks.news
        title = play.window.windowTitle
        first, second, *_ = sorted(await play.truth())
        await play.until(lambda: "4 uncertain" in title())
        await asyncio.to_thread(play.api.resolve, first, "done")
        await play.until(lambda: "3 uncertain" in title())
        await asyncio.to_thread(play.api.change_task, second, {"seen": True})
        await play.until(lambda: "2 uncertain" in title())
        assert bars.names() == ["practice"]

        await play.until(lambda: told.causes is not None)
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
    monkeypatch.setattr(failure_news, "SETTLE_MS", 400)
    said: list[str] = []
    window, told, bars = play.window, play.program.rooms.tasks.news, play.window.notices
    window.sheets.close_all()
    await look_elsewhere(play)
    for why in ("d", "e"):
        await add(play, "fail", [why])
    await play.until(partial(is_told, play, CAUSE, "2 tasks failed"))
    press(button(play, "Show"))
    assert CAUSE not in bars.names()
    assert window.switch.choice.value() == "tasks"
    await play.until(lambda: play.model.rowCount() == 2)
    play.window.page.chips.choose("all")
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
    news, live = play.program.rooms.tasks.news, play.program.rooms.services.live
    await play.until(lambda: news.causes is not None)
    stats = await asyncio.to_thread(play.api.stats)
    for failed, seconds in enumerate((1, 2, 60), 1):
        monkeypatch.setattr(failure_news, "SETTLE_MS", seconds * 1000)
        counts = {**stats["counts"], State.FAILED: failed}
        live.stats_changed.emit({**stats, "counts": counts})
    assert news.settle.interval() == 2000
    news.settle.stop()
