"""What is added to the GUI thread to measure it: a timer, a hand that scrolls, an eye."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from tests.benchmarks.figures import quantile

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QAbstractItemView

    from desktop.gui.tasks.table.task_model import TaskModel
    from desktop.gui.tasks.table.task_table import TaskTable

HAND = 16
"""Milliseconds between two movements of the hand: 60 Hz."""
NOTCH = -120
"""Eighths of a degree of one step of the wheel, downwards."""
SWEEP = 4.0
"""Seconds in which the thumb is dragged from one end to the other."""


class Gaps:
    """How late a 1 ms timer comes: the time in which the GUI thread could not answer."""

    def __init__(self) -> None:
        self._timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=1)
        self._timer.timeout.connect(self._on_tick)
        self._found: list[float] = []
        self._last = 0.0

    def start(self) -> None:
        self._found = []
        self._last = time.perf_counter()
        self._timer.start()

    def stop(self) -> dict[str, float]:
        """Give p50, p99 and the longest, in ms."""
        self._timer.stop()
        self._on_tick()  # the gap that is still open
        gaps = [gap * 1000 for gap in self._found]
        return {"p50": quantile(gaps, 0.5), "p99": quantile(gaps, 0.99), "max": max(gaps)}

    def _on_tick(self) -> None:
        now = time.perf_counter()
        self._found.append(now - self._last)
        self._last = now


class Eye(QObject):
    """Sees which changes were painted, and how long after their commit (ms)."""

    def __init__(self, table: TaskTable, model: TaskModel) -> None:
        super().__init__()
        self._model = model
        self._seen: dict[int, int] = {}
        self._opened = time.time()
        self.delays: list[float] = []
        self._look = QTimer(singleShot=True, interval=0)
        self._look.timeout.connect(self._on_painted)
        table.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self._look.start()  # comes when the painting is over
        return False

    def _on_painted(self) -> None:
        now = time.time()
        for row in self._model.rows_between(*self._model.window):
            written = max(row.created, row.started or 0.0, row.finished or 0.0)
            if written > self._opened and self._seen.get(row.id) != row.rev:
                self._seen[row.id] = row.rev
                self.delays.append((now - written) * 1000)


class Hand:
    """Scrolls by wheel, or drags the thumb, sixty times a second."""

    def __init__(self, table: QAbstractItemView) -> None:
        self._table = table
        self._bar = table.verticalScrollBar()

    async def turn_wheel(self, seconds: float) -> None:
        await self._move(self._notch, seconds)

    async def drag_thumb(self, seconds: float) -> None:
        self._bar.setSliderDown(True)
        self._began = time.perf_counter()
        await self._move(self._pull, seconds)
        self._bar.setSliderDown(False)

    async def _move(self, step: Callable[[], None], seconds: float) -> None:
        timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=HAND)
        timer.timeout.connect(step)
        timer.start()
        await asyncio.sleep(seconds)
        timer.stop()

    def _notch(self) -> None:
        viewport = self._table.viewport()
        at = QPointF(viewport.rect().center())
        turned = QWheelEvent(
            at,
            viewport.mapToGlobal(at),
            QPoint(),
            QPoint(0, NOTCH),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(viewport, turned)

    def _pull(self) -> None:
        """Move to where the thumb is now on its way up and down."""
        sweeps = (time.perf_counter() - self._began) / SWEEP
        place = sweeps % 2
        place = place if place <= 1 else 2 - place
        self._bar.setSliderPosition(round(self._bar.maximum() * place))
