"""Whether a backend is there: asked without httpx, which takes 0.1 s to import."""

from __future__ import annotations

import http.client
from enum import Enum
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from desktop.settings.backend_file import Backend

ANSWER_WITHIN: Final = 3.0
"""Seconds."""


class Health(Enum):
    """What ``GET /health`` came to."""

    ANSWERS = "answers"
    """It is up."""
    SILENT = "silent"
    """Somebody listens and says nothing, or nothing good: busy, frozen, or a stranger."""
    GONE = "gone"
    """Nobody listens there."""


def check(backend: Backend) -> Health:
    """Ask the backend once; blocks for at most ``ANSWER_WITHIN``."""
    address = urlsplit(backend.url)
    kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    connection = kind(address.hostname or "", address.port, timeout=ANSWER_WITHIN)
    try:
        connection.request("GET", "/health")
        answer = connection.getresponse()
        answer.read()
    except ConnectionRefusedError:
        return Health.GONE
    except (OSError, http.client.HTTPException):
        return Health.SILENT
    finally:
        connection.close()
    return Health.ANSWERS if answer.status == http.client.OK else Health.SILENT
