"""Shows tasks of a batch in the table: all of them, or those of a cause or of a number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QCoreApplication

from desktop.contract.reasons import Reason
from desktop.contract.states import State
from desktop.gui.batches.batch_words import numbers
from desktop.gui.kit.words.causes import short_cause_words

if TYPE_CHECKING:
    from desktop.contract.batches import Batch, BatchCause
    from desktop.gui.batches.batch_model import BatchModel
    from desktop.gui.tasks.tasks_page import TasksPage

translate = QCoreApplication.translate
SHOWN_AS_TASKS: Final[dict[str, dict[str, Any]]] = {
    "sent": {"states": (State.SUCCEEDED,)},
    "marked": {"reasons": (Reason.SETTLED_BY_PERSON.value,)},
    "kept": {"reasons": (Reason.KEPT.value,)},
    "failed": {"states": (State.FAILED,)},
    "uncertain": {"states": (State.UNCERTAIN,)},
}
"""Which tasks each number of a batch counts."""


class BatchTasks:
    """Narrows the table to tasks of a batch, under the batch's name."""

    def __init__(self, page: TasksPage, model: BatchModel) -> None:
        self._show = page.show_part
        self._model = model

    def show(self, number: int) -> None:
        """Show all tasks of a batch."""
        self._show(self._words(number), batch_id=number)

    def show_cause(self, number: int, cause: str, *, at_first: bool) -> None:
        """Show the tasks that a cause stopped; only unseen ones, as the cause counts them."""
        found = self.cause_of(number, cause)
        words = self._words(number)
        if found is not None:
            words = f"{words} · {short_cause_words(found['about'], found['title'])}"
        self._show(words, batch_id=number, cause=cause, seen=False, at_first=at_first)

    def show_number(self, verb: str, number: int) -> None:
        """Show the tasks behind a number of a batch: *sent*, *marked*, *kept* …, by its verb."""
        words = {each.verb: each.word for each in numbers(self._found(number))}
        said = f"{self._words(number)} · {words.get(verb, verb)}"
        self._show(said, batch_id=number, **SHOWN_AS_TASKS[verb])

    def cause_of(self, number: int, cause: str) -> BatchCause | None:
        """Return a cause of a batch that stopped some of its tasks."""
        causes = (each for batch in self._found(number) for each in batch["causes"])
        return next((each for each in causes if each["cause"] == cause), None)

    def _found(self, number: int) -> list[Batch]:
        batch = self._model.find(number)
        return [batch] if batch else []

    def _words(self, number: int) -> str:
        words = translate("batches", "Batch {}: {}")
        return words.format(number, self._model.name_of(number))
