"""Checks the rows of drafts in the background, after templates, files or settings changed."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from desktop.backend.following.background_thread import BackgroundThread
from desktop.backend.shared.batches.batches import check_drafts_again
from desktop.engine.errors import Conflict, EngineError, UnknownId
from desktop.engine.log_rate_limit import LogRateLimit
from desktop.engine.store.errors import StoreError

if TYPE_CHECKING:
    from desktop.backend.shared.services import Services

log = logging.getLogger(__name__)
log.addFilter(LogRateLimit())

LOOK_EVERY: Final = 10.0
"""Seconds between two looks without a signal: an interrupted undo may have been resumed."""


class DraftChecks(BackgroundThread):
    """Checks unchecked rows in a thread whenever ``services.unchecked`` is set."""

    def __init__(self, services: Services) -> None:
        super().__init__("draft checks")
        self._services = services
        self._default: str | None = None
        self._is_first = True

    def look(self) -> None:
        """Check all unchecked rows, one draft after the other."""
        self._follow_settings()
        for batch_id in self._services.engine.batches.unchecked_drafts():
            self._check(batch_id)

    def _follow_settings(self) -> None:
        """Have all drafts checked again when the default recipient has changed."""
        default = self._services.settings.default_recipient()
        if default != self._default and not self._is_first:
            check_drafts_again(self._services)  # if this fails, the next look repeats it
        self._default, self._is_first = default, False

    def _check(self, batch_id: int) -> None:
        if self._services.io is not None:
            self._services.io.warm_up()  # while it imports Qt, no other import may run
        from desktop.backend.shared.batches.drafts import check_some

        # Rows that become unchecked again before this place wait for the next look.
        beyond: int | None = 0
        try:
            while beyond is not None and not self._over.is_set():
                beyond = check_some(self._services, batch_id, beyond)
        except (UnknownId, Conflict):
            pass  # it was deleted or started meanwhile

    def _run(self) -> None:
        while not self._over.is_set():
            self._services.unchecked.clear()
            try:
                self.look()
            except (EngineError, StoreError, OSError) as error:
                log.info("Rows of drafts are checked later: %s", error)
            self._services.unchecked.wait(LOOK_EVERY)

    def _ask_to_end(self) -> None:
        super()._ask_to_end()
        self._services.unchecked.set()
