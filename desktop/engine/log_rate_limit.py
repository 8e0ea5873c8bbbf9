"""What a log says once a minute: a server that is away is asked again all the time."""

from __future__ import annotations

import logging
import time
from typing import Final

LOGGED_EVERY_S: Final = 60.0


class LogRateLimit(logging.Filter):
    """Lets a sentence through once in ``LOGGED_EVERY_S``; warnings and errors always."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether it was not logged within that time."""
        now, said = time.monotonic(), record.getMessage()
        self._said = {text: at for text, at in self._said.items() if now < at + LOGGED_EVERY_S}
        return record.levelno > logging.INFO or self._said.setdefault(said, now) == now
