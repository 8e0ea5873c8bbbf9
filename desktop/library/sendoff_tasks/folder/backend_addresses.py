"""Where backends are: ``backend.json`` of a data folder, and the addresses of servers.

Each server that a person has opened has a folder for its window.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from sendoff_tasks.folder.safe_files import belongs_here, write_atomic

FOLDER_TAKEN: Final = 3
"""Exit status of ``serve --parent-pipe`` while another backend holds ``backend.lock``. That one is
probably ending, so the same start may succeed in a moment."""
STORE_DAMAGED: Final = 4
"""Exit status of ``serve --parent-pipe`` if the database is damaged: it has to be restored first
(``database_backups.restore``). The sentence on stderr names the file and its newest backup."""
OTHER_PROGRAM: Final = 5
"""Exit status of ``serve --parent-pipe`` if a program of another version wrote the database."""
PROGRAM_REPLACED: Final = 6
"""Exit status of a child process that is of another build than its parent, which has to restart."""

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
"""The hosts of this computer, which are reached without a network."""

NO_PID: Final = 0
"""The process id of a backend on a server, which is not known."""


class BackendFileError(Exception):
    """The file exists but has no valid address; the text names the file."""


@dataclass(frozen=True, slots=True)
class Backend:
    """A running backend: its base URL, the bearer token of this start, its process id.

    ``build`` names the program's build; empty if that is not known, as of an app.
    """

    url: str
    token: str = field(repr=False)
    pid: int
    build: str = ""


def write_backend(path: Path, backend: Backend) -> None:
    """Write the file atomically, readable by its owner only (0600).

    Raises:
        OSError: if the folder cannot be written.
    """
    write_atomic(path, json.dumps(asdict(backend)).encode())


def read_backend(path: Path) -> Backend | None:
    """Read the file; ``None`` if there is none.

    The file alone does not mean that the backend still runs: check that ``backend.lock`` is held
    (``lock_file.is_held``).

    Raises:
        BackendFileError: if it cannot be read, is another user's, or has other content.
    """
    try:
        text = path.read_text(encoding="utf-8")
        if not belongs_here(path):
            raise BackendFileError(f"{path} belongs to another user; remove it.")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise BackendFileError(f"{path} cannot be read: {error}") from error
    try:
        found = json.loads(text)
        return Backend(found["url"], found["token"], found["pid"], found.get("build", ""))
    except (ValueError, TypeError, KeyError) as error:
        raise BackendFileError(f"{path} does not say where a backend is; remove it.") from error


def remove_backend(path: Path, backend: Backend) -> None:
    """Delete the file if it still belongs to this backend."""
    try:
        found = read_backend(path)
    except BackendFileError:
        return  # another backend's, or damaged
    if found == backend:
        path.unlink(missing_ok=True)


class UrlFault(StrEnum):
    """What is wrong with an address."""

    NONE_GIVEN = "none_given"
    NO_ADDRESS = "no_address"
    """It does not have the form https://host:port."""
    UNENCRYPTED = "unencrypted"
    """The token would travel unencrypted through a network."""
    SECRET = "secret"  # noqa: S105 - a word
    """It contains a name, a password or a token, but addresses are shown on screen."""


class BadUrl(ValueError):
    """A refused address; the error does not quote it."""

    def __init__(self, fault: UrlFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def server_url(typed: str) -> str:
    """Return the address in its normal form, without a final slash. Raises ``BadUrl``."""
    typed = typed.strip()
    if not typed:
        raise BadUrl(UrlFault.NONE_GIVEN)
    try:
        address = urlsplit(typed)
        is_whole = address.scheme in {"http", "https"} and address.port != 0
    except ValueError as error:
        raise BadUrl(UrlFault.NO_ADDRESS) from error
    if address.username is not None or address.query or address.fragment:
        raise BadUrl(UrlFault.SECRET)
    if not is_whole or not address.hostname or not typed.isprintable() or " " in typed:
        raise BadUrl(UrlFault.NO_ADDRESS)
    if address.scheme == "http" and address.hostname not in LOOPBACK:
        raise BadUrl(UrlFault.UNENCRYPTED)
    return f"{address.scheme}://{address.netloc.lower()}{address.path.rstrip('/')}"


def guessed_url(typed: str) -> str:
    """Return the address that a person means; a missing ``https://`` is added.

    For this computer, ``http://`` is added. Raises ``BadUrl``.
    """
    typed = typed.strip()
    if typed and "://" not in typed:
        try:
            is_here = urlsplit(f"//{typed}").hostname in LOOPBACK
        except ValueError as error:
            raise BadUrl(UrlFault.NO_ADDRESS) from error
        typed = f"{'http' if is_here else 'https'}://{typed}"
    return server_url(typed)
