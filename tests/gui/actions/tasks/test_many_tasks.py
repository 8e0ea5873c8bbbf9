"""An action on very many tasks has a line with how far it is, *Stop* and its result."""

from __future__ import annotations

import asyncio
import threading
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from desktop.client import supervisor
from desktop.client.api import TaskQuery, new_key
from desktop.client.errors import BackendGone, TooSlow
from desktop.contract.tasks import BulkAnswer, BulkProgress
from desktop.gui.actions.tasks import many_tasks
from desktop.gui.actions.tasks.many_tasks import ManyTasks
from desktop.gui.frame.notices import click_guard
from desktop.gui.frame.notices.click_guard import Pointer
from desktop.gui.table.task_actions import Everything
from tests import forked
from tests.gui.frame.notices.test_click_guard import moved
from tests.gui.play import post

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.gui.jobs import Jobs
    from desktop.settings.paths import DataFolder
    from tests.gui.actions.form.counter import Counter
    from tests.gui.play import Play, Scene

MAIL = {"task": "send_confirmation_email", "args": [1]}
FAILING = """
from desktop.engine import Final, task

@task(title="Fail")
def fail(item_id: int) -> None:
    raise Final("no")
"""
HELD = """
from desktop.engine.transaction.replies import More
from desktop.engine.verbs.bulk import bulk

step = bulk.BulkStep.__call__

def first_alone(self, group):
    known = bulk.recall(group, self.key)
    return More(self) if known and "beyond" in known else step(self, group)

bulk.BulkStep.__call__ = first_alone
"""
"""Has a backend act on the first tasks, and on the others never: it waits to be stopped."""


class Slow:
    """A backend that is at it until it is stopped; its first answer does not come."""

    def __init__(self, total: int, error: Exception | None = None) -> None:
        self.total = total
        self.error = error or TooSlow("Sendoff has not answered within 60 s.")
        self.keys: list[str] = []
        self.over = threading.Event()

    def act(self, _verb: str, _ids: Any, _query: Any, *, key: str) -> BulkAnswer:
        self.keys.append(key)
        if len(self.keys) == 1:
            raise self.error
        self.over.wait()
        return BulkAnswer(
            touched=700,
            skipped=[{"why": "It is running.", "count": 1, "refusal": "running"}],
        )

    def progress(self, _key: str) -> BulkProgress:
        return BulkProgress(done=701, total=self.total, touched=700, is_over=self.over.is_set())

    def stop(self, key: str) -> BulkProgress:
        self.over.set()
        return self.progress(key)


def test_many_have_a_line_that_stops_them_and_says_what_came_of_it(
    counter: Counter, jobs: Jobs
) -> None:
    slow = Slow(total=1204)
    counter.source.api = SimpleNamespace(many=slow, close=lambda: None)  # type: ignore[assignment]
    notices = counter.window.notices
    many = ManyTasks(counter.window, counter.source, jobs, counter.window)
    many.act("remove", None, TaskQuery(), "trash-2")
    counter.until(notices.names)
    (name,) = notices.names()
    assert notices.text(name) == "Removing… 701 of 1,204 tasks"
    (stop,) = (each for each in notices.findChildren(QPushButton) if each.text() == "Stop")
    stop.click()
    counter.until(lambda: "Stopped" in notices.text(name))
    assert notices.text(name) == "Stopped: 700 tasks are removed · Left alone: 1 is running"
    assert len(set(slow.keys)) == 1
    assert len(slow.keys) == 2
    assert many.carry_out_now() == {}
    assert notices.bars[name].bar_text.passes
    notices.passing.was_read.emit(name)
    assert notices.names() == []


def test_what_the_backend_took_along_is_asked_once_more_when_it_is_back(
    counter: Counter, jobs: Jobs
) -> None:
    slow = Slow(total=2, error=BackendGone())
    slow.over.set()
    counter.source.api = SimpleNamespace(many=slow, close=lambda: None)  # type: ignore[assignment]
    many = ManyTasks(counter.window, counter.source, jobs, counter.window)
    many.act("seen", [1, 2], None, "eye", key="one effect")

    def said_once_back() -> list[str]:
        counter.source.go_on()
        return counter.toasts()

    counter.until(said_once_back)
    assert slow.keys == ["one effect"] * 2


def test_what_the_closing_window_carries_out_is_not_asked_once_more(
    counter: Counter, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Slow(total=2, error=BackendGone())
    slow.over.set()
    counter.source.api = SimpleNamespace(many=slow, close=lambda: None)  # type: ignore[assignment]
    many = ManyTasks(counter.window, counter.source, jobs, counter.window)
    asked_again: list[Callable[[], object]] = []
    monkeypatch.setattr(counter.source, "once_back", lambda _, ask: asked_again.append(ask))
    many.act("seen", [1, 2], None, "eye")
    counter.until(lambda: asked_again)
    many.carry_out_now()
    monkeypatch.setattr(jobs, "start", lambda _: pytest.fail("it was asked once more"))
    asked_again[0]()


def test_a_thousand_or_fewer_have_a_toast(counter: Counter, jobs: Jobs) -> None:
    slow = Slow(total=1000)
    counter.source.api = SimpleNamespace(many=slow, close=lambda: None)  # type: ignore[assignment]
    many = ManyTasks(counter.window, counter.source, jobs, counter.window)
    many.act("remove", None, TaskQuery(), "trash-2")
    counter.until(lambda: len(slow.keys) == 2)
    assert len(many.carry_out_now()) == 1
    many.act("seen", [1, 2], None, "eye")
    slow.over.set()
    counter.until(lambda: len(counter.toasts()) == 2)
    assert counter.window.notices.names() == []


def test_what_is_put_aside_can_be_taken_back_by_key(
    perform: Callable[[Scene], None], data: DataFolder
) -> None:
    """Ctrl+Z said that there is nothing to undo."""
    (data.tasks / "own.py").write_text(FAILING)

    async def put_aside(play: Play) -> None:
        for _ in range(3):
            play.api.items.submit(None, {"tasks": ["fail"]}, new_key())
        await play.until(lambda: play.states() == ["failed"] * 3)
        first, second, third = (row["id"] for row in play.api.page(TaskQuery(sort="id"))["tasks"])
        play.api.change_task(first, {"seen": True})

        def seen() -> list[int]:
            return [row["id"] for row in play.api.page(TaskQuery(seen=True, sort="id"))["tasks"]]

        verbs = play.program.actions.verbs
        verbs.act("seen", [second])
        await play.toast("1 task is marked as seen")
        await play.until(lambda: seen() == [first, second])
        play.window.toasts.act_newest()
        await play.toast("1 task is marked as unseen")
        await play.until(lambda: seen() == [first])
        verbs.act("seen", Everything(TaskQuery(states=("failed",)), 3))
        await play.until(lambda: seen() == [first, second, third])
        await play.toast("2 tasks are marked as seen")
        play.window.toasts.act_newest()
        await play.until(lambda: seen() == [first])  # that one was so before

    perform(put_aside)


def test_undo_of_seen_is_for_what_it_marked_alone(
    perform: Callable[[Scene], None], data: DataFolder
) -> None:
    """It was offered where nothing was marked, and took back what others had marked."""
    (data.tasks / "own.py").write_text(FAILING)

    async def put_aside(play: Play) -> None:
        for _ in range(2):
            play.api.items.submit(None, {"tasks": ["fail"]}, new_key())
        await play.until(lambda: play.states() == ["failed"] * 2)
        first, second = (row["id"] for row in play.api.page(TaskQuery(sort="id"))["tasks"])
        verbs = play.program.actions.verbs
        verbs.act("seen", [999])
        await play.toast("Nothing was done · Left alone: 1 is gone")
        play.window.toasts.act_newest()
        await play.toast("There is nothing to undo any more")
        play.api.change_task(first, {"seen": True})
        verbs.act("seen", [first, second])
        await play.toast("2 tasks are marked as seen")
        play.window.toasts.act_newest()
        await play.toast("1 task is marked as unseen")
        assert [row["id"] for row in play.api.page(TaskQuery(seen=True))["tasks"]] == [first]

    perform(put_aside)


def test_stop_ends_it_at_the_first_moment_that_it_can_be_pressed(
    perform: Callable[[Scene], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It did nothing: clicks on what has just come were dropped, also aimed ones."""
    monkeypatch.setattr(click_guard, "SETTLES_MS", 600_000)
    monkeypatch.setattr(supervisor, "spawn", partial(forked.spawn, first=HELD))

    async def scene(play: Play) -> None:
        post(play.api, "/queues/mail/pause", {})
        await asyncio.to_thread(post, play.api, "/tasks", [MAIL] * (many_tasks.LINE + 1))
        await play.until(lambda: "paused:mail" in play.window.notices.names())
        play.window.click_guard.end()
        (pointer,) = play.window.findChildren(Pointer)
        pointer.eventFilter(play.window.windowHandle(), moved())
        pointer.stop()
        play.program.actions.verbs.many.act("cancel", None, TaskQuery(states=("queued",)), "ban")

        def stops() -> list[QPushButton]:
            found = play.window.notices.findChildren(QPushButton)
            return [each for each in found if each.text() == "Stop" and each.width()]

        await play.until(stops)
        QTest.mouseClick(stops()[0], Qt.MouseButton.LeftButton)
        told = play.window.notices
        await play.until(lambda: any("Stopped: " in told.text(name) for name in told.names()))
        counts = (await asyncio.to_thread(play.api.count_tasks, TaskQuery()))["counts"]
        assert counts["cancelled"] > 0
        assert counts["queued"] > 0

    perform(scene)
