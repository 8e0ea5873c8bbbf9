"""Asks to which address a copy goes, or when tasks start, and carries out the answers."""

from __future__ import annotations

import time
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QObject

from desktop.client.api import new_key
from desktop.client.errors import Refused
from desktop.gui.items.correction.asking_sheet import AddressSheet, TimeSheet
from desktop.gui.kit.words.states import error_words, starts
from desktop.gui.kit.words.task_row import epoch, row_of
from desktop.gui.link.jobs import Asker, Job
from desktop.gui.tasks.acting.announced import Wish

if TYPE_CHECKING:
    from desktop.client.api import Api, ApiSource
    from desktop.contract.tasks import TaskDetail, TaskRow
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.notices.toast import Toast
    from desktop.gui.link.jobs import Jobs
    from desktop.gui.tasks.acting.task_actions import Question
    from desktop.gui.tasks.acting.task_verbs import TaskVerbs


UNDO_S: Final = 5.0
"""Seconds that the change of a time can be undone."""


class ChangedTimes(NamedTuple):
    """The changed tasks, the start time that each had ``before``, and the refusals."""

    rows: list[TaskRow]
    before: list[str | None]
    refused: list[Refused]


class TaskQuestions(QObject):
    """Asks in sheets, which are made when first needed, and carries out the answers."""

    def __init__(
        self,
        window: MainWindow,
        source: ApiSource,
        jobs: Jobs,
        verbs: TaskVerbs,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._ask = Asker(source, jobs, self._tell)
        self._verbs = verbs
        self._address: AddressSheet | None = None
        self._time: TimeSheet | None = None
        self._key = ""

    def ask(self, question: Question, tasks: list[int]) -> None:
        """Read the first of these tasks, and ask about all of them."""
        shown = partial(self._ask_address if question == "send_to" else self._ask_time, tasks)
        self._ask(lambda api: Job(api.task, tasks[0]).then(shown))

    def _ask_address(self, tasks: list[int], task: TaskDetail) -> None:
        self._key = new_key()
        if self._address is None:
            self._address = self._window.sheets.make(AddressSheet)
            self._address.answered.connect(self._on_address_answered)
        about = self.tr("This copy goes to the address below. The item stays as it is, for {}.")
        self._address.ask(about.format(task["to"] or "–"), tasks)

    def _ask_time(self, tasks: list[int], task: TaskDetail) -> None:
        if self._time is None:
            self._time = self._window.sheets.make(TimeSheet)
            self._time.answered.connect(self._on_time_answered)
        self._time.set_time(task["run_at"] or "")
        many = self.tr("%Ln tasks will start at this time.", None, len(tasks))
        one = " · ".join(each for each in (task["title"], task["to"]) if each)
        self._time.ask(many if len(tasks) > 1 else one, tasks)

    def _on_address_answered(self) -> None:
        if self._address is not None:
            sheet = self._address
            wish = Wish("send_to", sheet.tasks, "send_to", sheet.recipient(), self._key)
            wish.asked, wish.failed = sheet.close, sheet.show_failure
            self._verbs.ask(wish)

    def _on_time_answered(self) -> None:
        if self._time is not None:
            run_at = self._time.send_at.moment()
            change = partial(_change, times=dict.fromkeys(self._time.tasks, run_at))
            self._ask(lambda api: Job(change, api).then(self._on_changed), self._on_not_changed)

    def _change_back(self, before: dict[int, str]) -> None:
        change = partial(_change, times=before)
        self._ask(lambda api: Job(change, api).then(self._say_changed))

    def _on_changed(self, changed: ChangedTimes) -> None:
        """Say when the tasks start now, and offer *Undo* if each had a time that is yet to come."""
        if self._time is None:
            return
        self._time.close()
        is_to_come = all((epoch(moment) or 0.0) > time.time() + UNDO_S for moment in changed.before)
        toast = self._say_changed(changed, self.tr("Undo") if is_to_come else "")
        before = {row["id"]: at for row, at in zip(changed.rows, changed.before, strict=True) if at}
        toast.action_chosen.connect(partial(self._change_back, before))

    def _say_changed(self, changed: ChangedTimes, action: str = "") -> Toast:
        whens = Counter(starts(row_of(row), time.time()) for row in changed.rows)
        words = (
            self.tr("%Ln tasks start {when}", None, n).format(when=w) for w, n in whens.items()
        )
        said = [*words]
        if changed.refused:
            skipped = self.tr("%Ln were skipped: {why}", None, len(changed.refused))
            said.append(skipped.format(why=error_words(changed.refused[0])))
        words_said, icon = " · ".join(said), "calendar-clock"
        return self._window.toasts.show(words_said, seconds=UNDO_S, action=action, icon=icon)

    def _on_not_changed(self, error: Exception) -> None:
        if self._time is not None:
            self._time.show_failure(error)

    def _tell(self, error: Exception) -> None:
        self._window.toasts.show(error_words(error), icon="triangle-alert")


def _change(api: Api, *, times: dict[int, str]) -> ChangedTimes:
    """Change the start times of tasks, given by their numbers.

    Raises ``Refused`` if all are refused.
    """
    done = ChangedTimes([], [], [])
    for task_id, run_at in times.items():
        try:
            before = api.task(task_id)["run_at"]
            done.rows.append(api.change_task(task_id, {"run_at": run_at}))
            done.before.append(before)
        except Refused as error:
            done.refused.append(error)
    if len(done.refused) == len(times):
        raise done.refused[0]
    return done
