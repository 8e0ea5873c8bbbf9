"""Questions about tasks: another address for a copy, another time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desktop.gui.frame.room import UndoTime
from desktop.gui.items.task_questions import TaskQuestions, time_question
from desktop.gui.kit.widgets.field import Field
from desktop.gui.kit.widgets.moments import MomentField
from desktop.gui.link.jobs import ApiSource
from desktop.gui.tasks.acting.task_verbs import TaskVerbs
from desktop.gui.tasks.detail.desk_page import DeskPage
from desktop.gui.tasks.detail.foot import FootQuestion
from sendoff_tasks.client.errors import BackendGone, Refused
from tests.gui.outboxes import outbox_of
from tests.gui.tasks.acting.pending_rows import pending_row
from tests.gui.tasks.table.task_source import TaskSource, task_row

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow
    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.link.jobs import Jobs
    from desktop.gui.tasks.acting.task_actions import Question
    from sendoff_tasks.model.tasks import TaskRow


LATER = "2036-03-01T09:30:00.000Z"


@pytest.fixture
def page(qtbot: QtBot, themes: ThemeSource) -> DeskPage:
    page = DeskPage()
    qtbot.addWidget(page)
    page.show()
    return page


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_enter_in_the_calendar_chooses_a_day_and_does_not_answer(
    qtbot: QtBot, page: DeskPage
) -> None:
    answers: list[str] = []
    question = time_question("", LATER, lambda _, to: answers.append(to))
    question.ask(page.foot)
    (send_at,) = question.findChildren(MomentField)
    qtbot.keyClick(send_at.editor, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    day = QApplication.focusWidget() or send_at.editor.calendar()
    qtbot.keyClick(day, Qt.Key.Key_Right)
    qtbot.keyClick(day, Qt.Key.Key_Return)
    assert answers == []
    assert send_at.moment()[:10] == "2036-03-02"
    assert QApplication.activePopupWidget() is None


AT = "2036-03-01T09:30:00.000Z"
REFUSED: Any = {"type": "", "title": "", "status": 409, "detail": "Task 12 has its own deadline."}


class Backend(TaskSource):
    """Writes down what it is asked for; ``fails`` comes in place of the next answer."""

    def __init__(self) -> None:
        super().__init__([task_row(each, "scheduled", run_at=AT) for each in (11, 12, 13)])
        self.asked: list[tuple[Any, ...]] = []
        self.fails: list[Exception] = []
        self.refuses = {12}
        self.is_paused = False

    def _asked(self, *what: Any) -> None:
        self.asked.append(what)
        if self.fails:
            raise self.fails.pop()

    def change_task(self, task_id: int, change: Any) -> TaskRow:
        self._asked("change", task_id, change)
        if task_id in self.refuses:
            raise Refused(REFUSED)
        paused = {"paused": "2036-03-01T09:00:00.000Z"} if self.is_paused else {}
        return task_row(task_id, "scheduled", run_at=change["run_at"], reason_data=paused)

    @property
    def actions(self) -> Backend:
        return self

    def act(
        self, action: str, ids: list[int], _: Any, *, key: str, delay: float, more: Any
    ) -> dict[str, Any]:
        self._asked(action, ids, key, more, delay)
        waits = pending_row(7, action, 1, tasks=[[11, 11]], due_in=5.0)
        return {"touched": 1, "skipped": [], "pending": waits}

    def undo(self, number: int) -> None:
        self._asked("undo", number)


@pytest.fixture
def backend() -> Backend:
    return Backend()


@pytest.fixture
def questions(window: AppWindow, jobs: Jobs, backend: Backend) -> TaskQuestions:
    return questions_of(window, ApiSource(jobs, backend))  # type: ignore[arg-type]


def questions_of(window: AppWindow, source: ApiSource) -> TaskQuestions:
    grace = UndoTime()
    outbox = outbox_of(window, source)
    verbs = TaskVerbs(window, window.page, source, outbox, grace)
    return TaskQuestions(window, window.page.detail, source, outbox, verbs)


def said(window: AppWindow) -> list[str]:
    return [note.text() for note in window.notes.shown]


def asked(
    qtbot: QtBot, window: AppWindow, questions: TaskQuestions, verb: Question, *tasks: int
) -> FootQuestion:
    """Ask about tasks, and return the question once it is asked."""
    before = window.findChildren(FootQuestion)

    def found() -> list[FootQuestion]:
        return [q for q in window.findChildren(FootQuestion) if q not in before and q.isVisible()]

    questions.ask(verb, [*tasks])
    qtbot.waitUntil(lambda: bool(found()))
    return found()[0]


def type_in(question: FootQuestion, answer: str) -> None:
    """Type an address, or set a time."""
    first = next(iter(question.fields.values()))
    (first.set_text if isinstance(first, Field) else first.set_moment)(answer)


def is_over(question: FootQuestion) -> bool:
    return question.foot is None


def test_an_address_is_typed_and_sent_with_enter(
    qtbot: QtBot, window: AppWindow, questions: TaskQuestions, backend: Backend
) -> None:
    question = asked(qtbot, window, questions, "send_to", 11)
    email, name = question.findChildren(Field)
    qtbot.waitUntil(email.editor.hasFocus)
    qtbot.keyClicks(email.editor, "bo@example")
    qtbot.keyClick(email.editor, Qt.Key.Key_Tab)
    assert name.editor.hasFocus()
    qtbot.keyClicks(name.editor, "Bo ")
    qtbot.keyClick(name.editor, Qt.Key.Key_Return)
    assert (backend.asked, bool(email.error)) == ([], True)
    qtbot.keyClicks(email.editor, ".org")
    for _ in range(2):
        qtbot.keyClick(email.editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: is_over(question))
    assert [each[3] for each in backend.asked] == [
        {"to": {"name": "Bo", "email": "bo@example.org"}}
    ]


def test_a_copy_goes_to_another_address_and_can_be_taken_back(
    qtbot: QtBot,
    window: AppWindow,
    questions: TaskQuestions,
    backend: Backend,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_: int) -> None:
        raise BackendGone

    question = asked(qtbot, window, questions, "send_to", 11)
    assert "for Person 11 <person11@example.org>" in question.about.text()
    type_in(question, "bo@example.org")
    with monkeypatch.context() as away:
        away.setattr(backend, "task", fail)
        questions.ask("send_to", [12])  # the question stays that of 11
        qtbot.waitUntil(lambda: said(window) == [str(BackendGone())])
    backend.fails = [BackendGone()]
    question.button.click()
    qtbot.waitUntil(question.trouble.isVisible)
    question.button.click()
    qtbot.waitUntil(lambda: is_over(question))
    first, second = backend.asked
    assert first == second  # with its key, so it has one effect
    assert first[:2] == ("resend", [11])
    assert second[3:] == ({"to": {"email": "bo@example.org"}}, 5.0)
    assert said(window)[-1] == "Send to another address · 1 e-mail · bo@example.org · in 5 s"
    window.notes.undo()
    qtbot.waitUntil(lambda: backend.asked[-1] == ("undo", 7))


def test_a_copy_that_failed_is_not_sent_by_itself_later(
    qtbot: QtBot, window: AppWindow, jobs: Jobs, backend: Backend
) -> None:
    source = ApiSource(jobs, backend)  # type: ignore[arg-type]
    question = asked(qtbot, window, questions_of(window, source), "send_to", 11)
    backend.fails = [BackendGone()]
    for address in ("bo@example.org", "cy@example.org"):
        type_in(question, address)
        question.button.click()
        qtbot.waitUntil(lambda: not jobs.under_way)
        source.go_on()
    qtbot.waitUntil(lambda: not jobs.under_way)
    sent = [each[3]["to"]["email"] for each in backend.asked]
    assert sent == ["bo@example.org", "cy@example.org"]


def test_several_tasks_start_at_another_time_until_that_is_taken_back_and_refusals_are_said(
    qtbot: QtBot, window: AppWindow, questions: TaskQuestions, backend: Backend
) -> None:
    question = asked(qtbot, window, questions, "change_time", 11, 12, 13)
    assert question.about.text() == "3 tasks will start at this time."
    assert question.findChildren(MomentField)[0].moment() == AT
    other = "2036-04-01T09:30:00.000Z"
    type_in(question, other)
    question.button.click()
    qtbot.waitUntil(lambda: is_over(question))
    assert backend.asked == [("change", each, {"run_at": other}) for each in (11, 12, 13)]
    (words,) = said(window)
    assert words.startswith("2 tasks start Apr 1, 2036")
    assert words.endswith("1 was skipped: Task 12 has its own deadline.")
    backend.asked.clear()
    window.notes.undo()
    qtbot.waitUntil(lambda: len(backend.asked) == 2)
    assert backend.asked == [("change", each, {"run_at": AT}) for each in (11, 13)]
    back = "2 tasks start Mar 1, 2036"
    qtbot.waitUntil(lambda: any(each.startswith(back) for each in said(window)))
    window.notes.undo()
    assert said(window)[-1] == "There is nothing to undo any more"
    question = asked(qtbot, window, questions, "change_time", 12)
    question.button.click()
    qtbot.waitUntil(lambda: question.trouble.text() == "Task 12 has its own deadline.")
    backend.refuses, backend.is_paused = set(), True
    question.button.click()
    qtbot.waitUntil(lambda: is_over(question))
    assert said(window)[-1].startswith("1 task starts after the pause, not before Mar 1, 2036")


def test_a_time_that_has_passed_meanwhile_is_not_offered_again_nor_any_without_a_backend(
    qtbot: QtBot, window: AppWindow, questions: TaskQuestions, backend: Backend, jobs: Jobs
) -> None:
    backend.change(11, "scheduled", run_at="2026-03-01T09:30:00.000Z")
    question = asked(qtbot, window, questions, "change_time", 11)
    type_in(question, AT)
    question.button.click()
    qtbot.waitUntil(lambda: is_over(question))
    assert not any(note.offers_undo for note in window.notes.shown)
    questions_of(window, ApiSource(jobs)).ask("change_time", [11])
    assert said(window)[-1] == str(BackendGone())


@pytest.mark.parametrize(
    ("verb", "answer"),
    [("send_to", "bo@example.org"), ("change_time", "2036-04-01T09:30:00.000Z")],
)
def test_an_answer_that_comes_late_ends_no_other_question_and_its_failure_is_a_note(
    qtbot: QtBot,
    window: AppWindow,
    questions: TaskQuestions,
    backend: Backend,
    verb: Question,
    answer: str,
) -> None:
    for refused in (False, True):
        backend.refuses = {11, 12} if refused else set()
        backend.fails = [Refused(REFUSED)] if refused else []
        backend.asked.clear()
        question = asked(qtbot, window, questions, verb, 11)
        type_in(question, answer)
        question.button.click()
        other = time_question("Another one", AT, lambda *_: None)
        other.ask(window.page.detail.foot)
        qtbot.waitUntil(lambda: bool(backend.asked) and len(said(window)) == 1)
        assert other.isVisible()
        assert other.trouble.text() == ""
        assert ("deadline" in said(window)[0]) is refused
        other.close()
        for note in window.notes.shown:
            window.notes.close(note)


def test_the_time_of_another_task_does_not_take_the_place_of_one_that_waits_for_its_answer(
    qtbot: QtBot, window: AppWindow, jobs: Jobs, backend: Backend
) -> None:
    backend.refuses = set()
    source = ApiSource(jobs, backend)  # type: ignore[arg-type]
    questions = questions_of(window, source)
    backend.fails = [BackendGone()]
    for task in (11, 13):
        question = asked(qtbot, window, questions, "change_time", task)
        type_in(question, "2036-04-01T09:30:00.000Z")
        question.button.click()
        qtbot.waitUntil(lambda: not jobs.under_way)
    source.go_on()
    qtbot.waitUntil(lambda: not jobs.under_way)
    assert sorted(each[1] for each in backend.asked) == [11, 11, 13]
