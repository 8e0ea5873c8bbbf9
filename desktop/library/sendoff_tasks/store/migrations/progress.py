"""How far an update of the tables is, told while it lasts."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final

AFTER_S: Final = 2.0
"""How long an update takes before anything is said of it, s."""
EVERY_S: Final = 1.0
Tell = Callable[[float], object]
"""Takes the part that is done, 0 to 1, in a thread."""


class UpdateProgress(AbstractContextManager["UpdateProgress"]):
    """Tells ``done`` each second while the block runs, also during a statement that takes long."""

    def __init__(self, tell: Tell) -> None:
        self.done = 0.0
        self._tell = tell
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="update", daemon=True)

    def __enter__(self) -> UpdateProgress:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        seconds = AFTER_S
        while not self._over.wait(seconds):
            self._tell(min(1.0, self.done))
            seconds = EVERY_S
