"""What every client of the campaign does: it calls the backend that is there now."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from desktop.client.api import Api

if TYPE_CHECKING:
    from sendoff_tasks.folder.backend_addresses import Backend


@dataclass
class Caller:
    """Calls a backend, and the next one when that is gone.

    ``refused`` counts answers 429 and 503, ``odd`` holds those that should not be.
    """

    refused: int = field(default=0, init=False)
    odd: list[str] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        self._changed = threading.Condition()
        self._api: Api | None = None
        self._over = False

    def turn_to(self, backend: Backend) -> Api:
        """Tell where the backend is now."""
        api = Api(backend)
        with self._changed:
            before, self._api = self._api, api
            self._changed.notify_all()
        if before is not None:
            before.close()
        return api

    def _present(self, other_than: Api | None) -> Api | None:
        """Wait for a backend other than the one that is gone; ``None`` at the end."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._over or (self._api is not None and self._api is not other_than)
            )
            return None if self._over else self._api

    def _end(self, *threads: threading.Thread) -> None:
        with self._changed:
            self._over = True
            self._changed.notify_all()
        for thread in threads:
            thread.join()
        if self._api is not None:
            self._api.close()
