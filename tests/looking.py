"""Waiting for what another process or thread does: it gives no event, so one looks again."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final, TypeVar

import pytest

from sendoff_tasks.client.health import running_backend
from tests import WITHIN

if TYPE_CHECKING:
    from collections.abc import Callable

    from sendoff_tasks.folder.backend_addresses import Backend
    from sendoff_tasks.folder.paths import DataFolder

T = TypeVar("T")

EVERY: Final = 0.02


def eventually(look: Callable[[], T | None]) -> T:
    """Look until something is there; gives it."""
    pause, latest = threading.Event(), time.monotonic() + WITHIN
    while time.monotonic() < latest:
        if seen := look():
            return seen
        pause.wait(EVERY)
    pytest.fail("it did not happen in time")


def backend_of(data: DataFolder) -> Backend:
    """Wait for the backend that serves a data folder."""
    return eventually(lambda: running_backend(data))
