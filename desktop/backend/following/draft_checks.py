"""Checks the rows of drafts again in the background, when what they are checked by has changed."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from desktop.backend.following.background_thread import BackgroundThread
from desktop.backend.shared.batches.batches import check_drafts_again
from desktop.engine.errors import Conflict, EngineError, UnknownId
from desktop.engine.store.errors import StoreError

if TYPE_CHECKING:
    from desktop.backend.shared.services import Services

log = logging.getLogger(__name__)

LOOK_EVERY: Final = 10.0
"""Seconds until drafts are looked at though nothing was told: an undoing may have been resumed."""
END_WITHIN: Final = 2.0
"""Seconds; what is not checked by then is checked after the next start."""


class DraftChecks(BackgroundThread):
    """Checks what is unchecked, in a thread of its own, whenever ``services.unchecked`` is set."""

    def __init__(self, services: Services) -> None:
        super().__init__("draft checks", END_WITHIN)
        self._services = services
        self._default: str | None = None
        self._is_first = True

    def look(self) -> None:
        """Check all rows that are unchecked; one draft after the other."""
        self._follow_names()
        self._follow_settings()
        for batch_id in self._services.engine.batches.unchecked_drafts():
            self._check(batch_id)

    def _follow_names(self) -> None:
        """Have batches know their templates by the present names, as a rename cut short did not."""
        if self._is_first:
            for before, now in self._services.letters.called.all().items():
                self._services.engine.batches.rename_template(before, now).result()

    def _follow_settings(self) -> None:
        """Have rows checked again where who gets those without a recipient has changed."""
        default = self._services.settings.default_recipient()
        if default != self._default and not self._is_first:
            check_drafts_again(self._services)  # where this is refused, the next look does it
        self._default, self._is_first = default, False

    def _check(self, batch_id: int) -> None:
        if self._services.io is not None:
            self._services.io.warm_up()  # nothing may be imported while it imports Qt
        from desktop.backend.shared.batches.drafts import check_some

        # What is unchecked once more behind it is for the next look.
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
                log.warning("Rows of drafts are checked later: %s", error)
            self._services.unchecked.wait(LOOK_EVERY)

    def _ask_to_end(self) -> None:
        super()._ask_to_end()
        self._services.unchecked.set()
