"""Follows a backend at an address: says when it answers and when it does not; it starts none."""

from __future__ import annotations

import asyncio
import contextlib
from contextlib import closing
from typing import TYPE_CHECKING, Final

from desktop.client.api import Api
from desktop.client.backend_state import Away, Missing, Ready, Starting
from desktop.client.errors import ClientError, Refused
from desktop.client.health import BackendHealth, Checks

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.client.backend_state import BackendState
    from desktop.settings.backend_file import Backend

NOT_FOUND: Final = 404
CHECK_EVERY: Final = 2.0
SILENT_CHECKS: Final = 5
"""Unanswered checks in a row after which a backend counts as gone; one that refuses is at once."""


class AtAddress:
    """Reports each change of a backend's state, as ``Supervisor`` does. Lives on one event loop."""

    def __init__(self, backend: Backend, report: Callable[[BackendState], object]) -> None:
        self._backend = backend
        self._report = report
        self._hurry = asyncio.Event()

    async def run(self) -> None:
        """Ask until cancelled."""
        self._report(Starting())
        with closing(Checks(self._backend)) as checks:
            is_ready: bool | None = None
            silent = 0
            while True:
                health = await asyncio.to_thread(checks.ask)
                answers = health in {BackendHealth.ANSWERS, BackendHealth.DAMAGED}
                silent = 0 if answers else silent + 1
                is_gone = health is BackendHealth.GONE or silent >= SILENT_CHECKS
                if answers and not is_ready:
                    is_ready = True
                    self._report(Ready(self._backend, own=False))
                elif not answers and (is_ready is None or (is_ready and is_gone)):
                    is_ready = False
                    self._report(Away(Missing.ADDRESS))
                await self._pause()

    def try_now(self) -> None:
        """Ask at once."""
        self._hurry.set()

    async def stop(self) -> None:
        """Leave the backend alone."""

    async def _pause(self) -> None:
        self._hurry.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._hurry.wait(), CHECK_EVERY)


def has_items(backend: Backend) -> bool | None:
    """Tell whether it is Sendoff's own, and not the monitor of an app; ``None``: no answer now."""
    with closing(Checks(backend)) as checks:
        if checks.ask() not in {BackendHealth.ANSWERS, BackendHealth.DAMAGED}:
            return None
    api = Api(backend)
    try:
        api.items.recent(1)
    except Refused as error:
        return error.status != NOT_FOUND
    except ClientError:
        return None
    finally:
        api.close()
    return True
