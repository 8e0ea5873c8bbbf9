"""The event streams that are open, so that they can be ended when the backend leaves."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop.engine.events.journal import Subscription


class OpenStreams:
    """Subscriptions of the clients that listen now; used on the server's loop only."""

    def __init__(self) -> None:
        self._open: set[Subscription] = set()
        self.draining = False

    @contextmanager
    def listening(self, subscription: Subscription) -> Iterator[Subscription]:
        """Count a subscription as open while the block runs, and close it at its end."""
        self._open.add(subscription)
        try:
            yield subscription
        finally:
            self._open.discard(subscription)
            subscription.close()

    def drain(self) -> None:
        """End every stream now, and those that are opened later at once."""
        self.draining = True
        for subscription in list(self._open):
            subscription.close()
