"""The time a scheduled message is sent at, as a person changes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDateTime, Qt

from desktop.contract.states import State
from desktop.gui.widgets.moments.moment import MomentField

if TYPE_CHECKING:
    from desktop.contract.tasks import TaskRow


class SendTime(MomentField):
    """Shows when a task starts; it is there while the task is scheduled."""

    _task: TaskRow | None = None

    def show_task(self, task: TaskRow) -> None:
        """Show the time of a task, in place of what is typed."""
        self._task = task
        self.set_moment(task["run_at"] or "")
        self.setVisible(task["state"] == State.SCHEDULED)

    def follow(self, task: TaskRow) -> None:
        """Show what has become of the task; a time that is typed stays."""
        if not self.is_typed():
            self.set_moment(task["run_at"] or "")
        self._task = task
        self.setVisible(task["state"] == State.SCHEDULED)

    def change(self) -> dict[str, Any]:
        """Return the task and the time it is to start at, where that was changed."""
        task = self._task
        if task is None or task["state"] != State.SCHEDULED or task["run_at"] is None:
            return {}
        before = QDateTime.fromString(task["run_at"], Qt.DateFormat.ISODateWithMs)
        after = QDateTime.fromString(self.moment(), Qt.DateFormat.ISODateWithMs)
        if abs(before.secsTo(after)) < 60:  # the field shows minutes
            return {}
        return {"task_id": task["id"], "run_at": self.moment()}

    def is_typed(self) -> bool:
        """Tell whether another time is typed, or a text that cannot be read as one."""
        is_there = self._task is not None and self._task["state"] == State.SCHEDULED
        return is_there and (bool(self.change()) or not self.is_read)

    def is_right(self) -> bool:
        """Show what is wrong with it, unless it is the task's; tell whether it is right."""
        return (self.is_read and not self.change()) or self.check()
