"""The health of a backend: its checks, without httpx, and the states reported of it."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode, urlsplit

from sendoff_tasks.folder.backend_addresses import BackendFileError, read_backend
from sendoff_tasks.folder.keys import is_same, new_nonce, proof
from sendoff_tasks.folder.lock_file import is_held
from sendoff_tasks.folder.tokens import proof_key, token_id

if TYPE_CHECKING:
    from http.client import HTTPConnection
    from ssl import SSLContext

    from sendoff_tasks.folder.backend_addresses import Backend
    from sendoff_tasks.folder.paths import DataFolder


@dataclass(frozen=True, slots=True)
class Starting:
    """A backend is being looked for or started.

    ``updating`` is the part that is done (0 to 1) of an update of its store, if that takes long.
    """

    updating: float | None = None


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
    REPLACED = "replaced"
    """Its API is not the window's, and the window's files were replaced: it has to be restarted."""


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
    damaged: bool


BackendState = Starting | Finishing | Away | Ready | Gone | GaveUp


@cache
def trusted() -> SSLContext:
    """Return the TLS context of all connections to servers; made at its first use.

    A company's own authority is in the system's store. Some Pythons have no such store and need
    certifi's certificates.
    """
    import ssl

    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


ANSWER_WITHIN: Final = 3.0
"""Seconds."""


class BackendHealth(Enum):
    """The result of ``GET /health``."""

    ANSWERS = "answers"
    """The backend is up."""
    DAMAGED = "damaged"
    """The backend is up, but its database is damaged, so it stores nothing."""
    SPARE = "spare"
    """The backend is up, and another one runs the tasks of its database."""
    SILENT = "silent"
    """A process listens but gives no valid answer: it is busy, frozen, or another program."""
    GONE = "gone"
    """No process listens."""


SERVES: Final = frozenset({BackendHealth.ANSWERS, BackendHealth.DAMAGED, BackendHealth.SPARE})
"""The results of a backend that knows the token."""
BEHIND_A_PROXY: Final = frozenset({502, 503, 504})
"""Statuses of a proxy whose backend does not answer."""
_SAID: Final = {
    "ok": BackendHealth.ANSWERS,
    "damaged": BackendHealth.DAMAGED,
    "spare": BackendHealth.SPARE,
    "no_database": BackendHealth.ANSWERS,  # its notices tell why the database is away
}
MOST: Final = 1 << 16
"""Bytes of an answer that are read."""

Heard = Exception | tuple[int, Any] | None
"""What the last check met: an error, or a status and the JSON of the body."""


class Checks:
    """Checks one backend repeatedly, over one connection while it lasts.

    A new connection waits behind those of other programs and may be closed for them; a connection
    that has shown the token does not. The token is sent once the backend has proved to know it.
    ``heard`` is the last error or answer.
    """

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self.connection: HTTPConnection | None = None
        self._headers: dict[str, str] = {}
        self._is_closed = False
        self.heard: Heard = None

    def ask(self) -> BackendHealth:
        """Check once; blocks for at most ``ANSWER_WITHIN``. ``SILENT`` after :meth:`close`."""
        try:
            return self._ask()
        finally:
            if self._is_closed:
                self._hang_up()

    def close(self) -> None:
        """Stop checking; a check under way in another thread ends as ``SILENT``."""
        self._is_closed = True
        self._hang_up()

    def _ask(self) -> BackendHealth:
        import http.client  # 17 ms that the window's start can save

        strange = (OSError, ValueError, http.client.HTTPException)
        if self.connection is not None:
            try:
                return self._asked(self.connection)
            except TimeoutError as error:
                self.heard = error
                self._hang_up()
                return BackendHealth.SILENT
            except strange:
                self._hang_up()  # the backend closed it; check again on a new connection
        if self._is_closed:
            return BackendHealth.SILENT
        try:
            return self._asked(self._connect())
        except strange as error:
            self.heard = error
            self._hang_up()
            return (
                BackendHealth.GONE
                if isinstance(error, ConnectionRefusedError)
                else BackendHealth.SILENT
            )

    def _hang_up(self) -> None:
        connection, self.connection, self._headers = self.connection, None, {}
        if connection is not None:
            connection.close()

    def _connect(self) -> HTTPConnection:
        import http.client

        url = urlsplit(self._backend.url)
        host = url.hostname or ""
        connection: HTTPConnection
        if url.scheme == "https":
            connection = http.client.HTTPSConnection(
                host, url.port, timeout=ANSWER_WITHIN, context=trusted()
            )
        else:
            connection = http.client.HTTPConnection(host, url.port, timeout=ANSWER_WITHIN)
        self.connection = connection
        connection.connect()
        if self._is_closed:  # closed meanwhile, when there was no socket to close yet
            connection.close()
        connection.auto_open = 0  # do not reconnect: another process could be listening then
        return connection

    def _asked(self, connection: HTTPConnection) -> BackendHealth:
        nonce = new_nonce()
        query = urlencode(health_query(self._backend, nonce))
        path = urlsplit(self._backend.url).path.rstrip("/")
        connection.request("GET", f"{path}/health?{query}", headers=self._headers)
        answer = connection.getresponse()
        said = _json(answer.read(MOST))
        self.heard = answer.status, said
        health = judge(said, self._backend, nonce)
        if health is BackendHealth.SILENT:
            self._hang_up()
        else:
            self._headers = {"Authorization": f"Bearer {self._backend.token}"}
        return health


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def check(backend: Backend) -> BackendHealth:
    """Check the backend once; blocks for at most ``ANSWER_WITHIN``."""
    with closing(Checks(backend)) as checks:
        return checks.ask()


def health_query(backend: Backend, nonce: str) -> dict[str, str]:
    """Return the query of ``/health`` that asks for a proof that it knows the token."""
    public = token_id(backend.token)
    return {"nonce": nonce} | ({} if public is None else {"token_id": public})


def judge(said: Any, backend: Backend, nonce: str) -> BackendHealth:
    """Judge an answer of ``/health``; a wrong proof of the token counts as ``SILENT``."""
    known = proof(proof_key(backend.token), nonce)
    if not isinstance(said, dict) or not is_same(str(said.get("proof")), known):
        return BackendHealth.SILENT
    return _SAID.get(str(said.get("status")), BackendHealth.SILENT)


def running_backend(data: DataFolder) -> Backend | None:
    """Find the backend that already serves this data folder.

    A killed backend leaves its file behind, and another program may use its port by now. So its
    address is used only while the folder's lock is held.
    """
    backend = _announced(data)
    if backend is not None and check(backend) in SERVES:
        return backend
    return None


def still_serves(backend: Backend, data: DataFolder) -> bool:
    """Tell whether this backend still holds the data folder and is the one named there."""
    return _announced(data) == backend


def _announced(data: DataFolder) -> Backend | None:
    """Read the backend that holds the folder and has announced its address."""
    try:
        backend = read_backend(data.backend_file)
        return backend if backend is not None and is_held(data.backend_lock) else None
    except (BackendFileError, OSError):
        return None  # half a file is left by a dead backend; the next one replaces it
