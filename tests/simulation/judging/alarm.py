"""A program that reports a mistake of its own in its log has broken a promise.

That there is no memory is none.
"""

from __future__ import annotations

import logging
from typing import Any, Final, Self

from tests.simulation.judging.broken import Broken
from tests.simulation.stage.scene import Scene

PRODUCT: Final = tuple(map(logging.getLogger, ("desktop", "sendoff_tasks")))


class Alarm(logging.Handler):
    """Hears the program's log while a history is played; nothing of it is shown."""

    def __init__(self, scene: Scene) -> None:
        super().__init__(logging.ERROR)
        self._scene = scene

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if self._scene.is_trusted and not isinstance(error, MemoryError):
            raise Broken("the engine makes no mistakes", f"{record.getMessage()}: {error!r}")

    def __enter__(self) -> Self:
        self._propagate = [logger.propagate for logger in PRODUCT]
        for logger in PRODUCT:
            logger.propagate = False
            logger.addHandler(self)
        return self

    def __exit__(self, *_: Any) -> None:
        for logger, propagates in zip(PRODUCT, self._propagate, strict=True):
            logger.removeHandler(self)
            logger.propagate = propagates
