"""Wait for what the backend says, without looking at the clock: every event is a reason to ask."""

from __future__ import annotations

import select
import time
from typing import TYPE_CHECKING

import httpx
from httpx_sse import connect_sse

from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.folder.backend_addresses import read_backend
from tests import WITHIN, looking

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sendoff_tasks.folder.backend_addresses import Backend


def until(backend: Backend, told: Callable[[], bool]) -> None:
    """Return once ``told()`` is true, asked at the start and after each event or sign of life."""
    latest = time.monotonic() + WITHIN
    headers = {"Authorization": f"Bearer {backend.token}"}
    with (
        httpx.Client(headers=headers, trust_env=False, timeout=WITHIN) as http,
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
    raise TimeoutError(f"not within {WITHIN} s")


def ended(process: int, within: float = WITHIN) -> bool:
    """Wait for a process by its pidfd; tells whether it ended within this many seconds."""
    poll = select.poll()
    poll.register(process, select.POLLIN)
    return bool(poll.poll(within * 1000))


def present_backend(data_dir: Path) -> Backend:
    """Wait for the backend of this data folder."""
    return looking.eventually(lambda: read_backend(OfficeFolder(data_dir).backend_file))
