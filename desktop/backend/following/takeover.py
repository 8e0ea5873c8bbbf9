"""Notices that another process has taken the database on a server, which ends this backend."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from desktop.backend.following.background_thread import BackgroundThread
from desktop.engine.errors import EngineError
from desktop.engine.log_rate_limit import LogRateLimit

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.engine.facade.engine import Engine

log = logging.getLogger(__name__)
log.addFilter(LogRateLimit())

LOOK_EVERY: Final = 2.0
"""Seconds. Nothing that is shown may be older than that once others write to the database."""
END_WITHIN: Final = 2.0
TAKEN: Final = "Another process runs the tasks of the database; this one ends."


class TakeoverWatch(BackgroundThread):
    """Asks the writer again and again, in a thread of its own, while the block runs.

    A session that was lost, and with it the right to run the tasks, is noticed when something is
    written; an idle backend would not notice it. ``on_taken`` is called once another process has
    the tasks.
    """

    def __init__(self, engine: Engine, on_taken: Callable[[], None]) -> None:
        super().__init__("takeover watch", END_WITHIN)
        self._engine = engine
        self._on_taken = on_taken

    def look(self) -> bool:
        """Look once; tells whether the tasks are still run by this process."""
        try:
            self._engine.settled()
        except EngineError as error:
            log.info("The database is asked again until it answers: %s", error)
        return not self._engine.is_displaced

    def _run(self) -> None:
        while not self._over.wait(LOOK_EVERY):
            if not self.look():
                log.error(TAKEN)
                self._on_taken()
                return
