"""Questions about tasks: another address for a copy, another time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget

from desktop.gui.frame.room import UndoTime
from desktop.gui.items.task_questions import AddressSheet, TaskQuestions, TimeSheet
from desktop.gui.link.jobs import ApiSource
from desktop.gui.tasks.acting.task_verbs import TaskVerbs
from sendoff_tasks.client.errors import BackendGone, Refused
from tests.gui.outboxes import outbox_of
from tests.gui.tasks.acting.pending_rows import pending_row
from tests.gui.tasks.table.task_source import TaskSource, task_row

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow
    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.link.jobs import Jobs
    from sendoff_tasks.model.tasks import TaskRow


LATER = "2036-03-01T09:30:00.000Z"


def test_an_address_is_typed_and_sent_with_enter(
    qtbot: QtBot, host: QWidget, themes: ThemeSource
) -> None:
    sheet = AddressSheet(host)
    answers: list[object] = []
    sheet.answered.connect(lambda: answers.append(sheet.recipient()))
    sheet.ask("The item stays as it is.", [1])
    qtbot.waitUntil(sheet.email.editor.hasFocus)
    qtbot.keyClicks(sheet.email.editor, "bo@example")
    qtbot.keyClick(sheet.email.editor, Qt.Key.Key_Tab)
    assert sheet.name.editor.hasFocus()
    qtbot.keyClicks(sheet.name.editor, "Bo ")
    qtbot.keyClick(sheet.name.editor, Qt.Key.Key_Return)
    assert (answers, bool(sheet.email.error)) == ([], True)
    qtbot.keyClicks(sheet.email.editor, ".org")
    for _ in range(2):
        qtbot.keyClick(sheet.email.editor, Qt.Key.Key_Return)
    assert answers == [{"name": "Bo", "email": "bo@example.org"}]
    errors = [{"path": "to.email", "message": "Not this one."}]
    problem: Any = {"status": 422, "title": "", "detail": "Wrong.", "errors": errors}
    sheet.show_failure(Refused(problem))
    assert sheet.email.error == "Not this one."
    sheet.button.click()
    assert len(answers) == 2
    qtbot.keyClick(sheet.email.editor, Qt.Key.Key_Escape)
    assert sheet.isHidden()
    sheet.ask("Another one.", [2])
    assert (sheet.name.text(), sheet.email.text()) == ("", "")


def test_a_time_must_be_still_to_come(qtbot: QtBot, host: QWidget, themes: ThemeSource) -> None:
    sheet = TimeSheet(host)
    answers: list[str] = []
    sheet.answered.connect(lambda: answers.append(sheet.send_at.moment()))
    sheet.set_time("2020-01-01T09:30:00.000Z")
    sheet.ask("3 tasks", [1, 2, 3])
    qtbot.keyClick(sheet.send_at.editor, Qt.Key.Key_Return)
    assert (answers, sheet.send_at.error) == ([], "This time has passed.")
    sheet.send_at.set_moment(LATER)
    qtbot.keyClick(sheet.send_at.editor, Qt.Key.Key_Return)
    assert answers == [LATER]


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_enter_in_the_calendar_chooses_a_day_and_does_not_answer(
    qtbot: QtBot, host: QWidget, themes: ThemeSource
) -> None:
    sheet = TimeSheet(host)
    answers: list[str] = []
    sheet.answered.connect(lambda: answers.append(sheet.send_at.moment()))
    sheet.set_time(LATER)
    sheet.ask("", [1])
    editor = sheet.send_at.editor
    qtbot.keyClick(editor, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    day = QApplication.focusWidget() or editor.calendar()
    qtbot.keyClick(day, Qt.Key.Key_Right)
    qtbot.keyClick(day, Qt.Key.Key_Return)
    assert answers == []
    assert sheet.send_at.moment()[:10] == "2036-03-02"
    assert QApplication.activePopupWidget() is None


FAY = {"name": "Moreau, Fay", "email": "fay@example.org"}


@pytest.mark.parametrize(
    ("pasted", "recipient"),
    [
        ("Moreau, Fay <fay@example.org>", FAY),
        ("mailto:fay@example.org?subject=Hello", {"email": "fay@example.org"}),
    ],
)
def test_a_contact_that_is_pasted_fills_address_and_name(
    qtbot: QtBot, host: QWidget, themes: ThemeSource, pasted: str, recipient: object
) -> None:
    sheet = AddressSheet(host)
    sheet.ask("The item stays as it is.", [1])
    qtbot.waitUntil(sheet.email.editor.hasFocus)
    QApplication.clipboard().setText(pasted)
    qtbot.keyClick(sheet.email.editor, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert sheet.recipient() == recipient
    assert sheet.is_right()


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
    return TaskQuestions(window, source, outbox, verbs)


def said(window: AppWindow) -> list[str]:
    return [toast.text() for toast in window.toasts.shown]


def test_a_copy_goes_to_another_address_and_can_be_taken_back(
    qtbot: QtBot,
    window: AppWindow,
    questions: TaskQuestions,
    backend: Backend,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_: int) -> None:
        raise BackendGone

    questions.ask("send_to", [11])
    qtbot.waitUntil(lambda: bool(window.findChildren(AddressSheet)))
    (sheet,) = window.findChildren(AddressSheet)
    qtbot.waitUntil(sheet.isVisible)
    assert "for Person 11 <person11@example.org>" in sheet.about.text()
    sheet.email.set_text("bo@example.org")
    with monkeypatch.context() as away:
        away.setattr(backend, "task", fail)
        questions.ask("send_to", [12])  # the sheet stays that of 11
        qtbot.waitUntil(lambda: said(window) == [str(BackendGone())])
    backend.fails = [BackendGone()]
    sheet.button.click()
    qtbot.waitUntil(sheet.trouble.isVisible)
    sheet.button.click()
    qtbot.waitUntil(sheet.isHidden)
    first, second = backend.asked
    assert first == second  # with its key, so it has one effect
    assert first[:2] == ("resend", [11])
    assert second[3:] == ({"to": {"email": "bo@example.org"}}, 5.0)
    assert said(window)[-1] == "Send to another address · 1 e-mail · bo@example.org · in 5 s"
    window.toasts.act_newest()
    qtbot.waitUntil(lambda: backend.asked[-1] == ("undo", 7))


def test_a_copy_that_failed_is_not_sent_by_itself_later(
    qtbot: QtBot, window: AppWindow, jobs: Jobs, backend: Backend
) -> None:
    source = ApiSource(jobs, backend)  # type: ignore[arg-type]
    questions_of(window, source).ask("send_to", [11])
    qtbot.waitUntil(lambda: bool(window.findChildren(AddressSheet)))
    (sheet,) = window.findChildren(AddressSheet)
    qtbot.waitUntil(sheet.isVisible)
    backend.fails = [BackendGone()]
    for address in ("bo@example.org", "cy@example.org"):
        sheet.email.set_text(address)
        sheet.button.click()
        qtbot.waitUntil(lambda: not jobs.under_way)
        source.go_on()
    qtbot.waitUntil(lambda: not jobs.under_way)
    sent = [each[3]["to"]["email"] for each in backend.asked]
    assert sent == ["bo@example.org", "cy@example.org"]


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_typing_goes_into_the_address_when_a_copy_is_chosen_from_the_menu(
    qtbot: QtBot, window_over: Callable[[object], AppWindow], jobs: Jobs
) -> None:
    backend = Backend()
    backend.change(11, "succeeded")
    window = window_over(backend)
    detail = window.page.detail
    questions = questions_of(window, ApiSource(jobs, backend))  # type: ignore[arg-type]
    detail.action_chosen.connect(questions.ask)
    detail.show_task(11)
    more = detail.buttons.row.more
    qtbot.waitUntil(more.isVisible)
    for number in range(2):  # the sheet is made, then shown again
        menu = more.menu()
        menu.popup(more.mapToGlobal(QPoint()))
        qtbot.keyClick(menu, Qt.Key.Key_Down)
        qtbot.keyClick(menu, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: any(s.isVisible() for s in window.findChildren(AddressSheet)))
        typed = window.focusWidget()
        assert typed is not None
        qtbot.keyClicks(typed, f"bo{number}@example.org")
        (sheet,) = window.findChildren(AddressSheet)
        assert sheet.email.text() == f"bo{number}@example.org"
        sheet.close()


def test_several_tasks_start_at_another_time_until_that_is_taken_back_and_refusals_are_said(
    qtbot: QtBot, window: AppWindow, questions: TaskQuestions, backend: Backend
) -> None:
    questions.ask("change_time", [11, 12, 13])
    qtbot.waitUntil(lambda: bool(window.findChildren(TimeSheet)))
    (sheet,) = window.findChildren(TimeSheet)
    qtbot.waitUntil(sheet.isVisible)
    assert sheet.about.text() == "3 tasks will start at this time."
    assert sheet.send_at.moment() == AT
    other = "2036-04-01T09:30:00.000Z"
    sheet.send_at.set_moment(other)
    sheet.button.click()
    qtbot.waitUntil(sheet.isHidden)
    assert backend.asked == [("change", each, {"run_at": other}) for each in (11, 12, 13)]
    (words,) = said(window)
    assert words.startswith("2 tasks start Apr 1, 2036")
    assert words.endswith("1 was skipped: Task 12 has its own deadline.")
    backend.asked.clear()
    window.toasts.act_newest()
    qtbot.waitUntil(lambda: len(backend.asked) == 2)
    assert backend.asked == [("change", each, {"run_at": AT}) for each in (11, 13)]
    back = "2 tasks start Mar 1, 2036"
    qtbot.waitUntil(lambda: any(each.startswith(back) for each in said(window)))
    window.toasts.act_newest()
    assert said(window)[-1] == "There is nothing to undo any more"
    questions.ask("change_time", [12])
    qtbot.waitUntil(sheet.isVisible)
    sheet.button.click()
    qtbot.waitUntil(lambda: sheet.trouble.text() == "Task 12 has its own deadline.")
    backend.refuses, backend.is_paused = set(), True
    sheet.button.click()
    qtbot.waitUntil(sheet.isHidden)
    assert said(window)[-1].startswith("1 task starts after the pause, not before Mar 1, 2036")


def test_a_time_that_has_passed_meanwhile_is_not_offered_again_nor_any_without_a_backend(
    qtbot: QtBot, window: AppWindow, questions: TaskQuestions, backend: Backend, jobs: Jobs
) -> None:
    backend.change(11, "scheduled", run_at="2026-03-01T09:30:00.000Z")
    questions.ask("change_time", [11])
    qtbot.waitUntil(lambda: bool(window.findChildren(TimeSheet)))
    (sheet,) = window.findChildren(TimeSheet)
    qtbot.waitUntil(sheet.isVisible)
    sheet.send_at.set_moment(AT)
    sheet.button.click()
    qtbot.waitUntil(sheet.isHidden)
    assert not any(toast.offers_undo for toast in window.toasts.shown)
    questions_of(window, ApiSource(jobs)).ask("change_time", [11])
    assert said(window)[-1] == str(BackendGone())
