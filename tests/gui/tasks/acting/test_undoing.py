"""Undoing: a busy backend is asked again, what may not be undone is shown again."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import pytest

from desktop.gui.kit.rights import ALL_RIGHTS
from desktop.gui.kit.words.task_row import row_of
from desktop.gui.kit.words.verbs import failed_words
from desktop.gui.link import outbox
from desktop.gui.tasks.acting.pending_actions import DoneAction
from desktop.gui.tasks.acting.task_actions import fitting_actions
from sendoff_tasks.client.calls import SortedFilter
from sendoff_tasks.client.errors import BackendBusy, BackendGone, Refused
from sendoff_tasks.model.problems import Problem
from sendoff_tasks.model.tasks import BulkAnswer
from tests.gui.tasks.acting.pending_rows import pending_row
from tests.gui.tasks.acting.test_task_verbs import Backend, verbs_of
from tests.gui.tasks.table.task_source import task_row

if TYPE_CHECKING:
    from desktop.gui.frame.notes import WindowNote
    from desktop.gui.link.jobs import Jobs
    from desktop.gui.tasks.acting.task_verbs import TaskVerbs
    from sendoff_tasks.model.tasks import PendingRow
    from tests.gui.counter import Counter


BUSY = BackendBusy("Sendoff is busy.", retry_after=0.0)


def refused(status: HTTPStatus) -> Refused:
    said = f"{status.phrase}."
    return Refused(Problem(type="about:blank", title=said, status=status, detail=said))


class Reluctant(Backend):
    """Takes an action that waits a minute; undoes it after so many errors."""

    def __init__(self, touched: int, *errors: Exception) -> None:
        super().__init__(touched)
        self.errors = [*errors]
        self.due_in = 60.0

    def undo(self, number: int) -> None:
        super().undo(number)
        if self.errors:
            raise self.errors.pop(0)


def announced(counter: Counter, jobs: Jobs, backend: Backend) -> TaskVerbs:
    verbs = verbs_of(counter, jobs, backend)
    verbs.grace.seconds = 60.0
    verbs.act("remove", SortedFilter())
    counter.until(counter.notes)
    return verbs


def test_a_busy_backend_is_asked_again_until_it_has_undone_it(counter: Counter, jobs: Jobs) -> None:
    backend = Reluctant(2, BUSY, BUSY)
    verbs = announced(counter, jobs, backend)
    counter.window.notes.undo()
    counter.until(lambda: backend.undone == [7, 7, 7] and not jobs.under_way)
    assert counter.outbox.unanswered == 0
    assert counter.notes() == []
    assert not verbs.pending.actions


def test_closing_asks_while_an_undo_has_not_reached_the_backend(
    counter: Counter, jobs: Jobs
) -> None:
    backend = Reluctant(2, BackendGone())
    announced(counter, jobs, backend)
    counter.window.notes.undo()
    counter.until(lambda: backend.undone == [7] and not jobs.under_way)
    assert counter.outbox.unanswered == 1


def test_an_undo_without_an_answer_shows_the_action_again(
    counter: Counter, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = Reluctant(2, *[BackendGone()] * 9)
    verbs = announced(counter, jobs, backend)
    monkeypatch.setattr(outbox, "WAITS_S", 0)
    counter.window.notes.undo()
    counter.until(lambda: verbs.pending.actions)
    assert counter.outbox.unanswered == 0
    assert counter.notes()[-1].startswith("Remove · 2 tasks · in ")


def test_it_is_too_late_only_for_what_was_carried_out(counter: Counter, jobs: Jobs) -> None:
    backend = Reluctant(2, BUSY, refused(HTTPStatus.CONFLICT))
    backend.over = BulkAnswer(touched=2, skipped=[])
    announced(counter, jobs, backend)
    counter.window.notes.undo()
    counter.until(counter.notes)
    assert counter.notes() == ["Too late: the action was already carried out"]
    assert backend.undone == [7, 7]


def test_an_undo_of_what_ended_with_an_error_says_so_once(counter: Counter, jobs: Jobs) -> None:
    backend = Reluctant(2, refused(HTTPStatus.CONFLICT))
    backend.over = BulkAnswer(touched=1, skipped=[], error="ZeroDivisionError")
    verbs = announced(counter, jobs, backend)
    counter.window.notes.undo()
    verbs.follow({"rows": [backend.row(answer=backend.over)], "gone": []})
    counter.until(lambda: backend.undone and not jobs.under_way)
    assert counter.notes() == [failed_words("remove", backend.over)]


def test_what_may_not_be_undone_is_announced_again(counter: Counter, jobs: Jobs) -> None:
    backend = Reluctant(2, refused(HTTPStatus.FORBIDDEN))
    verbs = announced(counter, jobs, backend)
    counter.window.notes.undo()
    assert not verbs.pending.actions
    counter.until(lambda: verbs.pending.actions)
    assert counter.notes()[0] == "Forbidden."
    assert verbs.pending.of_all(SortedFilter())


def test_a_stop_is_told_and_offered_as_other_undos_are(counter: Counter, jobs: Jobs) -> None:
    backend = Reluctant(1204, BUSY, refused(HTTPStatus.FORBIDDEN))
    verbs = announced(counter, jobs, backend)
    begun = backend.row(done=701)

    def stops() -> list[WindowNote]:
        return [each for each in counter.window.notes.shown if each.link.text() == "Stop"]

    verbs.follow({"rows": [begun], "gone": []})
    stops()[0].link.click()
    verbs.follow({"rows": [begun], "gone": []})
    counter.until(lambda: "Forbidden." in counter.notes())
    assert backend.undone == [7, 7]
    verbs.follow({"rows": [begun], "gone": []})
    assert len(stops()) == 1


def test_a_busy_backend_is_asked_again_what_waits(
    counter: Counter, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = Backend(2)
    answers = [BUSY]

    def pending() -> list[PendingRow]:
        if answers:
            raise answers.pop()
        return [backend.row()]

    monkeypatch.setattr(backend, "pending", pending)
    verbs = verbs_of(counter, jobs, backend)
    verbs.load()
    counter.until(lambda: verbs.pending.actions)


def test_what_another_window_tries_again_is_followed_there(counter: Counter, jobs: Jobs) -> None:
    verbs = verbs_of(counter, jobs, Backend(1))
    tried = list[list[int]]()
    verbs.tried_one.connect(tried.append)
    answer = BulkAnswer(touched=1, skipped=[], ids=[3])
    for told in (
        pending_row(6, "retry", 1, due_in=60.0),
        pending_row(6, "retry", 1, answer=answer),
    ):
        verbs.follow({"rows": [told], "gone": []})
    assert (verbs.pending.actions, tried) == ({}, [])


class Doer(Backend):
    """Has done what can be undone for a minute; refuses the undo with these errors."""

    def __init__(self, *errors: Exception) -> None:
        super().__init__(1)
        self.errors = [*errors]

    def row(self, done: int = 0, answer: BulkAnswer | None = None) -> PendingRow:
        told: dict[str, Any] = {"done": done, "answer": answer, "due_in": 60.0}
        return pending_row(7, "submit", 1, key="press", tasks=[[5, 5]], **told)

    def undo(self, number: int) -> None:
        super().undo(number)
        if self.errors:
            raise self.errors.pop(0)


def submitted(_: PendingRow | None = None, undone: list[str] | None = None) -> DoneAction:
    back = [] if undone is None else undone
    said = "Item 3 will be sent in {} s".format
    return DoneAction("submit", "", said=said, undone=lambda: back.append("3"))


def test_what_this_window_did_is_undone_once(counter: Counter, jobs: Jobs) -> None:
    backend, undone = Doer(), list[str]()
    verbs = verbs_of(counter, jobs, backend)
    verbs.follow({"rows": [backend.row()], "gone": []})  # before the answer
    assert counter.notes() == []
    verbs.offer(submitted(undone=undone), backend.row())
    assert counter.notes() == ["Item 3 will be sent in 60 s"]
    counter.window.notes.undo()
    counter.until(lambda: undone)
    verbs.follow({"rows": [], "gone": [7]})
    assert (backend.undone, undone, counter.notes()) == ([7], ["3"], [])


def test_a_lost_answer_to_an_undo_still_undoes_it(counter: Counter, jobs: Jobs) -> None:
    backend, undone = Doer(BUSY, refused(HTTPStatus.NOT_FOUND)), list[str]()
    verbs_of(counter, jobs, backend).offer(submitted(undone=undone), backend.row())
    counter.window.notes.undo()
    counter.until(lambda: undone)
    assert backend.undone == [7, 7]


def test_an_undo_that_is_refused_says_that_it_is_too_late(counter: Counter, jobs: Jobs) -> None:
    backend, undone = Doer(refused(HTTPStatus.CONFLICT)), list[str]()
    verbs_of(counter, jobs, backend).offer(submitted(undone=undone), backend.row())
    counter.window.notes.undo()
    counter.until(counter.notes)
    assert (counter.notes(), undone) == (["Too late: the e-mail was already sent"], [])


def test_an_undo_is_offered_by_the_window_after_one_that_was_killed(
    counter: Counter, jobs: Jobs
) -> None:
    backend = Doer()
    verbs = verbs_of(counter, jobs, backend)
    verbs.on_done["submit"] = submitted
    verbs.load()
    counter.until(counter.notes)
    counter.window.notes.undo()
    counter.until(lambda: backend.undone == [7])


def test_an_undo_of_another_window_has_no_note_but_its_row(counter: Counter, jobs: Jobs) -> None:
    backend = Doer()
    verbs = verbs_of(counter, jobs, backend)
    verbs.on_done["submit"] = submitted
    verbs.follow({"rows": [backend.row()], "gone": []})
    assert counter.notes() == []
    added = row_of(task_row(5, "scheduled"))
    actions = fitting_actions([added], ALL_RIGHTS, verbs.pending)
    (undo,) = (each for each in actions if each.verb == "undo")
    assert (undo.is_rare, undo.which, verbs.pending.of(added)) == (True, [7], None)
    verbs.carry_out("undo", undo.which)
    counter.until(lambda: backend.undone == [7])
    assert not verbs.pending.actions


def test_what_was_over_before_its_answer_is_told_without_undo(counter: Counter, jobs: Jobs) -> None:
    backend = Doer()
    verbs = verbs_of(counter, jobs, backend)
    backend.over = BulkAnswer(touched=1, skipped=[])
    verbs.follow({"rows": [backend.pending_one(7)], "gone": []})
    verbs.offer(submitted(), backend.row())
    counter.until(lambda: counter.notes() == ["Item 3 will be sent in 0 s"])
    (note,) = counter.window.notes.shown
    assert not note.offers_undo
    assert not verbs.pending.actions
