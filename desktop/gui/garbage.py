"""Garbage is collected on the GUI thread only, a little at a time.

Python's own collector runs on whichever thread happens to allocate: on a worker it would destroy
the widgets of a cycle there, and take the process down.
"""

from __future__ import annotations

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

EVERY: Final = 250
"""Milliseconds between two looks."""


class GarbageCollector(QObject):
    """Takes the place of the automatic collector, at its thresholds, for as long as it lives."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        gc.freeze()  # What is here now lives as long as the window: it is not looked through again.
        self._look = QTimer(self, interval=EVERY)
        self._look.timeout.connect(self.collect_due)
        self._look.start()

    def collect_due(self) -> None:
        """Collect the oldest generation that is due, and with it the younger ones."""
        counts, thresholds = gc.get_count(), gc.get_threshold()
        for generation in (2, 1, 0):
            if counts[generation] > thresholds[generation]:
                gc.collect(generation)
                return
