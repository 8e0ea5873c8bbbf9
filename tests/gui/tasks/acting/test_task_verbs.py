"""Acting on tasks: each verb waits out its grace with *Undo*; many have a line with *Stop*."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from desktop.gui.assembly import ShownWindow
from desktop.gui.frame.room import UndoTime
from desktop.gui.kit.words.verbs import failed_words
from desktop.gui.one_window import OneWindow
from desktop.gui.program import Program
from desktop.gui.tasks.acting.pending_actions import ActionCall
from desktop.gui.tasks.acting.safety_questions import NAME
from desktop.gui.tasks.acting.task_verbs import TaskVerbs
from desktop.gui.tasks.table.columns import PROGRESS
from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.client.calls import TaskQuery
from sendoff_tasks.client.errors import BackendGone, TooSlow
from sendoff_tasks.folder.backend_addresses import read_backend
from sendoff_tasks.model.tasks import BulkAnswer, PendingRow
from tests.gui.batches.test_batch_verbs import bring
from tests.gui.play import Play, post
from tests.gui.tasks.acting.pending_rows import pending_row, selection
from tests.gui.test_rooms import LATER, later

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from desktop.contract.items import NewItem
    from desktop.gui.link.jobs import Jobs
    from desktop.gui.tasks.acting.task_actions import Verb
    from tests.gui.counter import Counter
    from tests.gui.play import Scene

    Perform = Callable[[Scene], None]


LONG = 600.0
STATES = """
from sendoff_tasks import GiveUp, Uncertain, task

@task
def fail(): raise GiveUp("no")

@task
def doubt(): raise Uncertain("no answer")
"""


def progress(play: Play) -> list[str]:
    rows = [play.model.row_at(place) for place in range(play.model.rowCount())]
    return [play.model.cells(row)[PROGRESS] for row in rows if row is not None]


async def seen_is_undone(play: Play, tasks: list[int]) -> None:
    """What was marked as seen is unmarked by the key of that mark; what was so before stays."""
    first, second, third = tasks

    def seen() -> list[int]:
        return [row["id"] for row in play.api.page(TaskQuery(seen=True, sort="id"))["tasks"]]

    verbs = play.program.rooms.tasks.verbs
    verbs.act("seen", [999])
    await play.toast("Nothing to do\nSkipped: 1 is gone")
    play.window.toasts.act_newest()
    await play.toast("There is nothing to undo any more")
    play.api.change_task(first, {"seen": True})
    verbs.act("seen", [first, second])
    await play.toast("Mark as seen · 2 tasks · done")
    play.window.toasts.act_newest()
    await play.toast("Mark as unseen · 1 task · done")
    await play.until(lambda: seen() == [first])  # that one was so before
    verbs.act("seen", TaskQuery(states=("failed",)))
    await play.until(lambda: seen() == [first, second, third])
    await play.toast("Mark as seen · 2 tasks · done")
    play.window.toasts.act_newest()
    await play.until(lambda: seen() == [first])


def test_what_is_done_to_one_or_many_can_be_undone_before_it_begins(
    perform: Perform, data: OfficeFolder
) -> None:
    """Also what is done by keys to the tasks of several items, in their view."""
    (data.tasks / "own.py").write_text(STATES)

    async def waits(play: Play, verb: Verb, tasks: list[int], said: str) -> None:
        verbs = play.program.rooms.tasks.verbs
        verbs.act(verb, tasks)
        await play.toast(said)
        (first,) = verbs.pending.actions
        verbs.act(verb, tasks)  # it takes the place of the first
        await play.until(lambda: verbs.pending.actions and first not in verbs.pending.actions)
        assert len(play.toasts()) == 1
        play.window.toasts.act_newest()
        assert not verbs.pending.actions
        await play.until(lambda: not play.api.actions.pending())

    async def by_keys_in_items(play: Play) -> None:
        verbs, view = play.program.rooms.tasks.verbs, play.window.items

        def words() -> list[str]:
            return [each.text() for each in view.several.buttons.row.buttons.values()]

        play.window.switch.choose("items")
        await play.until(lambda: view.table.model().rowCount() == 3)
        view.table.setFocus()
        QTest.keyClick(view.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        await play.until(lambda: "Cancel (3)" in words())
        QTest.keyClick(view.table, Qt.Key.Key_Delete)
        await play.toast("Cancel · 3 tasks · in")
        await play.until(lambda: "Undo (3)" in words())
        play.window.toasts.act_newest()
        assert not verbs.pending.actions
        QTest.keyClick(play.window, Qt.Key.Key_Escape)
        await play.until(lambda: len(view.table.chosen()) == 1)
        play.window.switch.choose("tasks")

    async def scene(play: Play) -> None:
        play.program.rooms.tasks.verbs.grace.seconds = LONG
        item, *_ = await later(play, 3)
        await by_keys_in_items(play)
        ids = post(play.api, "/tasks", [{"task": "fail"}] * 3 + [{"task": "doubt"}] * 3)["ids"]
        await play.until(lambda: {*play.states()} == {"failed", "uncertain", "scheduled"})
        await waits(play, "retry", ids[:3], "Retry · 3 tasks · in ")
        await waits(play, "again", ids[3:4], "Run again · 1 task · in ")
        await waits(play, "cancel", [item], "Cancel · 1 task · in ")
        await waits(play, "done", ids[3:], "Mark as done · 3 tasks · in ")
        await seen_is_undone(play, ids[:3])

    perform(scene)


def choose_remove(play: Play, words: str = "Remove finished tasks…") -> None:
    play.window.menu.aboutToShow.emit()
    (remove,) = (each for each in play.window.menu.actions() if each.text() == words)
    play.window.menu.aboutToHide.emit()
    remove.trigger()


async def says_what_will_happen(play: Play) -> list[int]:
    """Before it happens it is said how many are meant, which are not, and who gets it.

    Returns two tasks that are cancelled in the end.
    """
    task, other = await later(play, 2)
    play.submit("Ada")
    await play.until(lambda: play.states().count("succeeded") == 1)
    verbs = play.program.rooms.tasks.verbs
    await play.until(lambda: verbs.grace.seconds == 0.0)  # as the settings have it
    verbs.grace.seconds = LONG
    sent = sorted(play.rows())[-1:]
    to_me = "Send to me · 1 e-mail · Sendoff <sendoff@localhost> · in 600 s"
    wishes: dict[Verb, str] = {
        "resend": "Send again · 1 e-mail · in 600 s",
        "to_me": to_me,
    }
    for verb, said in wishes.items():
        verbs.act(verb, sent)
        await play.toast(said)
        play.window.toasts.act_newest()
        await play.until(lambda: not play.api.actions.pending())
    verbs.act("cancel", [task, other, *sent, 999])
    await play.toast("Cancel · 2 tasks · in 600 s\nSkipped: 1 is done, 1 is gone")
    choose_remove(play)
    await play.until(lambda: NAME in play.window.notices.names())
    play.window.notices.choose(NAME, "remove")
    kept = "1 was only kept in practice mode and not sent."
    await play.toast(f"Remove · 1 task · in 600 s\n{kept}")
    play.window.toasts.act_newest()
    verbs.act("retry", [task])
    await play.toast("Nothing to do")
    play.window.toasts.act_newest()  # that is for what was done before
    assert not verbs.pending.actions
    assert play.states().count("scheduled") == 2
    verbs.grace.seconds = 0.0
    verbs.act("cancel", [task])
    await play.until(lambda: play.states().count("cancelled") == 1)
    body: NewItem = {**LATER, "recipient": {"email": "new@example.org"}}
    play.api.items.correct(1, body, "key", send=False)
    verbs.grace.seconds = LONG
    verbs.act("retry", [task])
    said = "Retry · 1 task · in 600 s\nnew@example.org"
    await play.until(lambda: play.toasts()[-1:] == [said])
    play.window.toasts.act_newest()
    verbs.grace.seconds = 0.0
    verbs.act("cancel", [other])
    return [task, other]


def test_finished_tasks_are_kept_unless_a_person_says_yes_but_one_can_be_undone(
    perform: Perform,
) -> None:
    kept = "E-mails that were only kept in practice mode, not sent, are removed too."
    stay = "Failed, uncertain and cancelled ones stay: their recipients may not have been informed."

    async def scene(play: Play) -> None:
        notices, act = play.window.notices, play.window.page.table.action_chosen.emit
        cancelled = await says_what_will_happen(play)
        for name in ("Bo", "Cy"):
            play.submit(name)
        over = ["cancelled"] * 2 + ["succeeded"] * 3
        await play.until(lambda: sorted(play.states()) == over)
        choose_remove(play)
        await play.until(lambda: NAME in notices.names())
        assert notices.text(NAME) == (
            "Remove 3 finished tasks for good? Items stay, with whether people were informed; so"
            f" do batches. {kept} {stay}"
        )
        focused = notices.window().focusWidget()
        assert isinstance(focused, QPushButton)
        assert focused.text() == "Keep"
        focused.click()
        await play.until(lambda: NAME not in notices.names())
        assert play.has(5)
        more_than_is_shown = selection([], 5, TaskQuery())
        (remove,) = (each for each in more_than_is_shown.actions if each.verb == "remove")
        act(remove.verb, remove.which)
        await play.until(lambda: NAME in notices.names())
        assert notices.text(NAME).startswith("Remove 3 finished tasks for good?")
        assert stay in notices.text(NAME)
        first, *others = (n for n in sorted(play.rows()) if n not in cancelled)
        act("remove", others)
        said = "Remove 2 finished tasks for good? Items stay"
        await play.until(lambda: notices.text(NAME).startswith(said))
        assert stay not in notices.text(NAME)
        notices.choose(NAME, "remove")
        await play.until(lambda: sorted(play.rows()) == sorted([first, *cancelled]))
        verbs = play.program.rooms.tasks.verbs
        verbs.grace.seconds = LONG
        act("remove", [first])
        await play.toast("Remove · 1 task")
        assert NAME not in notices.names()
        play.window.toasts.act_newest()
        verbs.grace.seconds = 0.0
        choose_remove(play)
        await play.until(lambda: NAME in notices.names())
        notices.choose(NAME, "remove")
        await play.until(lambda: play.states() == ["cancelled"] * 2)
        choose_remove(play)
        await play.toast("Nothing to do.")
        play.window.page.chips.choose("cancelled")
        await play.until(lambda: play.model.is_loaded and play.has(2))
        choose_remove(play, "Remove finished tasks in this list…")
        await play.until(lambda: NAME in notices.names())
        assert notices.text(NAME).startswith(
            "Remove 2 finished tasks for good?"
            " Only the tasks that search and filters show are removed."
        )
        assert stay not in notices.text(NAME)

    perform(scene)


@asynccontextmanager
async def beside(app: QApplication, first: OfficeFolder, root: Path) -> AsyncIterator[Play]:
    """Open a window of its own on the backend of the first."""
    server, data = read_backend(first.backend_file), OfficeFolder(root)
    data.create()
    lock = OneWindow(data.window_lock)
    assert lock.take()
    program = Program(ShownWindow(app, data, server), data, lock, None, server, data)
    play, main = Play(program), asyncio.create_task(program.main())
    try:
        await play.ready()
        yield play
    finally:
        play.window.quit_requested.emit()
        await main
        program.close()


def test_what_one_window_asks_for_one_that_is_opened_later_tells_of_and_undoes(
    perform: Perform, qapp: QApplication, data: OfficeFolder, tmp_path: Path
) -> None:
    async def scene(one: Play) -> None:
        await later(one, 2)
        verbs, actions = one.program.rooms.tasks.verbs, one.api.actions
        one.api.pause("mail")
        await one.until(lambda: all("after the pause" in words for words in progress(one)))
        before = progress(one)
        number = bring(one, tmp_path / "members.csv", 3)
        await asyncio.to_thread(one.api.batches.start, number, "start")
        verbs.grace.seconds = LONG
        verbs.act("cancel", [1, 2])
        await one.toast("Cancel · 2 tasks · in ")
        async with beside(qapp, data, tmp_path / "other") as other:
            for play in (one, other):
                play.window.page.chips.choose("scheduled")
                await play.until(lambda play=play: play.model.is_loaded and play.has(2))  # type: ignore[misc]
            await other.toast("Cancel · 2 tasks · in ")
            assert progress(other) == progress(one) == ["Cancel · soon"] * 2
            other.window.toasts.act_newest()
            assert other.toasts() == []
            await one.until(lambda: not verbs.pending.actions)
            assert one.toasts() == []
            assert progress(one) == progress(other) == before
            first = one.model.row_at(0)
            assert first is not None
            first.cells, first.cells_at = ("old",) * len(first.cells), 0
            one.window.toasts.show(lambda left: f"in {left} s", seconds=5, action="Undo")
            assert "old" not in first.cells, "rows change their seconds when a toast does"
            one.window.toasts.act_newest()

            for play in (one, other):
                play.window.switch.choose("batches")
                row = play.window.batches.card.row  # its buttons are others with each offer
                await play.until(lambda row=row: "cancel" in row.buttons)  # type: ignore[misc]
            one.window.batches.card.row.buttons["cancel"].click()
            await other.toast("Cancel · the rest of “members.csv” · in ")
            other.window.batches.card.row.buttons["undo"].click()
            await one.until(lambda: "undo" not in one.window.batches.card.row.buttons)
            assert one.toasts() == other.toasts() == []
            assert one.api.batches.one(number)["counts"]["open"] == 3
        await asyncio.to_thread(actions.act, "cancel", [1, 2], key="shell", delay=3.0)
        await one.toast("Cancel · 2 tasks · done")

    perform(scene)


class Backend:
    """Takes an action; its first answer may not come."""

    def __init__(self, touched: int, error: Exception | None = None) -> None:
        self.touched, self.error = touched, error
        self.keys: list[str] = []
        self.over: BulkAnswer | None = None
        self.undone: list[int] = []
        self.due_in = 0.0

    def act(self, *_: Any, key: str, **__: Any) -> BulkAnswer:
        self.keys.append(key)
        if self.error is not None and len(self.keys) == 1:
            raise self.error
        return BulkAnswer(touched=self.touched, skipped=[], is_exact=False, pending=self.row())

    def pending(self) -> list[PendingRow]:
        return [] if self.over else [self.row()]

    def pending_one(self, _: int) -> PendingRow:
        return self.row(done=self.touched, answer=self.over)

    def row(self, done: int = 0, answer: BulkAnswer | None = None) -> PendingRow:
        told: dict[str, Any] = {"filter": TaskQuery().parameters(), "done": done, "answer": answer}
        key = self.keys[-1] if self.keys else ""
        return pending_row(7, "remove", self.touched, key=key, due_in=self.due_in, **told)

    def undo(self, number: int) -> None:
        self.undone.append(number)


def verbs_of(counter: Counter, jobs: Jobs, backend: Backend) -> TaskVerbs:
    counter.source.api = SimpleNamespace(actions=backend, close=lambda: None)  # type: ignore[assignment]
    window, source = counter.window, counter.source
    grace = UndoTime()
    grace.seconds = 0.0
    return TaskVerbs(window, window.page, source, counter.outbox, grace)


def test_many_have_a_line_that_stops_them_and_says_what_came_of_it(
    counter: Counter, jobs: Jobs
) -> None:
    backend = Backend(1204, TooSlow("Sendoff has not answered within 60 s."))
    notices = counter.window.notices
    verbs = verbs_of(counter, jobs, backend)
    verbs.act("remove", TaskQuery())
    counter.until(lambda: verbs.pending.actions)
    assert len(backend.keys) == 2
    assert len({*backend.keys}) == 1
    verbs.follow({"rows": [backend.row(done=701)], "gone": []})
    (name,) = notices.names()
    assert notices.text(name) == "Remove · 701 of 1,204 tasks"
    (stop,) = (each for each in notices.findChildren(QPushButton) if each.text() == "Stop")
    stop.click()
    counter.until(lambda: backend.undone == [7])
    left: Any = [{"why": "It is running.", "count": 1, "refusal": "running"}]
    over = BulkAnswer(touched=700, skipped=left, stopped=True)
    verbs.follow({"rows": [backend.row(done=701, answer=over)], "gone": []})
    assert counter.toasts() == ["Stopped: Remove · 700 tasks · done · Skipped: 1 is running"]
    assert notices.names() == []


def test_an_undo_that_comes_once_it_has_begun_says_what_was_done(
    counter: Counter, jobs: Jobs
) -> None:
    backend = Backend(1204)
    backend.due_in = 60.0
    verbs = verbs_of(counter, jobs, backend)
    verbs.grace.seconds = 60.0
    verbs.act("remove", TaskQuery())
    counter.until(counter.toasts)
    counter.window.toasts.act_newest()
    counter.until(lambda: backend.undone == [7])
    assert counter.toasts() == []
    over = BulkAnswer(touched=500, skipped=[], stopped=True)
    verbs.follow({"rows": [backend.row(done=500, answer=over)], "gone": []})
    assert counter.toasts() == ["Stopped: Remove · 500 tasks · done"]


def test_what_ended_with_an_error_is_told_in_every_window(counter: Counter, jobs: Jobs) -> None:
    backend = Backend(2)
    backend.due_in = 60.0
    verbs = verbs_of(counter, jobs, backend)
    verbs.load()  # another window has asked for it
    counter.until(lambda: verbs.pending.actions)
    over = BulkAnswer(touched=0, skipped=[], error="ZeroDivisionError")
    verbs.follow({"rows": [backend.row(answer=over)], "gone": []})
    assert counter.toasts() == [failed_words("remove", over)]
    assert not verbs.pending.actions


def test_what_was_over_long_ago_is_not_announced_again(counter: Counter, jobs: Jobs) -> None:
    backend = Backend(2, TooSlow("Sendoff has not answered within 60 s."))
    backend.over = BulkAnswer(touched=2, skipped=[])
    verbs = verbs_of(counter, jobs, backend)
    verbs.grace.seconds = 60.0
    verbs.act("remove", [1, 2])
    counter.until(lambda: counter.toasts() == ["Remove · 2 tasks · done"])


def test_what_the_backend_took_along_is_asked_once_more_when_it_is_back(
    counter: Counter, jobs: Jobs
) -> None:
    backend = Backend(2, BackendGone())
    verbs = verbs_of(counter, jobs, backend)
    verbs.act("remove", [1, 2])
    assert counter.outbox.unanswered == 1  # closing asks

    def asked_once_back() -> bool:
        counter.source.go_on()
        return bool(verbs.pending.actions)

    counter.until(asked_once_back)
    assert counter.outbox.unanswered == 0
    assert len(backend.keys) == 2
    assert len({*backend.keys}) == 1


def test_a_thousand_or_fewer_have_a_toast(counter: Counter, jobs: Jobs) -> None:
    backend = Backend(1000)
    verbs = verbs_of(counter, jobs, backend)
    verbs.act("remove", TaskQuery())
    counter.until(lambda: verbs.pending.actions)
    verbs.follow({"rows": [backend.row(done=500)], "gone": []})
    over = BulkAnswer(touched=1000, skipped=[])
    verbs.follow({"rows": [backend.row(done=1000, answer=over)], "gone": []})
    assert counter.toasts() == ["Remove · 1,000 tasks · done"]
    assert counter.window.notices.names() == []


def test_what_was_over_while_nothing_was_heard_is_looked_up(counter: Counter, jobs: Jobs) -> None:
    backend = Backend(2)
    verbs = verbs_of(counter, jobs, backend)
    verbs.act("remove", [1, 2])
    counter.until(lambda: verbs.pending.actions)
    backend.over = BulkAnswer(touched=2, skipped=[])
    verbs.load()
    counter.until(lambda: counter.toasts() == ["Remove · 2 tasks · done"])


def test_what_was_heard_of_before_the_answer_is_told_once(counter: Counter, jobs: Jobs) -> None:
    backend = Backend(2)
    verbs = verbs_of(counter, jobs, backend)
    verbs.act("remove", [1, 2])
    over = backend.row(done=2, answer=BulkAnswer(touched=2, skipped=[]))
    (over["key"],) = verbs.asking
    verbs.follow({"rows": [over], "gone": []})
    assert counter.toasts() == []
    counter.until(counter.toasts)
    assert counter.toasts() == ["Remove · 2 tasks · done"]
    assert not verbs.pending.actions


def test_what_was_heard_of_and_is_asked_again_is_told_once(counter: Counter, jobs: Jobs) -> None:
    backend = Backend(2, BackendGone())
    backend.due_in = 60.0
    verbs = verbs_of(counter, jobs, backend)
    wish = ActionCall("retry", [1, 2])
    wish.failed = counter.window.toasts.warn
    verbs.ask(wish)
    counter.until(counter.toasts)
    counter.window.toasts.shown[0].close()
    verbs.follow({"rows": [backend.row()], "gone": []})
    assert len(counter.toasts()) == 1
    verbs.ask(wish)
    counter.until(lambda: not verbs.asking)
    assert len(counter.toasts()) == 1
    assert verbs.pending.actions[7].key


def test_what_another_undid_while_a_call_was_open_is_not_announced(
    counter: Counter, jobs: Jobs
) -> None:
    backend = Backend(2, BackendGone())
    verbs = verbs_of(counter, jobs, backend)
    verbs.act("remove", [1, 2])
    counter.until(lambda: backend.keys and not jobs.under_way)
    others = pending_row(6, "remove", 2)
    verbs.follow({"rows": [others], "gone": []})
    verbs.follow({"rows": [], "gone": [6]})
    counter.source.go_on()
    counter.until(lambda: not verbs.asking)
    assert [*verbs.pending.actions] == [7]


def test_what_another_undid_before_its_own_call_was_answered_is_not_announced(
    counter: Counter, jobs: Jobs
) -> None:
    backend = Backend(2)
    backend.due_in = 60.0
    verbs = verbs_of(counter, jobs, backend)
    verbs.act("remove", [1, 2])
    row = backend.row()
    (row["key"],) = verbs.asking
    verbs.follow({"rows": [row], "gone": []})
    verbs.follow({"rows": [], "gone": [row["id"]]})
    counter.until(lambda: not verbs.asking)
    assert (verbs.pending.actions, counter.toasts()) == ({}, [])


@pytest.mark.parametrize("is_undone", [False, True])
def test_what_was_read_as_waiting_when_it_had_ended_is_not_shown(
    counter: Counter, jobs: Jobs, *, is_undone: bool
) -> None:
    backend = Backend(2)
    verbs = verbs_of(counter, jobs, backend)
    verbs.load()
    over = backend.row(answer=BulkAnswer(touched=2, skipped=[]))
    rows, gone = ([], [7]) if is_undone else ([over], [])
    verbs.follow({"rows": rows, "gone": gone})
    counter.until(lambda: not jobs.under_way)
    assert (verbs.pending.actions, counter.toasts()) == ({}, [])
