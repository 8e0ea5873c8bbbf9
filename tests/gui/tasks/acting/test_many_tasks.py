"""An action on very many tasks has a line with how far it is, *Stop* and its result."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QPushButton

from desktop.client.api import TaskQuery, new_key
from desktop.client.errors import BackendGone, TooSlow
from desktop.contract.tasks import BulkAnswer, PendingRow
from desktop.gui.frame.room import GracePeriod
from desktop.gui.tasks.acting.task_actions import Everything
from desktop.gui.tasks.acting.task_verbs import TaskVerbs

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.gui.link.jobs import Jobs
    from desktop.settings.paths import DataFolder
    from tests.gui.counter import Counter
    from tests.gui.play import Play, Scene

FAILING = """
from desktop.engine import Final, task

@task(title="Fail")
def fail(item_id: int) -> None:
    raise Final("no")
"""


class Backend:
    """Takes an action; its first answer may not come."""

    def __init__(self, touched: int, error: Exception | None = None) -> None:
        self.touched, self.error = touched, error
        self.keys: list[str] = []
        self.over: BulkAnswer | None = None
        self.undone: list[int] = []

    def act(self, *_: Any, key: str, **__: Any) -> BulkAnswer:
        self.keys.append(key)
        if self.error is not None and len(self.keys) == 1:
            raise self.error
        waits: Any = {"id": 7, "due_at": "2026-03-01T09:30:00.000Z", "tasks": []}
        return BulkAnswer(touched=self.touched, skipped=[], is_exact=False, pending=waits)

    def pending(self) -> list[PendingRow]:
        return [] if self.over else [self.row()]

    def pending_one(self, _: int) -> PendingRow:
        return self.row(done=self.touched, answer=self.over)

    def row(self, done: int = 0, answer: BulkAnswer | None = None) -> PendingRow:
        return PendingRow(
            id=7,
            due_at="2026-03-01T09:30:00.000Z",
            tasks=[],
            action="remove",
            touched=self.touched,
            is_exact=False,
            filter=TaskQuery().filter(),
            batch_id=None,
            done=done,
            answer=answer,
        )

    def undo(self, number: int) -> None:
        self.undone.append(number)


def verbs_of(counter: Counter, jobs: Jobs, backend: Backend) -> TaskVerbs:
    counter.source.api = SimpleNamespace(many=backend, close=lambda: None)  # type: ignore[assignment]
    window, source = counter.window, counter.source
    grace = GracePeriod(window.toasts, source, jobs, window)
    grace.seconds = 0.0
    return TaskVerbs(window, window.page, source, jobs, grace)


def test_many_have_a_line_that_stops_them_and_says_what_came_of_it(
    counter: Counter, jobs: Jobs
) -> None:
    backend = Backend(1204, TooSlow("Sendoff has not answered within 60 s."))
    notices = counter.window.notices
    verbs = verbs_of(counter, jobs, backend)
    verbs.act("remove", Everything(TaskQuery()))
    counter.until(lambda: verbs.announced)
    assert len(backend.keys) == 2
    assert len({*backend.keys}) == 1
    verbs.follow({"rows": [backend.row(done=701)], "gone": []})
    (name,) = notices.names()
    assert notices.text(name) == "Removing… 701 of 1,204 tasks"
    (stop,) = (each for each in notices.findChildren(QPushButton) if each.text() == "Stop")
    stop.click()
    counter.until(lambda: backend.undone == [7])
    left: Any = [{"why": "It is running.", "count": 1, "refusal": "running"}]
    over = BulkAnswer(touched=700, skipped=left)
    verbs.follow({"rows": [backend.row(done=701, answer=over)], "gone": []})
    assert counter.toasts() == ["Stopped: 700 tasks are removed · Left alone: 1 is running"]
    assert notices.names() == []


def test_what_the_backend_took_along_is_asked_once_more_when_it_is_back(
    counter: Counter, jobs: Jobs
) -> None:
    backend = Backend(2, BackendGone())
    verbs = verbs_of(counter, jobs, backend)
    verbs.act("remove", [1, 2])

    def asked_once_back() -> bool:
        counter.source.go_on()
        return bool(verbs.announced)

    counter.until(asked_once_back)
    assert len(backend.keys) == 2
    assert len({*backend.keys}) == 1


def test_a_thousand_or_fewer_have_a_toast(counter: Counter, jobs: Jobs) -> None:
    backend = Backend(1000)
    verbs = verbs_of(counter, jobs, backend)
    verbs.act("remove", Everything(TaskQuery()))
    counter.until(lambda: verbs.announced)
    verbs.follow({"rows": [backend.row(done=500)], "gone": []})
    over = BulkAnswer(touched=1000, skipped=[])
    verbs.follow({"rows": [backend.row(done=1000, answer=over)], "gone": []})
    assert counter.toasts() == ["1,000 tasks are removed"]
    assert counter.window.notices.names() == []


def test_what_was_over_while_nothing_was_heard_is_looked_up(counter: Counter, jobs: Jobs) -> None:
    backend = Backend(2)
    verbs = verbs_of(counter, jobs, backend)
    verbs.act("remove", [1, 2])
    counter.until(lambda: verbs.announced)
    backend.over = BulkAnswer(touched=2, skipped=[])
    verbs.load()
    counter.until(lambda: counter.toasts() == ["2 tasks are removed"])


def test_what_was_heard_of_before_the_answer_is_told_once(counter: Counter, jobs: Jobs) -> None:
    backend = Backend(2)
    verbs = verbs_of(counter, jobs, backend)
    verbs.act("remove", [1, 2])
    over = BulkAnswer(touched=2, skipped=[])
    verbs.follow({"rows": [backend.row(done=2, answer=over)], "gone": []})
    assert counter.toasts() == []
    counter.until(counter.toasts)
    assert counter.toasts() == ["2 tasks are removed"]
    assert not verbs.announced


def test_seen_is_undone_by_key_for_what_it_marked_alone(
    perform: Callable[[Scene], None], data: DataFolder
) -> None:
    (data.tasks / "own.py").write_text(FAILING)

    async def put_aside(play: Play) -> None:
        for _ in range(3):
            play.api.items.submit(None, {"tasks": ["fail"]}, new_key())
        await play.until(lambda: play.states() == ["failed"] * 3)
        first, second, third = (row["id"] for row in play.api.page(TaskQuery(sort="id"))["tasks"])

        def seen() -> list[int]:
            return [row["id"] for row in play.api.page(TaskQuery(seen=True, sort="id"))["tasks"]]

        verbs = play.program.rooms.tasks.verbs
        verbs.act("seen", [999])
        await play.toast("There is nothing to do\nLeft alone: 1 is gone")
        play.window.toasts.act_newest()
        await play.toast("There is nothing to undo any more")
        play.api.change_task(first, {"seen": True})
        verbs.act("seen", [first, second])
        await play.toast("2 tasks are marked as seen")
        play.window.toasts.act_newest()
        await play.toast("1 task is marked as unseen")
        await play.until(lambda: seen() == [first])  # that one was so before
        verbs.act("seen", Everything(TaskQuery(states=("failed",))))
        await play.until(lambda: seen() == [first, second, third])
        await play.toast("2 tasks are marked as seen")
        play.window.toasts.act_newest()
        await play.until(lambda: seen() == [first])

    perform(put_aside)
