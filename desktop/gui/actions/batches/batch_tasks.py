"""Shows tasks of a batch in the table: all of them, or those of a cause, marked or cancelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.contract.reasons import Reason
from desktop.contract.states import State
from desktop.gui.tasks.words.causes import short_cause_words

if TYPE_CHECKING:
    from desktop.contract.batches import BatchCause
    from desktop.gui.frame.main_window import MainWindow

translate = QCoreApplication.translate


class BatchTasks:
    """Narrows the table to tasks of a batch, under the batch's name."""

    def __init__(self, window: MainWindow) -> None:
        self._show = window.views.show_tasks
        self._model = window.parts.batches.model

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

    def show_marked(self, number: int) -> None:
        """Show the tasks that a person marked as sent."""
        words = translate("batches", "Batch {}, marked as sent: {}")
        reasons = (Reason.SETTLED_BY_PERSON.value,)
        said = words.format(number, self._model.name_of(number))
        self._show(said, batch_id=number, reasons=reasons)

    def show_cancelled(self, number: int) -> None:
        """Show the cancelled tasks: *Retry* sends them."""
        self._show(self._words(number), batch_id=number, states=(State.CANCELLED,))

    def cause_of(self, number: int, cause: str) -> BatchCause | None:
        """Return a cause of a batch that stopped some of its tasks."""
        batch = self._model.find(number)
        causes = batch["causes"] if batch else []
        return next((each for each in causes if each["cause"] == cause), None)

    def _words(self, number: int) -> str:
        words = translate("batches", "Batch {}: {}")
        return words.format(number, self._model.name_of(number))
