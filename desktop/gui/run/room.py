"""Runs a task by hand: asks which one and its arguments, offers *Undo*, shows it in the detail."""

from __future__ import annotations

import time
from contextlib import suppress
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from desktop.contract.batches import MAIL_TASKS
from desktop.contract.items import BY_HAND
from desktop.contract.office import office_function
from desktop.gui.frame.views import TASKS
from desktop.gui.kit.words.states import starts
from desktop.gui.kit.words.table import say
from desktop.gui.kit.words.task_row import row_of
from desktop.gui.link.jobs import Asker, Job, LatestRequest
from desktop.gui.link.outbox import Wish
from desktop.gui.tasks.acting.pending_actions import DoneAction
from sendoff_tasks.client.calls import new_key
from sendoff_tasks.client.errors import Refused

if TYPE_CHECKING:
    from desktop.client.api import Api
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.room import FrameRoom, RoomServices
    from desktop.gui.run.run_sheet import RunSheet
    from desktop.gui.run.schedules import SchedulesSheet
    from desktop.gui.tasks.room import TasksRoom
    from sendoff_tasks.model.tasks import AddedTask, PendingRow, TaskDetail, TaskFunction


_Again = tuple["list[TaskFunction]", "TaskDetail"]


def task_starts(title: str, when: str) -> str:
    """Say that a task starts ``when``; now, if that is empty."""
    return say("task_starts", "later" if when else "now", title=title, when=when)


class RunRoom(QObject):
    """Asks in a sheet which task to run, and runs it; opens the sheet of schedules.

    ``learned`` carries the current tasks.
    """

    learned = Signal(object)

    def __init__(
        self, window: MainWindow, services: RoomServices, frame: FrameRoom, tasks: TasksRoom
    ) -> None:
        super().__init__(window)
        self._window, self._services, self._frame = window, services, frame
        self._page, self._verbs, self._grace = tasks.page, tasks.verbs, services.grace
        source, self._outbox = services.source, services.outbox
        self._ask = Asker(source, window.toasts.warn)
        self._functions = LatestRequest(source, window.toasts.warn)
        self._asked: tuple[Any, str] = (None, "")
        tasks.verbs.on_done["run"] = self._of_earlier
        window.menu.run_chosen.connect(self.open)
        window.menu.schedules_chosen.connect(lambda: self.schedules.open())
        tasks.wishes.lead("run_with", lambda ids: self.open_again(ids[0]))
        if window.rights.may_change:
            services.live.functions_changed.connect(self.learn)

    @cached_property
    def sheet(self) -> RunSheet:
        """The sheet, made when first needed: making it would delay the window's start."""
        from desktop.gui.run.run_sheet import RunSheet

        sheet = self._window.sheets.make(RunSheet)
        sheet.has_folder = self._window.rights.has_files
        sheet.folder_wanted.connect(self._frame.folders.open_tasks)
        sheet.run_requested.connect(self._on_run_requested)
        self.learned.connect(self._on_learned)
        return sheet

    @cached_property
    def schedules(self) -> SchedulesSheet:
        """The sheet of schedules, made when first needed."""
        from desktop.gui.run.schedules import SchedulesSheet

        parts, rights = (self._services.source, self._services.outbox), self._window.rights
        sheet = self._window.sheets.make(partial(SchedulesSheet, *parts, rights=rights))
        sheet.told.connect(self._window.toasts.show)
        return sheet

    def open(self) -> None:
        """Ask which task to run; a form that was left is shown again."""
        self.sheet.open()
        self.learn()

    def learn(self) -> None:
        """Offer the current tasks in the form, and in the sheet if it is open."""
        self._functions.ask(lambda api: Job(api.functions.all).then(self._on_read))

    def _on_read(self, functions: list[TaskFunction]) -> None:
        self.learned.emit(functions)

    def _on_learned(self, functions: list[TaskFunction]) -> None:
        if self.sheet.isVisible():
            self.sheet.show_functions(_runnable(functions))

    def open_again(self, task_id: int) -> None:
        """Ask for the arguments of a task to run again, starting with the ones it had."""
        again = partial(_again, task_id=task_id)
        self._ask(lambda api: Job(again, api).then(self._on_again))

    def _on_again(self, found: _Again) -> None:
        functions, task = found
        if task["task"] not in {each["name"] for each in functions}:
            words = self.tr("“{}” cannot be run: its function no longer exists")
            self._window.toasts.warn(words.format(task["title"]))
            return
        self.sheet.show_functions(functions)
        self.sheet.show_function(task["task"], task)
        self.sheet.open()

    def _on_run_requested(self, asked: dict[str, Any]) -> None:
        """Run a task, which can be undone for a while; an equal request runs it only once."""
        if asked != self._asked[0]:
            self._asked = asked, new_key()
        function = self.sheet.functions[asked["name"]]
        item = _item_of(asked) if office_function(function).get("takes_item") else None
        undo_for = 0.0 if "run_at" in asked else self._grace.seconds
        wanted = {**asked, "priority": BY_HAND, "undo_for": undo_for}
        wish = Wish(partial(_run, asked=wanted, item=item), self._asked[1], about=self.sheet)
        accepted = partial(self._on_accepted, is_later="run_at" in asked)
        self._outbox.put(wish, accepted, self.sheet.show_failure, self.sheet.show_failure)

    def _on_accepted(self, row: AddedTask, *, is_later: bool) -> None:
        self._asked = None, ""
        self.sheet.close()
        self.sheet.forget()
        at = starts(row_of(row), time.time()) if is_later else ""

        def words(left: int) -> str:
            return task_starts(row["title"], at or self._window.toasts.when(left, row["queue"]))

        done = DoneAction("run", "run", said=words)
        self._verbs.offer(done, row.get("pending"))
        self._window.switch.choose(TASKS)
        self._page.table.clearSelection()
        self._page.detail.show_task(row["id"])

    def _of_earlier(self, row: PendingRow) -> DoneAction:
        """Tell of the tasks that an earlier window has run."""
        number = row["tasks"][0][0] if row["tasks"] else 0
        title = self.tr("Task {}").format(number)

        def words(left: int) -> str:
            return task_starts(title, self._window.toasts.when(left, ""))

        return DoneAction("run", "run", said=words)


def _runnable(functions: list[TaskFunction]) -> list[TaskFunction]:
    """Return the functions that a person may run: all but those that send an item's message."""
    return [each for each in functions if each["name"] not in MAIL_TASKS]


def _again(api: Api, *, task_id: int) -> _Again:
    return _runnable(api.functions.all()), api.task(task_id)


def _item_of(asked: dict[str, Any]) -> int | None:
    """Return the item number in the arguments, if there is one."""
    number = asked["arguments"].get("item_id", next(iter(asked["args"]), None))
    return number if type(number) is int else None


def _run(api: Api, key: str, *, asked: dict[str, Any], item: int | None) -> AddedTask:
    """Run a function as a task of its item; without such an item, the task itself reports it."""
    if item is not None:
        with suppress(Refused):
            asked = {**asked, "item_id": api.items.one(item)["item_id"]}
    return api.functions.run(**asked, key=key)
