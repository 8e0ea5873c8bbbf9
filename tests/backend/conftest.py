"""Fixtures of the backend: its real services on an empty folder, and a client of its app."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from fastapi.routing import APIRoute
from starlette.routing import Match
from starlette.types import ASGIApp

from desktop.backend.application import create_app
from desktop.backend.composition import running_services
from desktop.backend.services import Services
from desktop.contract.batches import Batch
from desktop.contract.office import OfficeTask, office_task
from desktop.mail.files import OUTBOX, Files
from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.functions import plugins
from sendoff_tasks.functions.backoff import Retry
from sendoff_tasks.functions.registry import task
from sendoff_tasks.http.lifecycle import Shutdown, listen, url_of
from sendoff_tasks.http.server import Server
from sendoff_tasks.model.problems import MEDIA_TYPE
from sendoff_tasks.store import database as store
from tests import WITHIN
from tests.backend.driving import OWN_TASKS
from tests.looking import eventually

PORT = 8765
TOKEN = "a-token-of-this-launch"
CONNECTIONS = 32
"""The most that are open at once where the application is served."""


@pytest.fixture
def anyio_backend() -> str:
    """Run coroutines on asyncio, as the backend does."""
    return "asyncio"


def client_of(app: ASGIApp, token: str | None = TOKEN) -> httpx.AsyncClient:
    """Give a client that talks to the application itself, as the window would over a socket.

    The answer to each request of a test must be one that the API's description has.
    """

    async def is_described(answer: httpx.Response) -> None:
        request = answer.request
        scope = {"type": "http", "method": request.method, "path": request.url.path}
        for route in getattr(app, "routes", ()):
            if isinstance(route, APIRoute) and route.matches(scope)[0] is Match.FULL:
                described = route.responses or {answer.status_code}
                assert answer.status_code in described, f"{request.method} {route.path}"
                return

    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app, raise_app_exceptions=False),
        base_url=f"http://127.0.0.1:{PORT}",
        headers={"Authorization": f"Bearer {token}"} if token else {},
        event_hooks={"response": [is_described]},
    )


@pytest.fixture
def folder(tmp_path: Path) -> OfficeFolder:
    """Make an empty data folder."""
    data = OfficeFolder(tmp_path / "data")
    data.create()
    return data


@pytest.fixture
def marks(folder: OfficeFolder) -> Path:
    """Put ``OWN_TASKS`` into the data folder; returns where they leave their marks."""
    marks = folder.root / "marks"
    (folder.tasks / "own.py").write_text(OWN_TASKS.format(marks=str(marks)))
    return marks


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str | None:
    """Give the address of an empty database, where tests run on a server's; else it is a file."""
    if request.config.getoption("--store") == "postgres":
        return str(request.getfixturevalue("server").database())
    return None


@pytest.fixture
def in_folder(database: str | None) -> None:
    """Skip a test of what only a folder has: its store's file, settings that are typed there."""
    if database is not None:
        pytest.skip("on a server nothing of this is in the folder")


@contextmanager
def services_on(folder: OfficeFolder, database: str | None) -> Iterator[Services]:
    """Run the backend's real services, with a few tasks to try them on.

    Installed packages bring none: to look for them is a fifth of such a start. Nothing is synced:
    the machine's power stays on.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plugins, "entry_points", lambda **_: ())
        patch.setattr(store, "SYNCHRONOUS", "OFF")
        with running_services(folder, database) as running:
            running.registry.add(nothing)
            running.registry.add(broken)
            yield running


@pytest.fixture
def services(folder: OfficeFolder, database: str | None) -> Iterator[Services]:
    """Run the services for one test."""
    with services_on(folder, database) as running:
        yield running


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Run services for all tests of a module that only have something refused."""
    folder = OfficeFolder(tmp_path_factory.mktemp("standing"))
    folder.create()
    with services_on(folder, None) as running:
        yield running


@pytest.fixture
async def refusing(standing: Services, anyio_backend: str) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client of the services that stand."""
    async with client_of(create_app(standing, token=TOKEN, port=PORT)) as talking:
        yield talking


@pytest.fixture
def kept(services: Services) -> Files:
    """Give what is kept beside the tasks: in the folder, or in their database."""
    return services.letters.files


def outbox(kept: Files) -> list[str]:
    """Read the messages of practice mode."""
    folder = kept.below(OUTBOX)
    return [folder.read(name).decode() for name in folder.names()]


@pytest.fixture
async def client(services: Services, anyio_backend: str) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client of the whole application."""
    async with client_of(create_app(services, token=TOKEN, port=PORT)) as talking:
        yield talking


@task(name="nothing")
def nothing(*_: object) -> str:
    """Do nothing."""
    return "done"


@task(name="broken", retry=Retry(attempts=1))
def broken(*_: object) -> None:
    """Fail at once."""
    raise ValueError("it is broken")


@dataclass
class Gate:
    """A task that has begun and goes on when it is let."""

    begun: threading.Event = field(default_factory=threading.Event)
    let: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def gate(services: Services) -> Iterator[Gate]:
    """Register a task named ``gated`` that waits at the gate."""
    gate = Gate()

    @task(name="gated")
    def gated(*_: object) -> None:
        gate.begun.set()
        assert gate.let.wait(WITHIN)

    services.registry.add(gated)
    yield gate
    gate.let.set()


def settled(services: Services, task_id: int, *states: str) -> OfficeTask:
    """Wait until a task is in one of these states; the end of any, where none is named."""
    ends = states or ("succeeded", "failed", "cancelled", "uncertain")

    def look() -> OfficeTask | None:
        found = office_task(services.engine.task(task_id))
        return found if found["state"] in ends else None

    return eventually(look)


def eventually_batch(services: Services, number: int, done: Callable[[Batch], bool]) -> Batch:
    """Wait until a batch is as it should be."""

    def look() -> Batch | None:
        found = services.batches.get(number)
        return found if done(found) else None

    return eventually(look)


def bad_paths(answer: httpx.Response) -> list[str]:
    """Give the paths of a 422's bad fields, after a look at the problem itself."""
    assert answer.status_code == 422, answer.text
    problem = answer.json()
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert problem["status"] == 422
    assert all(error["message"].endswith(".") for error in problem["errors"])
    return [error["path"] for error in problem["errors"]]


def task_ids(answer: httpx.Response) -> list[int]:
    """Read ``X-Task-Ids``."""
    return [int(number) for number in answer.headers["X-Task-Ids"].split(",")]


@pytest.fixture
def served(services: Services) -> Iterator[Served]:
    """Serve the application on a real socket, from a thread of its own."""
    listener = listen("127.0.0.1", 0)
    app = create_app(services, token=TOKEN, port=listener.getsockname()[1])
    shutdown, ready = Shutdown(), threading.Event()
    server = Server(
        app, shutdown, on_ready=ready.set, on_drain=services.streams.drain, connections=CONNECTIONS
    )
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    assert ready.wait(WITHIN)
    yield Served(url_of(listener), shutdown, thread)
    shutdown.ask()
    thread.join(WITHIN)
    assert not thread.is_alive()


@dataclass(frozen=True)
class Served:
    """Where the application is served, and how to end that."""

    url: str
    shutdown: Shutdown
    thread: threading.Thread

    def client(self) -> httpx.Client:
        """Give a client with the token."""
        headers = {"Authorization": f"Bearer {TOKEN}"}
        return httpx.Client(
            base_url=self.url,
            headers=headers,
            trust_env=False,
            verify=False,  # noqa: S501 - as in ``driving``
            timeout=WITHIN,
        )


async def attach(client: httpx.AsyncClient, template: str, file: str, content: bytes) -> None:
    """Store a file for a template, and write the template with it."""
    place = f"/templates/{template}"
    stored = (await client.put(f"{place}/attachments/{file}", content=content)).json()
    now = (await client.get(place)).json()
    files = [each["file"] for each in [*now["attachments"], stored]]
    parts = {"parts": {**now["parts"], "attachments": files}}
    (await client.put(place, json=parts)).raise_for_status()
