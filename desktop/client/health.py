"""Whether a backend is there: asked without httpx, which takes 0.1 s to import."""

from __future__ import annotations

import json
import uuid
from enum import Enum
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from desktop.settings.backend_file import BackendFileError, proof, read_backend
from desktop.settings.lock_file import is_held

if TYPE_CHECKING:
    from desktop.settings.backend_file import Backend
    from desktop.settings.paths import DataFolder

ANSWER_WITHIN: Final = 3.0
"""Seconds."""


class Health(Enum):
    """What ``GET /health`` came to."""

    ANSWERS = "answers"
    """It is up."""
    DAMAGED = "damaged"
    """It is up, and keeps nothing any more: its database is damaged."""
    SILENT = "silent"
    """Somebody listens and says nothing, or nothing good: busy, frozen, or a stranger."""
    GONE = "gone"
    """Nobody listens there."""


def check(backend: Backend) -> Health:
    """Ask the backend once; blocks for at most ``ANSWER_WITHIN``."""
    import http.client  # 17 ms that the window's start can save

    nonce = new_nonce()
    address = urlsplit(backend.url)
    kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    connection = kind(address.hostname or "", address.port, timeout=ANSWER_WITHIN)
    try:
        connection.request("GET", f"/health?nonce={nonce}")
        said = json.loads(connection.getresponse().read())
    except ConnectionRefusedError:
        return Health.GONE
    except (OSError, ValueError, http.client.HTTPException):
        return Health.SILENT
    finally:
        connection.close()
    return judge(said, backend, nonce)


def new_nonce() -> str:
    """Make what a backend is asked to prove itself with, once."""
    return uuid.uuid4().hex


def judge(said: Any, backend: Backend, nonce: str) -> Health:
    """Tell what an answer of ``/health`` means; who knows the token proves it by the nonce."""
    if not isinstance(said, dict) or said.get("proof") != proof(backend.token, nonce):
        return Health.SILENT
    status = str(said.get("status"))
    return {"ok": Health.ANSWERS, "damaged": Health.DAMAGED}.get(status, Health.SILENT)


def running_backend(data: DataFolder) -> Backend | None:
    """Find the backend that already serves this data folder.

    A killed one leaves its file behind, and anybody may listen on its port by now: only while
    the folder's lock is held is its address believed and its token shown there.
    """
    backend = _announced(data)
    if backend is not None and check(backend) in {Health.ANSWERS, Health.DAMAGED}:
        return backend
    return None


def still_serves(backend: Backend, data: DataFolder) -> bool:
    """Tell whether it is still this backend that the data folder names and that holds it."""
    return _announced(data) == backend


def _announced(data: DataFolder) -> Backend | None:
    """Read which backend holds the folder and says where it is."""
    try:
        backend = read_backend(data.backend_file)
        return backend if backend is not None and is_held(data.backend_lock) else None
    except (BackendFileError, OSError):
        return None  # Half a file is a dead backend's; the next one writes it anew.
