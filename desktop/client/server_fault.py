"""Finds out why a window cannot use the backend at an address."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any, Final

from desktop.client.backend_state import Away, ServerFault
from desktop.client.health import SERVES, BackendHealth
from desktop.contract.access import CONTRACT, Access
from desktop.contract.problems import Barred

if TYPE_CHECKING:
    from desktop.client.health import Heard

BEHIND_A_PROXY: Final = frozenset({502, 503, 504})
"""Statuses of a proxy whose backend does not answer."""
VERSION_LIMIT: Final = 40
"""Characters of a version that are shown."""


def fault_of(health: BackendHealth, heard: Heard) -> Away | None:
    """Return the fault that keeps a window from using the backend, or ``None``."""
    if heard is None or isinstance(heard, Exception):
        return Away(_unreached(heard))
    status, said = heard
    if status in BEHIND_A_PROXY:
        return Away(ServerFault.NO_ANSWER)
    if isinstance(said, dict) and said.get("barred") == Barred.ADDRESS:
        return Away(ServerFault.OTHER_ADDRESS)
    if not isinstance(said, dict) or not {"status", "version"} <= said.keys():
        return Away(ServerFault.NOT_SENDOFF)
    return _other_version(said) or _barred(health, said)


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


def _other_version(said: dict[str, Any]) -> Away | None:
    contract = said.get("contract", 0)
    contract = contract if isinstance(contract, int) else 0
    if contract == CONTRACT:
        return None
    fault = ServerFault.OLDER if contract < CONTRACT else ServerFault.NEWER
    return Away(fault, str(said["version"])[:VERSION_LIMIT])


def _barred(health: BackendHealth, said: dict[str, Any]) -> Away | None:
    access = said.get("access")
    if access == Access.EXPIRED:
        return Away(ServerFault.EXPIRED)
    if access == Access.NONE or health not in SERVES:
        return Away(ServerFault.TOKEN)
    return Away(ServerFault.WAITING) if health is BackendHealth.WAITING else None
