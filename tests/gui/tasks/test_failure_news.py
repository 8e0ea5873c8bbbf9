"""Failures are told of once for each cause, where the person is."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from desktop.gui.tasks import failure_news
from sendoff_tasks.client.calls import new_key
from sendoff_tasks.model.states import State
from tests.gui.batches.test_batch_verbs import bring
from tests.gui.play import post

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.play import Play


pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

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


async def look_elsewhere(play: Play) -> None:
    """Have the causes known that there are, and none of them in sight."""
    await play.until(lambda: play.program.rooms.tasks.news.causes is not None)
    play.window.batches.open()


@pytest.mark.own_tasks(TASKS)
async def test_each_thing_is_told_once_where_the_person_is(
    play: Play,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(failure_news, "SETTLE_MS", 400)
    said: list[str] = []
    window = play.window
    await look_elsewhere(play)
    await add(play, "fail", ["a"])
    await play.until(lambda: "failed" in play.told())
    assert play.notes() == []  # the sentence says it
    await play.until(lambda: play.program.rooms.tasks.news.causes)
    monkeypatch.setattr(window, "isActiveWindow", lambda: False)
    monkeypatch.setattr(window.tray, "is_available", lambda: True)
    monkeypatch.setattr(window.tray, "tell", lambda _, text, urgent: said.append(text))
    await add(play, "fail", ["a"])
    await add(play, "fail", ["c"])
    await play.until(lambda: said)
    assert [each.partition(" in ")[0] for each in said] == ["1 task failed: OSError"]
    play.window.page.search.setText("nothing of this kind")
    window.mail.dialog.open()
    window.tray.message_clicked.emit()
    await play.until(lambda: play.model.rowCount() == 1)
    assert not window.dialogs.is_one_open()
    assert window.page.narrowed.text().startswith("OSError in fail")

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
    assert window.batches.is_open
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
