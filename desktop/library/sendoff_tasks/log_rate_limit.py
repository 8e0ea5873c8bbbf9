"""A log filter that lets each message through once a minute."""

from __future__ import annotations

import logging
import time
from typing import Final

LOGGED_EVERY_S: Final = 60.0


class LogRateLimit(logging.Filter):
    """Passes a message once in ``LOGGED_EVERY_S``, and always one above the level ``up_to``."""

    def __init__(self, up_to: int = logging.INFO) -> None:
        super().__init__()
        self._up_to = up_to
        self._said: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether to log the record."""
        now, said = time.monotonic(), record.getMessage()
        self._said = {text: at for text, at in self._said.items() if now < at + LOGGED_EVERY_S}
        return record.levelno > self._up_to or self._said.setdefault(said, now) == now
