"""A backend with items whose messages failed: they can be read and corrected, and it can die."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING, Any

from sendoff_tasks.model.states import OPEN
from tests import WITHIN
from tests.gui.tasks.acting.pending_rows import pending_row
from tests.gui.tasks.table.task_source import TaskSource, task_row

if TYPE_CHECKING:
    from desktop.contract.items import CorrectedItem
    from desktop.contract.office import OfficeTask

REFUSED: dict[str, Any] = {
    "reason": "final_answer",
    "reason_data": {"code": 550, "said": "550 5.1.1 No such user"},
}


def refused_row(number: int, state: str = "failed", **changes: Any) -> Any:
    """Return a message of an item of the same number that a server refused."""
    return task_row(
        number, state, **{"item_id": number, "to": f"person{number}@exmaple.org", **changes}
    )


class FailedItems(TaskSource):
    """Has three items whose messages failed; ``fails`` comes in place of the next answer.

    It answers no correction while ``may_answer`` is not set, and makes no letter without
    ``may_preview``.
    """

    def __init__(self) -> None:
        super().__init__([refused_row(each, **REFUSED) for each in (1, 2, 3)])
        self.keys: list[str] = []
        self.fails: list[Exception] = []
        self.uncertain: list[int] = []
        self.bodies: dict[int, dict[str, Any]] = {}
        self.corrected: dict[tuple[int, str], Any] = {}
        self.may_answer = Event()
        self.may_answer.set()
        self.may_preview = Event()
        self.may_preview.set()
        self.pending: dict[int, Any] = {}
        self.undone: list[int] = []
        self.items = self.actions = self

    def preview(self, body: dict[str, Any]) -> dict[str, Any]:
        assert self.may_preview.wait(WITHIN)
        to = body["item"]["recipient"]["email"]
        return {"subject": "Letter", "text": f"To {to}", "html": f"<p>To {to}</p>"}

    def pending_one(self, number: int) -> Any:
        return self.pending[number]

    def undo(self, number: int) -> None:
        self.undone.append(number)

    def task_with_item(self, task_id: int) -> tuple[OfficeTask, Any]:
        task = self.task(task_id)
        number = task["item_id"]
        assert number is not None
        return task, self.one(number)

    def one(self, item_id: int) -> dict[str, Any]:
        self._called()
        body = self.bodies.get(item_id, {"recipient": {"email": f"person{item_id}@exmaple.org"}})
        tasks = [row for row in self.rows.values() if row["item_id"] == item_id]
        shown = {"item_id": item_id, "item": body, "corrected_at": None, "versions": []}
        told = {each: body.get(each) for each in ("title", "recipient", "fields", "template")}
        return shown | told | {"tasks": tasks, "erased": False}

    def correct(
        self, item_id: int, body: Any, key: str, *, send: bool, undo_for: float
    ) -> CorrectedItem:
        self._called()
        self.keys.append(key)
        assert self.may_answer.wait(WITHIN)
        if self.fails:
            raise self.fails.pop()
        self.corrected[item_id, key] = body
        self.bodies[item_id] = body
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
            row = pending_row(900 + item_id, "correct", 1, **told)
            answer["pending"] = self.pending[900 + item_id] = row
        return answer
