"""The field for the send time of a scheduled message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDateTime, Qt

from desktop.contract.states import State
from desktop.gui.widgets.moments.moment import MomentField

if TYPE_CHECKING:
    from desktop.contract.tasks import TaskRow


class SendTime(MomentField):
    """Shows when a task starts; it is visible while the task is scheduled."""

    _task: TaskRow | None = None

    def show_task(self, task: TaskRow) -> None:
        """Show the time of a task, and drop typed text."""
        self._task = task
        self.set_moment(task["run_at"] or "")
        self.setVisible(task["state"] == State.SCHEDULED)

    def follow(self, task: TaskRow) -> None:
        """Follow changes of the task; a typed time stays."""
        if not self.is_typed():
            self.set_moment(task["run_at"] or "")
        self._task = task
        self.setVisible(task["state"] == State.SCHEDULED)

    def change(self) -> dict[str, Any]:
        """Return task and new time as ``{"task_id", "run_at"}``; empty if the time is unchanged."""
        task = self._task
        if task is None or task["state"] != State.SCHEDULED or task["run_at"] is None:
            return {}
        before = QDateTime.fromString(task["run_at"], Qt.DateFormat.ISODateWithMs)
        after = QDateTime.fromString(self.moment(), Qt.DateFormat.ISODateWithMs)
        if abs(before.secsTo(after)) < 60:  # the field shows minutes
            return {}
        return {"task_id": task["id"], "run_at": self.moment()}

    def is_typed(self) -> bool:
        """Tell whether another time or an invalid text is typed."""
        is_there = self._task is not None and self._task["state"] == State.SCHEDULED
        return is_there and (bool(self.change()) or not self.is_read)

    def is_right(self) -> bool:
        """Check a changed time, show its error, and return whether it is valid or unchanged."""
        return (self.is_read and not self.change()) or self.check()
