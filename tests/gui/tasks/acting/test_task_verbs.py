"""Acting on tasks: each verb waits out its grace with *Undo*; many have a line with *Stop*."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.gui.frame.room import UndoTime
from desktop.gui.kit.words.verbs import failed_words
from desktop.gui.tasks.acting.pending_actions import ActionCall
from desktop.gui.tasks.acting.task_verbs import TaskVerbs
from sendoff_tasks.client.calls import SortedFilter
from sendoff_tasks.client.errors import BackendGone, Refused, TooSlow
from sendoff_tasks.model.problems import Problem
from sendoff_tasks.model.tasks import BulkAnswer, PendingRow
from tests.gui.hands import answer, asked, asks
from tests.gui.play import Play
from tests.gui.tasks.acting.pending_rows import pending_row, selection
from tests.gui.test_rooms import LATER, later

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.contract.items import NewItem
    from desktop.gui.link.jobs import Jobs
    from tests.gui.counter import Counter
    from tests.gui.play import Scene

    Perform = Callable[[Scene], None]


LONG = 600.0


async def test_by_keys_several_tasks_are_cancelled_and_a_wish_replaces_its_like(
    play: Play,
) -> None:
    verbs, table = play.program.rooms.tasks.verbs, play.window.page.table
    verbs.grace.seconds = LONG
    await later(play, 3)
    (row,) = play.model.rows_between(0, 0)
    row.cells, row.cells_at = ("old",) * len(row.cells), 0
    play.window.notes.countdown_begun.emit()
    assert "old" not in row.cells, "rows change their seconds when a note does"
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(table, Qt.Key.Key_Delete)
    await play.note("Cancel · 3 tasks · in")
    (first,) = verbs.pending.actions
    verbs.act("cancel", [1, 2, 3])
    await play.until(lambda: verbs.pending.actions and first not in verbs.pending.actions)
    assert len(play.notes()) == 1
    play.window.notes.undo()
    assert not verbs.pending.actions
    await play.until(lambda: not play.api.actions.pending())
    QTest.keyClick(table, Qt.Key.Key_Escape)
    await play.until(lambda: len(table.chosen()) == 1)


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
    verbs.act("to_me", sent)
    await play.note("Send to me · 1 e-mail · Sendoff <sendoff@localhost> · in 600 s")
    play.window.notes.undo()
    await play.until(lambda: not play.api.actions.pending())
    verbs.act("cancel", [task, other, *sent, 999])
    await play.note("Cancel · 2 tasks · in 600 s\nSkipped: 1 is done, 1 is gone")
    choose_remove(play)
    await play.until(asked)
    answer("Remove")
    kept = "1 was only kept in practice mode and not sent."
    await play.note(f"Remove · 1 task · in 600 s\n{kept}")
    play.window.notes.undo()
    verbs.act("retry", [task])
    await play.note("Nothing to do")
    play.window.notes.undo()  # that is for what was done before
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
    await play.until(lambda: play.notes()[-1:] == [said])
    play.window.notes.undo()
    verbs.grace.seconds = 0.0
    verbs.act("cancel", [other])
    return [task, other]


def test_finished_tasks_are_kept_unless_a_person_says_yes_but_one_can_be_undone(
    perform: Perform,
) -> None:
    kept = "E-mails that were only kept in practice mode, not sent, are removed too."
    stay = "Failed, uncertain and cancelled ones stay: their recipients may not have been informed."

    async def scene(play: Play) -> None:
        act = play.window.page.table.action_chosen.emit
        cancelled = await says_what_will_happen(play)
        for name in ("Bo", "Cy"):
            play.submit(name)
        over = ["cancelled"] * 2 + ["succeeded"] * 3
        await play.until(lambda: sorted(play.states()) == over)
        choose_remove(play)
        await play.until(asked)
        assert asks(
            "Remove 3 finished tasks for good? Items stay, with whether people were informed; so"
            f" do batches. {kept} {stay}"
        )
        answer("Keep")
        assert play.has(5)
        more_than_is_shown = selection([], 5, SortedFilter())
        (remove,) = (each for each in more_than_is_shown.actions if each.verb == "remove")
        act(remove.verb, remove.which)
        await play.until(asked)
        assert asks("Remove 3 finished tasks for good?")
        assert asks(stay)
        answer("Keep")
        first, *others = (n for n in sorted(play.rows()) if n not in cancelled)
        act("remove", others)
        said = "Remove 2 finished tasks for good? Items stay"
        await play.until(lambda: asks(said))
        assert not asks(stay)
        answer("Remove")
        await play.until(lambda: sorted(play.rows()) == sorted([first, *cancelled]))
        verbs = play.program.rooms.tasks.verbs
        verbs.grace.seconds = LONG
        act("remove", [first])
        await play.note("Remove · 1 task")
        assert asked() is None
        play.window.notes.undo()
        verbs.grace.seconds = 0.0
        choose_remove(play)
        await play.until(asked)
        answer("Remove")
        await play.until(lambda: play.states() == ["cancelled"] * 2)
        choose_remove(play)
        await play.note("Nothing to do.")
        play.window.page.chips.choose("cancelled")
        await play.until(lambda: play.model.is_loaded and play.has(2))
        choose_remove(play, "Remove finished tasks in this list…")
        await play.until(asked)
        assert asks(
            "Remove 2 finished tasks for good?"
            " Only the tasks that search and filters show are removed."
        )
        assert not asks(stay)
        answer("Keep")

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
        told: dict[str, Any] = {
            "filter": SortedFilter().parameters(),
            "done": done,
            "answer": answer,
        }
        key = self.keys[-1] if self.keys else ""
        return pending_row(7, "remove", self.touched, key=key, due_in=self.due_in, **told)

    def undo(self, number: int) -> None:
        self.undone.append(number)


def no_letter(_: object) -> None:
    """Refuse the letter that the form follows."""
    raise Refused(Problem(type="about:blank", title="None", status=404, detail="None."))


def verbs_of(counter: Counter, jobs: Jobs, backend: Backend) -> TaskVerbs:
    api = SimpleNamespace(actions=backend, preview=no_letter, close=lambda: None)
    counter.source.api = api  # type: ignore[assignment]
    window, source = counter.window, counter.source
    grace = UndoTime()
    grace.seconds = 0.0
    return TaskVerbs(window, window.page, source, counter.outbox, grace)


def test_many_have_a_note_that_stops_them_and_says_what_came_of_it(
    counter: Counter, jobs: Jobs
) -> None:
    backend = Backend(1204, TooSlow("Sendoff has not answered within 60 s."))
    verbs = verbs_of(counter, jobs, backend)
    verbs.act("remove", SortedFilter())
    counter.until(lambda: verbs.pending.actions)
    assert len(backend.keys) == 2
    assert len({*backend.keys}) == 1
    verbs.follow({"rows": [backend.row(done=701)], "gone": []})
    verbs.follow({"rows": [backend.row(done=702)], "gone": []})
    (note,) = counter.window.notes.shown
    assert (note.text(), note.link.text()) == ("Remove · 702 of 1,204 tasks", "Stop")
    note.link.click()
    counter.until(lambda: backend.undone == [7])
    left: Any = [{"why": "It is running.", "count": 1, "refusal": "running"}]
    over = BulkAnswer(touched=700, skipped=left, stopped=True)
    verbs.follow({"rows": [backend.row(done=701, answer=over)], "gone": []})
    assert counter.notes() == ["Stopped: Remove · 700 tasks · done · Skipped: 1 is running"]


def test_an_undo_that_comes_once_it_has_begun_says_what_was_done(
    counter: Counter, jobs: Jobs
) -> None:
    backend = Backend(1204)
    backend.due_in = 60.0
    verbs = verbs_of(counter, jobs, backend)
    verbs.grace.seconds = 60.0
    verbs.act("remove", SortedFilter())
    counter.until(counter.notes)
    counter.window.notes.undo()
    counter.until(lambda: backend.undone == [7])
    assert counter.notes() == []
    over = BulkAnswer(touched=500, skipped=[], stopped=True)
    verbs.follow({"rows": [backend.row(done=500, answer=over)], "gone": []})
    assert counter.notes() == ["Stopped: Remove · 500 tasks · done"]


def test_what_ended_with_an_error_is_told_in_every_window(counter: Counter, jobs: Jobs) -> None:
    backend = Backend(2)
    backend.due_in = 60.0
    verbs = verbs_of(counter, jobs, backend)
    verbs.load()  # another window has asked for it
    counter.until(lambda: verbs.pending.actions)
    over = BulkAnswer(touched=0, skipped=[], error="ZeroDivisionError")
    verbs.follow({"rows": [backend.row(answer=over)], "gone": []})
    assert counter.notes() == [failed_words("remove", over)]
    assert not verbs.pending.actions


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


def test_what_was_over_while_nothing_was_heard_is_looked_up(counter: Counter, jobs: Jobs) -> None:
    backend = Backend(2)
    verbs = verbs_of(counter, jobs, backend)
    verbs.act("remove", [1, 2])
    counter.until(lambda: verbs.pending.actions)
    backend.over = BulkAnswer(touched=2, skipped=[])
    verbs.load()
    counter.until(lambda: counter.notes() == ["Remove · 2 tasks · done"])


def test_what_was_heard_of_before_the_answer_is_told_once(counter: Counter, jobs: Jobs) -> None:
    backend = Backend(2)
    verbs = verbs_of(counter, jobs, backend)
    verbs.act("remove", [1, 2])
    over = backend.row(done=2, answer=BulkAnswer(touched=2, skipped=[]))
    (over["key"],) = verbs.asking
    verbs.follow({"rows": [over], "gone": []})
    assert counter.notes() == []
    counter.until(counter.notes)
    assert counter.notes() == ["Remove · 2 tasks · done"]
    assert not verbs.pending.actions


def test_what_was_heard_of_and_is_asked_again_is_told_once(counter: Counter, jobs: Jobs) -> None:
    backend = Backend(2, BackendGone())
    backend.due_in = 60.0
    verbs = verbs_of(counter, jobs, backend)
    wish = ActionCall("retry", [1, 2])
    wish.failed = counter.window.notes.warn
    verbs.ask(wish)
    counter.until(counter.notes)
    counter.window.notes.shown[0].close()
    verbs.follow({"rows": [backend.row()], "gone": []})
    assert len(counter.notes()) == 1
    verbs.ask(wish)
    counter.until(lambda: not verbs.asking)
    assert len(counter.notes()) == 1
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
    assert (verbs.pending.actions, counter.notes()) == ({}, [])


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
    assert (verbs.pending.actions, counter.notes()) == ({}, [])
