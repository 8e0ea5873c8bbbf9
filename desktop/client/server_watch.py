"""Watches a backend on a server: tells whether a window can use it, and if not, why."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

from desktop.builds import was_replaced
from desktop.client.api import Api
from sendoff_tasks.client.errors import ClientError
from sendoff_tasks.client.health import (
    BEHIND_A_PROXY,
    SERVES,
    Away,
    BackendHealth,
    Checks,
    Ready,
    ServerFault,
    Starting,
)
from sendoff_tasks.folder.backend_addresses import BadUrl, server_url
from sendoff_tasks.model.problems import CONTRACT, Access, Barred

if TYPE_CHECKING:
    from collections.abc import Callable

    from sendoff_tasks.client.health import BackendState, Heard
    from sendoff_tasks.folder.backend_addresses import Backend

CHECK_EVERY: Final = 2.0
SILENT_CHECKS: Final = 5
"""Unanswered checks in a row after which a backend counts as gone or hung.

A backend that refuses the connection counts as gone at once.
"""
_SURE: Final = frozenset(
    {
        ServerFault.SPARE,
        ServerFault.TOKEN,
        ServerFault.EXPIRED,
        ServerFault.OLDER,
        ServerFault.NEWER,
        ServerFault.REPLACED,
    }
)
"""Faults that the server itself has reported."""
VERSION_LIMIT: Final = 40
"""Characters of a version that are shown."""


class ServerWatch:
    """Reports each change of a backend's state, as ``Supervisor`` does; it never starts one.

    Used on one event loop.
    """

    def __init__(self, backend: Backend, report: Callable[[BackendState], object]) -> None:
        self._backend = backend
        self._report = report
        self._hurry = asyncio.Event()

    async def run(self) -> None:
        """Check the backend until cancelled."""
        self._report(Starting())
        ready = Ready(self._backend, own=False)
        said: BackendState = Starting()
        silent = 0
        with closing(Checks(self._backend)) as checks:
            while True:
                self._hurry.clear()
                health, away = await asyncio.to_thread(meet, checks)
                silent = 0 if away is None else silent + 1
                is_sure = health is BackendHealth.GONE or silent >= SILENT_CHECKS
                if away is None or said != ready or is_sure or away.missing in _SURE:
                    found = away or ready
                    if found != said:
                        said = found
                        self._report(found)
                await pause(CHECK_EVERY, self._hurry)

    def try_now(self) -> None:
        """Check at once."""
        self._hurry.set()

    ask_now = try_now

    def renew(self) -> None:
        """Leave the backend as it is: it is updated where it runs."""

    async def stop(self) -> None:
        """Leave the backend alone."""


async def pause(seconds: float, hurry: asyncio.Event) -> None:
    """Wait for some seconds, or until ``hurry`` is set."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):  # `wait_for` may lose a cancellation
            await hurry.wait()


def meet(checks: Checks) -> tuple[BackendHealth, Away | None]:
    """Check once; return the health and the fault that keeps a window out, or ``None``.

    The first check does not send the token, so its answer lacks ``access``; then it checks twice.
    """
    health = checks.ask()
    away = fault_of(health, checks.heard)
    if away is None and isinstance(checks.heard, tuple) and "access" not in checks.heard[1]:
        health = checks.ask()
        away = fault_of(health, checks.heard)
    return health, away


def has_items(backend: Backend) -> bool | None:
    """Tell whether this is Sendoff's own backend, not an app's monitor; ``None``: no answer."""
    with closing(Checks(backend)) as checks:
        if meet(checks)[1] is not None:
            return None
    api = Api(backend)
    try:
        return api.has_items()
    except ClientError:
        return None
    finally:
        api.close()


def fault_of(health: BackendHealth, heard: Heard) -> Away | None:
    """Return the fault that keeps a window from using the backend, or ``None``."""
    if heard is None or isinstance(heard, Exception):
        return Away(_unreached(heard))
    status, said = heard
    if health is BackendHealth.SPARE:
        return spare_at(heard)
    if status in BEHIND_A_PROXY and health not in SERVES:
        return Away(ServerFault.NO_ANSWER)
    if isinstance(said, dict) and said.get("barred") == Barred.ADDRESS:
        return Away(ServerFault.OTHER_ADDRESS)
    if not isinstance(said, dict) or not {"status", "version"} <= said.keys():
        return Away(ServerFault.NOT_SENDOFF)
    return other_contract(heard) or _barred(health, said)


def _unreached(error: Exception | None) -> ServerFault:
    from http.client import HTTPException
    from ssl import SSLError

    match error:
        case socket.gaierror():
            return ServerFault.NO_NAME
        case SSLError():
            return ServerFault.NO_TRUST
        case HTTPException() | ValueError():
            return ServerFault.NOT_SENDOFF
    return ServerFault.NO_ANSWER


def other_contract(heard: Heard, *, own: bool = False) -> Away | None:
    """Return the fault of a backend whose API is not this window's, or ``None``.

    This program started its ``own`` one from the files that are there now.
    """
    said = heard[1] if isinstance(heard, tuple) else None
    if not isinstance(said, dict):
        return None
    contract = said.get("contract", 0)
    contract = contract if isinstance(contract, int) else 0
    if contract == CONTRACT:
        return None
    if own or was_replaced():
        return Away(ServerFault.REPLACED)
    fault = ServerFault.OLDER if contract < CONTRACT else ServerFault.NEWER
    return Away(fault, str(said.get("version", ""))[:VERSION_LIMIT])


def _barred(health: BackendHealth, said: dict[str, Any]) -> Away | None:
    access = said.get("access")
    if access == Access.EXPIRED:
        return Away(ServerFault.EXPIRED)
    if access == Access.NONE or health not in SERVES:
        return Away(ServerFault.TOKEN)
    return None


def spare_at(heard: Heard) -> Away:
    """Return the fault of a spare, with the address that it tells unless that is none."""
    said = heard[1] if isinstance(heard, tuple) else {}
    try:
        return Away(ServerFault.SPARE, address=server_url(str(said.get("address", ""))))
    except BadUrl:
        return Away(ServerFault.SPARE)
