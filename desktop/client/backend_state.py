"""The states of the backend that the supervisor reports."""

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
    """The folder's previous backend is finishing its work; ours starts when that one has ended."""


class Missing(Enum):
    """A program that a window waits for and cannot start itself."""

    APP = "app"
    """The app to which the tasks belong."""
    DATABASE = "database"
    """The backend of a database on a server."""


class ServerFault(Enum):
    """Why a window cannot use the backend at an address."""

    NO_ANSWER = "no_answer"
    SPARE = "spare"
    """It is a spare: another server runs the tasks."""
    NO_NAME = "no_name"
    """The host name cannot be resolved."""
    NO_TRUST = "no_trust"
    """Its certificate is not trusted."""
    NOT_SENDOFF = "not_sendoff"
    OTHER_ADDRESS = "other_address"
    """It does not accept this address as its own."""
    TOKEN = "token"  # noqa: S105 - a word, no token
    """It does not know the token."""
    EXPIRED = "expired"
    """The token has expired."""
    OLDER = "older"
    """Its API is older than the window's."""
    NEWER = "newer"
    """Its API is newer than the window's."""


@dataclass(frozen=True, slots=True)
class Away:
    """The program that runs the tasks is missing or cannot be used; the window waits for it.

    ``version`` is the server's version, if that is the fault. ``address`` is where a spare says
    that the tasks run, if it knows.
    """

    missing: Missing | ServerFault
    version: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Ready:
    """A backend answers; ``own`` if this window started it."""

    backend: Backend
    own: bool


@dataclass(frozen=True, slots=True)
class Gone:
    """The backend ended or did not start; the next start is in ``next_try_in`` seconds."""

    reason: str
    next_try_in: float


@dataclass(frozen=True, slots=True)
class GaveUp:
    """The backend does not start: a person has to solve the problem, then ``try_now``.

    If the database is ``damaged``, a backup has to be restored (``database_backups.restore``).
    """

    reason: str
    damaged: bool = False


BackendState = Starting | Finishing | Away | Ready | Gone | GaveUp
