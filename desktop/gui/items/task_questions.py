"""Asks to which address a copy goes, or when tasks start, and carries out the answers."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QCoreApplication, QObject

from desktop.gui.items.form.item_fields import EMAIL, NAME, ContactPaste, item_fields
from desktop.gui.kit.widgets.field import Field
from desktop.gui.kit.widgets.moments import MomentField
from desktop.gui.kit.words.states import in_words, sentences, starts
from desktop.gui.kit.words.table import say
from desktop.gui.kit.words.task_row import row_of
from desktop.gui.link.jobs import Asker, Job
from desktop.gui.link.outbox import Wish
from desktop.gui.tasks.acting.pending_actions import ActionCall
from desktop.gui.tasks.detail.desk_page import DeskPage
from desktop.gui.tasks.detail.foot import FootQuestion
from sendoff_tasks.client.calls import new_key
from sendoff_tasks.client.errors import Refused
from sendoff_tasks.model.text import trimmed
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.client.api import Api
    from desktop.contract.items import Recipient
    from desktop.contract.office import OfficeTask
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.link.jobs import ApiSource
    from desktop.gui.link.outbox import Outbox
    from desktop.gui.tasks.acting.task_actions import Question
    from desktop.gui.tasks.acting.task_verbs import TaskVerbs
    from desktop.gui.tasks.detail.foot import FootAnswer, FootBar
    from sendoff_tasks.model.tasks import TaskRow


translate = QCoreApplication.translate
UNDO_S: Final = 5.0
"""Seconds that the change of a time can be undone."""


def time_question(
    about: str, before: str, answered: Callable[[FootAnswer, str], object]
) -> FootQuestion:
    """Ask for a day and a time in the future; ``before`` is the one that it was."""
    send_at = MomentField(translate("questions", "Starts at"), "", optional=False)
    send_at.set_moment(before)
    title, save = translate("questions", "Change time"), translate("questions", "Save")
    question = FootQuestion(title, save, about, {"run_at": send_at})
    question.answered.connect(lambda: answered(question.answer, send_at.moment()))
    return question


class ChangedTimes(NamedTuple):
    """The changed tasks, the start time that each had ``before``, and the refusals."""

    rows: list[TaskRow]
    before: list[str | None]
    refused: list[Refused]


class TaskQuestions(QObject):
    """Asks in the foot of what the desk shows, or else of ``page``; carries out the answers."""

    def __init__(
        self,
        window: MainWindow,
        page: DeskPage,
        source: ApiSource,
        outbox: Outbox,
        verbs: TaskVerbs,
    ) -> None:
        super().__init__(window)
        self._window, self._page = window, page
        self._ask = Asker(source, window.notes.warn)
        self._outbox = outbox
        self._verbs = verbs

    def ask(self, question: Question, tasks: list[int]) -> None:
        """Read the first of these tasks, and ask about all of them."""
        shown = partial(self._ask_address if question == "send_to" else self._ask_time, tasks)
        self._ask(lambda api: Job(api.task, tasks[0]).then(shown))

    def _ask_address(self, tasks: list[int], task: OfficeTask) -> None:
        kinds = {kind.path: kind for kind in item_fields()}
        name, email = (Field(kinds[path].label, kinds[path].check) for path in (NAME, EMAIL))
        about = say("copy_to", "address", to=task.get("to") or "–")
        question = FootQuestion(
            self.tr("Send to another address"),
            self.tr("Send"),
            sentences(about, say("copy_to", "informs")),
            {"to.email": email, "to.name": name},
        )
        ContactPaste({NAME: name, EMAIL: email}, question)
        keys = defaultdict[str, str](new_key)  # by recipient: a lost call is repeated

        def send() -> None:
            to: Recipient = {"email": trimmed(email.text())}
            if called := trimmed(name.text()):
                to = {"name": called, **to}
            call = ActionCall("send_to", tasks, to=to, key=keys[str(to)])
            call.asked = question.answer.is_done
            call.failed = partial(question.answer.has_failed, self._ask.failed)
            self._verbs.ask(call)

        question.answered.connect(send)
        question.ask(self._foot())

    def _ask_time(self, tasks: list[int], task: OfficeTask) -> None:
        many = say("start", "will", n=len(tasks))
        one = " · ".join(each for each in (task["title"], task.get("to")) if each)
        about, before = many if len(tasks) > 1 else one, task["run_at"] or ""
        time_question(about, before, partial(self._change, tasks)).ask(self._foot())

    def _foot(self) -> FootBar:
        """Return the foot of what the desk shows, in sight."""
        shown = self._window.desk.shown.page
        page = shown if isinstance(shown, DeskPage) else self._page
        self._window.desk.show_page(page)
        self._window.halves.show_desk()
        return page.foot

    def _change(self, tasks: list[int], answer: FootAnswer, to: str) -> None:
        failed = partial(answer.has_failed, self._ask.failed)
        wish = Wish(partial(_change, dict.fromkeys(tasks, to), {}), about=("time", *tasks))
        self._outbox.put(wish, partial(self._on_changed, answer), failed, failed)

    def _change_back(self, before: dict[int, str]) -> None:
        self._outbox.put(Wish(partial(_change, before, {})), self._say_changed)

    def _on_changed(self, answer: FootAnswer, changed: ChangedTimes) -> None:
        """Say when the tasks start now, and offer *Undo* if each had a time that is yet to come."""
        answer.is_done()
        is_to_come = all((epoch(moment) or 0.0) > time.time() + UNDO_S for moment in changed.before)
        before = {row["id"]: at for row, at in zip(changed.rows, changed.before, strict=True) if at}
        words, icon = self._words(changed), "calendar-clock"
        if is_to_come:
            undo = partial(self._change_back, before)
            self._window.notes.offer_undo(words, undo, seconds=UNDO_S, icon=icon)
        else:
            self._window.notes.show(words, icon=icon)

    def _say_changed(self, changed: ChangedTimes) -> None:
        self._window.notes.show(self._words(changed), icon="calendar-clock")

    def _words(self, changed: ChangedTimes) -> str:
        whens = Counter(starts(row_of(row), time.time()) for row in changed.rows)
        said = [say("start", "changed", n=n, when=when) for when, n in whens.items()]
        if refused := changed.refused:
            said.append(say("start", "refused", n=len(refused), why=in_words(refused[0])))
        return " · ".join(said)


def _change(
    times: dict[int, str], known: dict[int, str | None], api: Api, _key: str
) -> ChangedTimes:
    """Change the start times of tasks, given by their numbers; ``known`` remembers those before.

    Raises ``Refused`` if all are refused.
    """
    done = ChangedTimes([], [], [])
    for task_id, run_at in times.items():
        try:
            if task_id not in known:  # else it is asked again, and may be changed already
                known[task_id] = api.task(task_id)["run_at"]
            done.rows.append(api.change_task(task_id, {"run_at": run_at}))
            done.before.append(known[task_id])
        except Refused as error:
            done.refused.append(error)
    if len(done.refused) == len(times):
        raise done.refused[0]
    return done
