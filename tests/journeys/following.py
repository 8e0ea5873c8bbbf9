"""Wait for what the backend says, without looking at the clock: every event is a reason to ask."""

from __future__ import annotations

import select
import threading
import time
from typing import TYPE_CHECKING

import httpx
from httpx_sse import connect_sse

from desktop.settings.backend_file import read_backend
from desktop.settings.paths import DataFolder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop.settings.backend_file import Backend


def until(backend: Backend, told: Callable[[], bool], within: float = 30.0) -> None:
    """Return once ``told()`` is true, asked at the start and after each event or sign of life.

    Raises:
        TimeoutError: it was not true within this many seconds.
    """
    latest = time.monotonic() + within
    headers = {"Authorization": f"Bearer {backend.token}"}
    with (
        httpx.Client(headers=headers, trust_env=False, timeout=within) as http,
        connect_sse(http, "GET", f"{backend.url}/events") as events,
    ):
        if told():
            return
        for line in events.response.iter_lines():
            if line:
                continue
            if told():
                return
            if time.monotonic() > latest:
                break
    raise TimeoutError(f"not within {within} s")


def ended(process: int, within: float) -> bool:
    """Wait for a process by its pidfd; tells whether it ended within this many seconds."""
    poll = select.poll()
    poll.register(process, select.POLLIN)
    return bool(poll.poll(within * 1000))


def present_backend(
    data_dir: Path, other_than: Backend | None = None, within: float = 30.0
) -> Backend:
    """Wait for the backend of this data folder, or for the one that replaces another.

    Raises:
        TimeoutError: none came within this many seconds.
    """
    latest = time.monotonic() + within
    pause = threading.Event()  # a file written by another process gives no event to wait for
    while time.monotonic() < latest:
        backend = read_backend(DataFolder(data_dir).backend_file)
        if backend is not None and backend != other_than:
            return backend
        pause.wait(0.02)
    raise TimeoutError(f"no backend within {within} s")
