"""Durable tasks in a FastAPI app: a real server that is really killed."""

from __future__ import annotations

import asyncio
import math
import os
import signal
import subprocess
import sys
from code import InteractiveInterpreter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from datetime import timedelta
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import httpx
import pytest
from anyio import from_thread
from fastapi import FastAPI

from sendoff_tasks import stand_ins as testing
from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.facade.running_engine import EngineConfig
from sendoff_tasks.fastapi import AppRegistry, DurableTasks, install, submitting
from sendoff_tasks.fastapi.installing import IN_LANE, heard_signals, installed_engine
from sendoff_tasks.fastapi.monitoring import address_of
from sendoff_tasks.folder.lock_file import LockFile
from sendoff_tasks.folder.paths import DataFolder
from sendoff_tasks.functions.registry import Registry
from sendoff_tasks.processes import sharing
from sendoff_tasks.store.errors import StoreError, StoreInUse
from sendoff_tasks.words.table import ENGLISH
from tests import WITHIN
from tests.engine.lanes import tasks
from tests.engine.processes.looking import later
from tests.engine.survival.shop_process import Shop, open_shop

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("app_alone")]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with open_shop(tmp_path_factory.mktemp("shop")) as shop:
        yield shop


def test_a_task_runs_once_the_request_is_over(shop: Shop) -> None:
    response = shop.post("/items/42")
    assert (response.status_code, response.json()) == (200, {"item_id": 42})
    assert shop.said() == "receipt 42"


def test_a_task_in_a_process_of_its_own_adds_and_reads_tasks(shop: Shop) -> None:
    assert shop.post("/branches/ada").status_code == 200
    assert {shop.said(), shop.said()} == {"hello ada", "hello all!"}


def test_a_process_that_a_task_forks_adds_tasks_as_a_script_does(shop: Shop) -> None:
    assert shop.post("/forks/ada").status_code == 200
    assert shop.said() == "hello ada in a fork"


def test_what_cannot_be_committed_fails_the_request_with_503(shop: Shop) -> None:
    shop.post("/disk/full")
    response = shop.post("/items/1")
    shop.post("/disk/free")
    assert response.status_code == 503
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["retry-after"] == "2"
    assert response.json()["status"] == 503
    assert response.json()["detail"]
    assert shop.post("/items/2").status_code == 200
    assert shop.said() == "receipt 2"


def test_a_new_process_submits_to_the_one_that_still_stops_and_then_takes_over(
    tmp_path: Path,
) -> None:
    with open_shop(tmp_path) as old:
        assert old.post("/waits").status_code == 200
        assert old.said() == "waiting"
        with open_shop(tmp_path) as new:  # as gunicorn does at a reload: start, then stop
            old.process.terminate()
            assert old.said() == "closed", "its own lifespan is kept"
            assert new.post("/items/3").status_code == 200
            (tmp_path / "go").touch()
            assert old.process.wait(WITHIN) in (0, -signal.SIGTERM)
            assert new.post("/items/4").status_code == 200
            ran = [*old.process.stdout, new.said().encode()]  # type: ignore[misc]
            if b"receipt 3\n" not in ran:  # it came before the old one began to drain
                ran.append(new.said().encode())
    assert {line.decode().strip() for line in ran} == {"went", "receipt 3", "receipt 4"}


def test_a_folder_that_another_program_has_is_left_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharing, "PATIENCE_S", 0.05)
    app = FastAPI()
    install(app, data_dir=tmp_path)
    other = LockFile(DataFolder(tmp_path).backend_lock)
    assert other.take()

    async def start() -> None:
        async with app.router.lifespan_context(app):
            raise AssertionError

    with pytest.raises(StoreInUse, match="already in use by this process"):
        asyncio.run(start())
    other.release()


APP = """
from fastapi import FastAPI
from sendoff_tasks.fastapi import install, submitting
app = FastAPI()
engine = install(app, data_dir=DATA, monitor=False)
"""


def app_of(file: Path, name: str, data: str = "data") -> FastAPI:
    """Import an app from a file, as a module of this name."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(APP.replace("DATA", repr(data)))
    spec = spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    found: FastAPI = module.app
    return found


def folder_of(app: FastAPI) -> Path:
    database = installed_engine(app).config.database
    assert isinstance(database, Path)
    return database.parent


def test_a_relative_folder_is_beside_the_file_that_installs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert folder_of(app_of(tmp_path / "srv" / "shop.py", "shop")) == tmp_path / "srv" / "data"
    absolute = app_of(tmp_path / "srv" / "shop.py", "shop", str(tmp_path / "kept"))
    assert folder_of(absolute) == tmp_path / "kept"
    at_a_prompt: dict[str, Any] = {}
    typed = compile(APP.replace("DATA", "'data'"), "<stdin>", "exec")
    InteractiveInterpreter(at_a_prompt).runcode(typed)
    assert folder_of(at_a_prompt["app"]) == tmp_path / "data"


async def start(app: FastAPI) -> None:
    async with app.router.lifespan_context(app):
        pass


async def test_a_folder_belongs_to_one_app_whoever_comes_first(tmp_path: Path) -> None:
    shop, blog = (app_of(tmp_path / f"{name}.py", name) for name in ("shop", "blog"))
    same = app_of(tmp_path / "shop.py", "store.shop")

    async with shop.router.lifespan_context(shop):
        await start(same)
        with pytest.raises(StoreError, match="has the tasks of shop, and this app is blog"):
            await start(blog)
    with pytest.raises(StoreError, match="give it another data_dir"):
        await start(blog)
    with pytest.raises(StoreError, match="of shop"), submitting(blog):
        pass
    DataFolder(tmp_path / "data").app_mark.unlink()
    await start(blog)
    with pytest.raises(StoreError, match="has the tasks of blog"):
        await start(shop)


def test_a_folder_marked_without_a_name_belongs_to_the_next_app(tmp_path: Path) -> None:
    shop, blog = (app_of(tmp_path / f"{name}.py", name) for name in ("shop", "blog"))
    asyncio.run(start(shop))
    DataFolder(tmp_path / "data").app_mark.write_bytes(b"")
    asyncio.run(start(blog))
    with pytest.raises(StoreError, match="has the tasks of blog"):
        asyncio.run(start(shop))


@pytest.mark.parametrize("wanted", [True, False])
async def test_a_monitor_of_its_own_is_made_before_the_engine_starts_and_leaves_before_it_stops(
    tmp_path: Path, wanted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AppRegistry, "add_described", lambda _: None)  # other tests' modules
    seen: list[str] = []

    @contextmanager
    def watch(engine: Engine) -> Iterator[None]:
        seen.extend(queue["name"] for queue in engine.queues() if "touches" in queue["name"])
        yield
        assert engine.queues()
        seen.append("left")

    def make(
        folder: DataFolder, engine: Engine, registry: Registry
    ) -> AbstractContextManager[None]:
        seen.append(folder.root.name)
        registry.add(tasks.touches)
        return watch(engine)

    app = FastAPI()
    install(app, data_dir=tmp_path / "kept", monitor=make if wanted else False)

    async with app.router.lifespan_context(app):
        pass
    assert seen == (["kept", "tests.engine.lanes.tasks:touches", "left"] if wanted else [])


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client of an app that was started, in this process."""
    transport = httpx.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://app") as client,
    ):
        yield client


@pytest.mark.parametrize("depth", [1, 2])
async def test_a_mounted_app_adds_to_the_engine_of_the_app_it_is_in(
    tmp_path: Path, depth: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AppRegistry, "add_described", lambda _: None)  # other tests' modules
    app, within = FastAPI(), app_with_a_route()
    engine = install(app, data_dir=tmp_path, monitor=False)
    for _ in range(depth - 1):
        outer = FastAPI()
        outer.mount("/deep", within)
        within = outer
    app.mount("/v1", within)
    path = "/v1" + "/deep" * (depth - 1) + "/items/7"

    async with served(app) as client:
        first = await client.post(path)
        counts = engine.stats()["counts"]
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://app"
    ) as client:
        first, accepted, stopped = first, sum(counts.values()), await client.post(path)
    assert (first.status_code, accepted) == (200, 1)
    assert (stopped.status_code, stopped.headers["retry-after"]) == (503, "2")
    assert "tests use sendoff_tasks.testing" in stopped.json()["detail"]


def app_with_a_route() -> FastAPI:
    app = FastAPI()

    @app.post("/items/{item_id}")
    async def create_item(item_id: int, background_tasks: DurableTasks) -> None:
        background_tasks.add_task(tasks.returns, item_id)

    return app


class LoopBound:
    """Stands for a client that belongs to the loop in which it was opened."""

    loop: asyncio.AbstractEventLoop | None = None


async def uses_the_client() -> bool:
    return asyncio.get_running_loop() is LoopBound.loop


def calls_back() -> bool:
    return from_thread.run(uses_the_client) and from_thread.run_sync(asyncio.get_running_loop) is (
        LoopBound.loop
    )


def test_async_tasks_run_in_the_app_s_loop_while_its_lifespan_does(tmp_path: Path) -> None:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        LoopBound.loop = asyncio.get_running_loop()
        yield
        assert not engine.is_running
        LoopBound.loop = None

    app = FastAPI(lifespan=lifespan)
    engine = install(app, data_dir=tmp_path, monitor=False, async_tasks="app")
    with submitting(app):
        left_over = engine.add_task(uses_the_client)

    async def act() -> list[Any]:
        async with app.router.lifespan_context(app):
            added = [await engine.add_task_async(each) for each in (uses_the_client, calls_back)]
            await later(lambda: engine.stats()["counts"]["succeeded"] == 3)
            return [engine.task(ref.number)["result"] for ref in (left_over, *added)]

    assert asyncio.run(act()) == [True, True, True]


def test_a_task_in_a_thread_calls_the_app_s_loop_in_tests_too(tmp_path: Path) -> None:
    app = FastAPI()
    install(app, data_dir=tmp_path, monitor=False)
    seen: list[bool] = []

    @app.post("/")
    async def add(background_tasks: DurableTasks) -> None:
        LoopBound.loop = asyncio.get_running_loop()
        background_tasks.add_task(calls_back)

    async def act() -> None:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
            assert (await client.post("/")).status_code == 200
        seen.append(installed_engine(app).task(1)["result"] is True)

    with testing.standing_in(), testing.inline(app):
        asyncio.run(act())
    assert seen == [True]


def test_an_app_gets_one_engine(tmp_path: Path) -> None:
    app = FastAPI()
    install(app, data_dir=tmp_path)
    with pytest.raises(RuntimeError, match="has been called for this app before"):
        install(app, data_dir=tmp_path)


SCRIPT = """
import os, sys
import uvicorn
from fastapi import FastAPI
from sendoff_tasks import task
from sendoff_tasks.fastapi import DurableTasks, install

app = FastAPI()
install(app, data_dir=os.environ["SHOP_FOLDER"])


@task
def greet(name: str) -> None:
    print("hello", name, flush=True)


@app.post("/{name}")
async def create(name: str, background_tasks: DurableTasks) -> None:
    background_tasks.add_task(greet, name)


if __name__ == "__main__":
    import socket
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    uvicorn.Server(uvicorn.Config("script:app", log_level="error")).run(sockets=[listener])
"""


def test_a_script_that_serves_itself_by_its_name_has_its_tasks_once(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(SCRIPT)
    with open_shop(tmp_path, "script.py", cwd=tmp_path) as shop:
        assert shop.post("/ada").status_code == 200
        assert shop.said() == "hello ada"


DOUBLES = """
from fastapi import FastAPI
from sendoff_tasks import task
from sendoff_tasks.fastapi import DurableTasks, install

app = FastAPI()
engine = install(app, data_dir="data")


@task(lane="cpu")
def double(number: int) -> int:
    return 2 * number


@app.post("/")
async def create(background_tasks: DurableTasks) -> None:
    background_tasks.add_task(double, 1)
"""
UNGUARDED = """
import time
from fastapi.testclient import TestClient
from sendoff_tasks.model.filters import TaskFilter
import shop

with TestClient(shop.app) as client:
    client.post("/")
    while shop.engine.task(1)["state"] in ("queued", "running"):
        time.sleep(0.01)
    print(shop.engine.task(1)["error"])
    print(sum(shop.engine.counts(TaskFilter())["counts"].values()))
"""


def test_a_process_of_the_cpu_lane_does_not_start_the_app_again(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(DOUBLES)
    (tmp_path / "run.py").write_text(UNGUARDED)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "run.py"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=WITHIN,
        check=True,
    )
    how = "The task's process ended itself with exit code 1. The attempt had not begun."
    assert done.stdout.splitlines() == [f"{how} {ENGLISH.say('process', 'no_guard')}", "1"]
    assert f"RuntimeError: {IN_LANE}" in done.stderr


@pytest.fixture
def handled() -> Iterator[Callable[..., None]]:
    """Set handlers of signals; those from before come back at the end."""
    before: dict[int, Any] = {}

    def handle(number: int, handler: Any) -> None:
        before.setdefault(number, signal.signal(number, handler))

    yield handle
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_or_a_closed_terminal_is_heard_beside_the_server_that_acts_on_it(
    handled: Callable[..., None], sent: signal.Signals
) -> None:
    acted: list[int] = []
    heard: SimpleQueue[bool] = SimpleQueue()
    handled(signal.SIGTERM, lambda number, _: acted.append(number))
    handled(signal.SIGHUP, signal.SIG_DFL)  # ignored under nohup
    mine = signal.getsignal(sent)
    with heard_signals(heard.put):
        os.kill(os.getpid(), sent)
        assert heard.get(timeout=WITHIN)
    assert acted == [sent]
    assert signal.getsignal(sent) is mine


def never(*_: object) -> None:
    pytest.fail("a signal was heard")


@pytest.mark.parametrize("nobody", [signal.SIG_DFL, signal.SIG_IGN])
def test_a_signal_without_a_handler_is_left_alone(
    handled: Callable[..., None], nobody: signal.Handlers
) -> None:
    handled(signal.SIGTERM, nobody)
    with heard_signals(never):
        assert signal.getsignal(signal.SIGTERM) is nobody


def test_a_later_handler_of_the_app_stays(handled: Callable[..., None]) -> None:
    def own(*_: object) -> None: ...

    handled(signal.SIGTERM, lambda *_: None)
    with heard_signals(never):
        signal.signal(signal.SIGTERM, own)
    assert signal.getsignal(signal.SIGTERM) is own


@pytest.mark.parametrize("is_told", [False, True])
def test_a_server_that_ends_by_itself_waits_for_what_runs(
    handled: Callable[..., None], tmp_path: Path, caplog: pytest.LogCaptureFixture, is_told: bool
) -> None:
    handled(signal.SIGTERM, lambda *_: None)
    app, done = FastAPI(), tmp_path / "done"
    waits: Any = tasks.waits_for
    engine = install(app, data_dir=tmp_path / "data", monitor=False, grace=0.01)

    async def act() -> None:
        serving = app.router.lifespan_context(app)
        await serving.__aenter__()
        first = await engine.add_task_async(waits, str(done))
        await later(lambda: engine.task(first.number)["state"] == "running")
        ending = asyncio.create_task(serving.__aexit__(None, None, None))
        await later(lambda: "waiting for running tasks: 1" in caplog.text)
        second = await engine.add_task_async(tasks.returns, 1)  # of another process, for example
        await later(lambda: engine.task(second.number)["state"] == "succeeded")
        if is_told:
            os.kill(os.getpid(), signal.SIGTERM)
        else:
            done.touch()
        await ending
        done.touch()
        await asyncio.to_thread(engine.over.result)

    asyncio.run(act())
    looking = Engine(EngineConfig(tmp_path / "data" / "sendoff.db", Registry(), lanes=False))
    looking.start()
    found = looking.task(1)
    looking.stop()
    state = ("queued", "given_back") if is_told else ("succeeded", None)
    assert (found["state"], found["reason"], found["attempt"]) == (*state, 1)


NO_TOKENS = ("", "x" * 31, "é" * 32, "x" * 16 + " " + "x" * 16, " " * 32, "x" * 32 + "\0")
DATABASE = {"data_dir": None, "database": "postgresql://server/shop"}


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"io_slots": 0}, "io_slots: 0 is not a number from 1"),
        ({"async_tasks": "mine"}, "async_tasks: it is 'own' or 'app', got 'mine'"),
        ({"cpu_slots": -1}, "cpu_slots: -1 is not"),
        ({"grace": math.nan}, "grace: nan is not"),
        ({"retention": timedelta(0)}, "retention: 0:00:00 is not"),
        ({"monitor": "9108"}, "monitor: '9108' is not an address such as 127.0.0.1:9108"),
        ({"monitor": "127.0.0.1:x"}, "monitor: '127.0.0.1:x' is not an address"),
        ({"monitor": "127.0.0.1:9108/metrics"}, "is not an address such as"),
        ({"monitor": "0.0.0.0:9108"}, "0.0.0.0 is not an address of this computer alone"),
        ({"monitor": "example.org:9108"}, "example.org is not an address of this computer alone"),
        *(({"token": each}, "token= does not hold a token: 32 ") for each in NO_TOKENS),
        ({"token": "x" * 20, "monitor": False}, "token: there is no monitor"),
        ({"data_dir": None}, "Give data_dir or database"),
        (DATABASE | {"database": "sqlite:///shop.db"}, "must begin with postgresql://"),
        (DATABASE | {"monitor": "127.0.0.1:9108"}, "needs a data_dir"),
    ],
)
def test_an_option_that_cannot_work_is_a_value_error(
    options: dict[str, Any], sentence: str, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    with pytest.raises(ValueError, match=sentence.replace(".", r"\.")):
        install(FastAPI(), **{"data_dir": folder} | options)
    assert not folder.exists()


def test_a_file_is_no_data_folder(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(ValueError, match="data is a file, and tasks are kept in a folder"):
        install(FastAPI(), data_dir=tmp_path / "data")


def test_a_retention_that_is_no_time_is_a_type_error(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match=r"retention is a timedelta, .*, got 7"):
        install(FastAPI(), data_dir=tmp_path, retention=7)  # type: ignore[arg-type]


def test_an_address_is_a_host_and_a_port() -> None:
    assert address_of("127.0.0.1:9108") == ("127.0.0.1", 9108)
    assert address_of("localhost:0") == ("localhost", 0)
    assert address_of("[::1]:9108") == ("::1", 9108)
