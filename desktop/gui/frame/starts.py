"""When announced tasks start: after their countdown, or once a pause or a hold has ended."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.contract.items import MAIL_QUEUE
from desktop.gui.kit.words.ages import at_earliest, until
from desktop.gui.kit.words.table import say

if TYPE_CHECKING:
    from collections.abc import Mapping


class StartTimes(QObject):
    """Says when tasks of a queue start, and what becomes of e-mails; ``changed`` is emitted then.

    ``keeps`` tells whether practice mode keeps e-mails in place of sending them.
    """

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.keeps = False
        self._paused: Mapping[str, str] = {}
        self._held: Mapping[str, str] = {}

    def stop(self, paused: Mapping[str, str], held: Mapping[str, str]) -> None:
        """Say these words of paused and held queues in place of a time; ``""`` is all queues."""
        self._paused, self._held = paused, held
        self.changed.emit()

    def keep(self, *, keeps: bool) -> None:
        """Learn whether practice mode keeps e-mails."""
        if keeps != self.keeps:
            self.keeps = keeps
            self.changed.emit()

    def when(self, left: int, queue: str = MAIL_QUEUE, *, releases: bool = False) -> str:
        """Say when an announced start in a queue happens, ``left`` seconds from now; empty for now.

        A stopped queue has no such time. An action that ``releases`` a queue is not stopped by its
        hold.
        """
        stopped = self._paused.get("") or self._paused.get(queue)
        stopped = stopped or ("" if releases else self._held.get(queue, ""))
        return stopped or (say("tail", "in", s=left) if left else "")

    def at(self, moment: float, queue: str) -> str:
        """Say when a task with a start time of its own (epoch s) starts in a queue."""
        stopped, now = self.when(0, queue), time.time()
        return at_earliest(stopped, moment, now) if stopped else until(moment, now)
