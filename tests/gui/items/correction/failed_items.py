"""A backend with items whose messages failed: they can be read and corrected, and it can die."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING, Any

from sendoff_tasks.client.errors import BackendGone
from sendoff_tasks.model.states import OPEN
from tests import WITHIN
from tests.gui.tasks.acting.pending_rows import pending_row
from tests.gui.tasks.table.task_source import TaskSource, task_row

if TYPE_CHECKING:
    from desktop.contract.items import CorrectedItem
    from desktop.contract.office import OfficeTask


class FailedItems(TaskSource):
    """Has three items whose messages failed; ``fails`` comes in place of the next answer.

    It dies after ``steps`` more: a call that comes in, or a correction that is on the disk. It
    answers no correction while ``may_answer`` is not set.
    """

    def __init__(self) -> None:
        super().__init__([task_row(each, "failed", item_id=each) for each in (1, 2, 3)])
        self.keys: list[str] = []
        self.fails: list[Exception] = []
        self.late: Exception | None = None  # once it may answer
        self.uncertain: list[int] = []
        self.corrected: dict[tuple[int, str], Any] = {}
        self.steps = -1
        self.may_answer = Event()
        self.may_answer.set()
        self.is_dead = False
        self.undone: list[int] = []
        self.items = self.actions = self

    def undo(self, number: int) -> None:
        self.undone.append(number)

    def task(self, task_id: int) -> OfficeTask:
        self._step()
        return super().task(task_id)

    def _step(self) -> None:
        self.is_dead = self.is_dead or self.steps == 0
        self.steps -= 1
        if self.is_dead:
            raise BackendGone

    def one(self, item_id: int) -> dict[str, Any]:
        self._step()
        body = {"recipient": {"email": f"person{item_id}@exmaple.org"}}
        tasks = [row for row in self.rows.values() if row["item_id"] == item_id]
        shown = {"item_id": item_id, "item": body, "corrected_at": None, "versions": []}
        return shown | {"tasks": tasks}

    def correct(
        self, item_id: int, body: Any, key: str, *, send: bool, undo_for: float
    ) -> CorrectedItem:
        self._step()
        self.keys.append(key)
        if self.fails:
            raise self.fails.pop()
        self.corrected[item_id, key] = body
        assert self.may_answer.wait(WITHIN)
        if self.late is not None:
            raise self.late
        self._step()
        added = [90 + item_id] if send and not self.uncertain else []
        using = [item_id] if self.rows[item_id]["state"] in OPEN else []
        answer: CorrectedItem = {
            "item_id": item_id,
            "using": using,
            "added": added,
            "uncertain": self.uncertain,
        }
        if added and undo_for:
            told: Any = {
                "key": key,
                "due_in": undo_for,
                "subject": item_id,
                "tasks": [[*added, *added]],
            }
            answer["pending"] = pending_row(900 + item_id, "correct", 1, **told)
        return answer
