"""``backend.json``: where the running backend of a data folder listens, and its token."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Final

from desktop.settings.atomic import write_atomic

if TYPE_CHECKING:
    from pathlib import Path

FOLDER_TAKEN: Final = 3
"""Exit status of ``serve --parent-pipe`` while another backend holds ``backend.lock``: one that is
still leaving, most likely, and the same start will do in a moment."""
STORE_DAMAGED: Final = 4
"""Exit status of ``serve --parent-pipe`` where the database is damaged: no start will do before it
is restored (``backups.restore``); the sentence on stderr names the file and its newest backup."""

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
"""Hosts of this computer: what is sent there passes no network."""

NO_PID: Final = 0
"""Stands for the process of a backend at an address, which is not known."""
_TOKEN_BYTES: Final = 32


class BackendFileError(Exception):
    """The file is there but does not say where the backend is; the text names it."""


@dataclass(frozen=True, slots=True)
class Backend:
    """A running backend: base URL, bearer token of this launch, process id."""

    url: str
    token: str = field(repr=False)
    pid: int


def new_token() -> str:
    """Make the bearer token of one launch: no character of it means anything to a shell."""
    import secrets  # brings OpenSSL along, which the window's start can do without

    return secrets.token_hex(_TOKEN_BYTES)


def proof(token: str, nonce: str) -> str:
    """Prove that one knows the token, without showing it: what ``/health`` answers to a nonce."""
    import hmac  # as above

    return hmac.new(token.encode(), nonce.encode(), "sha256").hexdigest()


def write_backend(path: Path, backend: Backend) -> None:
    """Write the file whole, readable by its owner only (0600).

    Raises:
        OSError: when the folder cannot be written.
    """
    write_atomic(path, json.dumps(asdict(backend)).encode())


def read_backend(path: Path) -> Backend | None:
    """Read the file; ``None`` when there is none.

    That the file is there does not mean that the backend still runs, nor that it is a backend that
    listens there: it is while ``backend.lock`` is held (``lock_file.is_held``).

    Raises:
        BackendFileError: when it cannot be read or holds something else.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise BackendFileError(f"{path} cannot be read: {error}") from error
    try:
        found = json.loads(text)
        backend = Backend(found["url"], found["token"], found["pid"])
    except (ValueError, TypeError, KeyError) as error:
        raise BackendFileError(f"{path} does not say where a backend is; remove it.") from error
    if not (
        isinstance(backend.url, str)
        and isinstance(backend.token, str)
        and isinstance(backend.pid, int)
    ):
        raise BackendFileError(f"{path} does not say where a backend is; remove it.")
    return backend


def remove_backend(path: Path, backend: Backend) -> None:
    """Remove the file if it is still this backend's own."""
    try:
        found = read_backend(path)
    except BackendFileError:
        return  # another's, or damaged: not ours to remove
    if found == backend:
        path.unlink(missing_ok=True)
