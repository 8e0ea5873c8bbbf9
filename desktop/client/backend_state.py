"""How the backend is, as the supervisor reports it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.settings.backend_file import Backend


@dataclass(frozen=True, slots=True)
class Starting:
    """A backend is being looked for or started."""


@dataclass(frozen=True, slots=True)
class Finishing:
    """The folder's last backend is finishing its work; ours starts as soon as that has left."""


class Missing(Enum):
    """What a window waits for, and does not start itself."""

    APP = "app"
    """The app whose own the tasks are."""
    DATABASE = "database"
    """The backend of a database on a server."""


class ServerFault(Enum):
    """What stands between a window and a backend at an address."""

    NO_ANSWER = "no_answer"
    WAITING = "waiting"
    """It waits for the one that runs the tasks, or for its database's server."""
    NO_NAME = "no_name"
    """There is no server of that name, or no way to ask."""
    NO_TRUST = "no_trust"
    """It cannot prove that it is the one at that address."""
    NOT_SENDOFF = "not_sendoff"
    OTHER_ADDRESS = "other_address"
    """It does not know that address as its own."""
    TOKEN = "token"  # noqa: S105 - a word, no token
    """It does not know the token."""
    EXPIRED = "expired"
    """The token has expired."""
    OLDER = "older"
    """Its API is of before this window."""
    NEWER = "newer"


@dataclass(frozen=True, slots=True)
class Away:
    """What runs the tasks is not there, or cannot be used, and is waited for.

    ``version`` is the server's where that is what is wrong.
    """

    missing: Missing | ServerFault
    version: str = ""


@dataclass(frozen=True, slots=True)
class Ready:
    """A backend answers; ``own`` when this window started it."""

    backend: Backend
    own: bool


@dataclass(frozen=True, slots=True)
class Gone:
    """The backend ended or did not start; the next try is in ``next_try_in`` seconds."""

    reason: str
    next_try_in: float


@dataclass(frozen=True, slots=True)
class GaveUp:
    """It does not start; a person must do something, then ``try_now``.

    Where the database is ``damaged``, that is to restore it (``backups.restore``).
    """

    reason: str
    damaged: bool = False


BackendState = Starting | Finishing | Away | Ready | Gone | GaveUp
