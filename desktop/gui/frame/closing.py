"""Closing the window while work is open: keep sending from the tray, or stop until next time."""

from __future__ import annotations

import time
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QSettings, Signal

from desktop.gui.kit.widgets.buttons import CheckBox
from desktop.gui.kit.widgets.questions import ask
from desktop.gui.kit.words.ages import until
from desktop.gui.kit.words.table import say
from sendoff_tasks.model.states import OPEN, State
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMessageBox, QWidget

    from desktop.contract.office import OfficeStats

_KEY: Final = "closing"


class ClosingChoice(StrEnum):
    """What closing the window means while tasks are open."""

    ASK = "ask"
    KEEP = "keep"
    STOP = "stop"


class Closing(QObject):
    """Decides what closing the window does; it asks unless an answer is remembered.

    ``kept_sending`` is emitted when the window is to be hidden while sending goes on, ``may_leave``
    when the program may end: at once, or when the last open task has ended.
    """

    kept_sending = Signal()
    may_leave = Signal()

    def __init__(self, window: QWidget, settings: QSettings) -> None:
        super().__init__(window)
        self._window = window
        self._settings = settings
        self.question: QMessageBox | None = None
        """What is asked; ``None`` while nothing is."""
        self._offers_to_keep = False
        self._keeping = False
        self._all_paused = self._is_something_paused = False
        self._hold = ""
        self.forgets_password = False
        """Whether the mail password is kept only until the program ends."""
        self.open_tasks = 0
        self._saved = self._unanswered = 0
        self._next_start: float | None = None
        self.ends_backend = True
        """Whether the backend ends with the window; one that was only attached to runs on."""

    @property
    def choice(self) -> ClosingChoice:
        """The remembered answer; ``ASK`` if there is none."""
        stored = str(self._settings.value(_KEY, ClosingChoice.ASK))
        return ClosingChoice(stored) if stored in list(ClosingChoice) else ClosingChoice.ASK

    @property
    def is_asking(self) -> bool:
        """Whether the question is on screen."""
        return self.question is not None

    def forget(self) -> None:
        """Forget the remembered answer."""
        self._settings.remove(_KEY)

    def set_stats(self, stats: OfficeStats) -> None:
        """Count open tasks; while the window is hidden, leave once they and actions are done."""
        tasks = sum(stats["counts"].get(state, 0) for state in OPEN)
        self.open_tasks = tasks + stats.get("batch_rows", 0)
        moves = sum(stats["counts"].get(state, 0) for state in (State.QUEUED, State.RUNNING))
        self._next_start = None if moves > stats["standing"] else epoch(stats["next_at"])
        self._follow()
        if self._keeping and not (self.open_tasks or stats["pending"]):
            self._leave()

    def set_waiting(self, saved: int, unanswered: int) -> None:
        """Set how many wishes wait on this computer, and how many would end with the window."""
        self._saved, self._unanswered = saved, unanswered
        self._follow()

    def set_stopped(self, *, everything: bool, something: bool, hold: str = "") -> None:
        """Set what is paused; if everything is, *Close, keep sending* is not offered.

        ``hold`` says why sending e-mail is on hold until a person acts, if it is.
        """
        self._all_paused, self._is_something_paused = everything, something
        self._hold = hold
        if self.is_asking:
            self._say()

    def ask(self) -> None:
        """Handle the wish to close: leave, hide and keep sending, or ask which."""
        is_safe = not (self._saved or self._unanswered)
        if is_safe and (not self._is_stopping or self.choice is ClosingChoice.STOP):
            self._leave()
        elif is_safe and self.choice is ClosingChoice.KEEP and not self._all_paused:
            self._keep()
        else:
            self._say()

    def leave(self) -> bool:
        """Leave without a word of open tasks, which go on at the next start.

        ``False`` if actions would be lost: then it asks.
        """
        if self._unanswered:
            self.ask()
        else:
            self._leave()
        return not self._unanswered

    def come_back(self) -> None:
        """Undo *Close, keep sending*: the window is shown again and no longer ends by itself."""
        self._keeping = False

    @property
    def _is_stopping(self) -> bool:
        """Whether open tasks stop when the program ends."""
        return self.ends_backend and self.open_tasks > 0

    def _follow(self) -> None:
        """Keep the question true while it is on screen."""
        if not self.is_asking:
            return
        if self._is_stopping or self._saved or self._unanswered:
            self._say()
        elif self.question is not None:
            self.question.close()

    def _say(self) -> None:
        if self._saved or self._unanswered:
            self._say_unsent()
        else:
            self._say_open()

    def _say_unsent(self) -> None:
        name = "unanswered" if self._unanswered else "saved"
        words = say("closing", name, n=self._unanswered or self._saved)
        self._ask(words, may_keep=False)

    def _say_open(self) -> None:
        count = self.open_tasks
        said = [say("closing", "open", n=count)]
        if self._hold:
            said.append(self._hold)
        elif self._next_start is not None and not self._is_something_paused:
            when = until(self._next_start, time.time())
            said.append(say("closing", "next", n=count, when=when))
        if self.forgets_password:
            said.append(say("closing", "password"))
        if self._all_paused:
            said.append(say("closing", "paused"))
        self._ask(" ".join(said), may_keep=not self._all_paused)

    def _ask(self, words: str, *, may_keep: bool) -> None:
        """Ask whether to close; not whether to go on if that is not possible."""
        if self.question is not None and self._offers_to_keep == may_keep:
            self.question.setText(words)
            return
        if self.question is not None:
            self.question.close()
        self._offers_to_keep = may_keep
        stop = self.tr("Close, continue next time") if may_keep else self.tr("Quit")
        answers = [(stop, partial(self._on_answer, ClosingChoice.STOP))]
        if may_keep:
            keep = self.tr("Close, keep sending")
            answers.append((keep, partial(self._on_answer, ClosingChoice.KEEP)))
        self.question = ask(self._window, words, self.tr("Do not close"), *answers)
        self._check = CheckBox(self.tr("Remember this"))
        if may_keep:
            self.question.setCheckBox(self._check)
        self.question.finished.connect(self._on_finished)

    def _on_finished(self) -> None:
        self.question = None

    def _on_answer(self, choice: ClosingChoice) -> None:
        if self._check.isChecked():
            self._settings.setValue(_KEY, choice.value)
        if choice is ClosingChoice.KEEP:
            self._keep()
        else:
            self._leave()

    def _keep(self) -> None:
        self._keeping = True
        self.kept_sending.emit()

    def _leave(self) -> None:
        self._keeping = False
        self.may_leave.emit()
