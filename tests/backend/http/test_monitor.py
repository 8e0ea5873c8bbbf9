"""The monitor of an app's engine: what it shows, its life, its failures."""

from __future__ import annotations

import asyncio
import logging
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from sendoff_tasks.client.health import running_backend
from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.facade.running_engine import EngineConfig
from sendoff_tasks.fastapi import install
from sendoff_tasks.folder.backend_addresses import Backend, read_backend
from sendoff_tasks.folder.keys import new_secret
from sendoff_tasks.folder.lock_file import LockFile
from sendoff_tasks.folder.paths import DataFolder
from sendoff_tasks.functions.registry import Registry
from sendoff_tasks.http.lifecycle import listen
from sendoff_tasks.http.monitor import Monitor
from sendoff_tasks.model.tasks import TaskDetail, TaskFunction, TaskRow
from sendoff_tasks.store.errors import StoreError
from tests import WITHIN, forked
from tests.backend.driving import client_of
from tests.conftest import RunningBackend
from tests.engine.survival.shop_process import Shop, open_shop
from tests.looking import backend_of, eventually

pytestmark = pytest.mark.usefixtures("app_alone")


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "data")


def sendoff(data: DataFolder, *arguments: str) -> subprocess.CompletedProcess[str]:
    return forked.run([*arguments, "--data-dir", str(data.root)])


def leave(shop: Shop) -> None:
    shop.process.terminate()
    shop.process.wait(WITHIN)


def test_the_window_s_client_steers_the_app_s_tasks_and_schedules_them_by_name_alone(
    tmp_path: Path, data: DataFolder
) -> None:
    with open_shop(tmp_path) as shop, client_of(backend := backend_of(data)) as client:
        with httpx.Client(base_url=backend.url, trust_env=False) as anybody:
            assert anybody.get("/tasks").status_code == 401
        task = client.post("/tasks", json={"task": "send_receipt", "args": [9]}).json()
        assert shop.said() == "receipt 9"
        assert task["title"] == "Receipt: 9"
        answer = client.post("/tasks", json={"task": "os:getpid"})
        shop.post("/waits")
        assert shop.said() == "waiting"
        row = client.get("/tasks").json()["tasks"][0]
        assert (row["task"], row["state"]) == ("tests.engine.survival.shop:wait_for_go", "running")
        client.post(f"/tasks/{row['id']}/cancel")
        (tmp_path / "go").touch()
        eventually(lambda: client.get(f"/tasks/{row['id']}").json()["state"] != "running")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["message"] == "There is no task named “os:getpid”."


def test_tasks_of_an_app_are_told_and_searched_without_words_of_the_office(
    tmp_path: Path, data: DataFolder
) -> None:
    with open_shop(tmp_path), client_of(backend_of(data)) as client:
        task = client.post("/tasks", json={"task": "send_receipt", "args": [9]}).json()
        detail = client.get(f"/tasks/{task['id']}").json()
        functions = client.get("/functions").json()["functions"]
        refused = [
            client.post("/tasks", json={"task": "send_receipt", "args": [9], "item_id": 1}),
            *(client.get(f"/tasks?{asked}") for asked in ("item_id=1", "to=ada", "sort=to")),
        ]
    assert {*task} == {*TaskRow.__annotations__}
    assert {*detail} == {*TaskDetail.__annotations__}
    assert all({*each} == {*TaskFunction.__annotations__} for each in functions)
    assert [answer.status_code for answer in refused] == [422] * 4


def test_the_shell_speaks_to_it_and_neither_it_nor_serve_does_without_the_app(
    tmp_path: Path, data: DataFolder
) -> None:
    with open_shop(tmp_path) as shop:
        assert backend_of(data).pid == shop.process.pid
        assert stat.S_IMODE(data.backend_file.stat().st_mode) == 0o600
        assert stat.S_IMODE(data.app_mark.stat().st_mode) == 0o600
        shop.post("/items/3")
        assert shop.said() == "receipt 3"
        assert "Receipt" in sendoff(data, "tasks").stdout
        submitted = sendoff(data, "submit", "--name", "Ada", "--to", "ada@example.org")
        assert (submitted.returncode, submitted.stdout) == (1, "")
        assert "takes neither items" in submitted.stderr
        refused = sendoff(data, "serve")
        assert refused.returncode == 1
        running = f"is already running on {data.root}, as process {shop.process.pid}; use"
        assert running in refused.stderr
        leave(shop)
        assert not data.backend_file.exists()
    away = "The app that these tasks belong to is not running, or runs without its monitor."
    copy = "`sendoff monitor` shows a copy of them."
    assert sendoff(data, "tasks").stderr == f"{away} {copy}\n"
    for arguments in ([], ["--database", f"sqlite:///{data.db}"]):
        folder = data if not arguments else DataFolder(tmp_path / "another")
        refused = sendoff(folder, "serve", *arguments)
        assert refused.returncode == 1
        assert refused.stderr == f"The tasks in {data.db} belong to an app: start that app.\n"


def test_a_second_process_that_takes_over_lets_the_window_in(
    tmp_path: Path, data: DataFolder
) -> None:
    with open_shop(tmp_path) as shop, open_shop(tmp_path) as second:
        assert second.post("/items/1").status_code == 200
        assert shop.said() == "receipt 1"
        first = backend_of(data)
        assert first.pid == shop.process.pid
        shop.process.kill()
        assert second.post("/items/2").status_code == 200
        while (said := second.said()) != "receipt 2":
            assert said == "receipt 1"  # its end was not on disk yet

        def second_s() -> Backend | None:
            found = running_backend(data)
            return found if found and found.pid == second.process.pid else None

        assert eventually(second_s).token != first.token


GREET = """
from sendoff_tasks import task
from tests.engine.survival.shop import note

@task
def greet_twice(name):
    note(f"hello {name}")
    note(f"hello again {name}")
"""


def test_the_folder_s_own_tasks_are_the_app_s_too_and_followed(
    tmp_path: Path, data: DataFolder
) -> None:
    data.create()
    (data.tasks / "own.py").write_text(GREET)
    with open_shop(tmp_path) as shop, client_of(backend_of(data)) as client:
        client.post("/tasks", json={"task": "greet_twice", "args": ["ada"]})
        assert [shop.said(), shop.said()] == ["hello ada", "hello again ada"]
        (data.tasks / "own.py").write_text("def broken(:")
        told = "The tasks in own.py cannot be used: line 1: invalid syntax."
        with client.stream("GET", "/events") as events:
            assert any(told in line for line in events.iter_lines())
        refused = client.post("/tasks", json={"task": "greet_twice", "args": ["bo"]})
        (error,) = refused.json()["errors"]
        assert (error["path"], error["reason"]) == ("task", "function.unusable")
        with client.stream("GET", "/events") as events:
            lines = events.iter_lines()
            next(lines)
            leave(shop)  # an open stream does not hold it up
            for _ in lines:
                pass


def test_sendoff_s_own_items_are_not_handed_to_an_app(
    tmp_path: Path, data: DataFolder, backends: Callable[[Path], RunningBackend]
) -> None:
    own = backends(data.root)
    with client_of(own.backend) as client:
        client.post("/items", json={"recipient": {"email": "ada@example.org"}})
    own.stop()
    app = FastAPI()
    install(app, data_dir=data.root)
    with pytest.raises(StoreError, match="belongs to another program"):
        asyncio.run(live(app))
    assert not data.app_mark.exists()
    assert backends(data.root).stop() == 0


async def live(app: FastAPI) -> None:
    """Start the app and end it, as a server does."""
    async with app.router.lifespan_context(app):
        pass


def test_what_keeps_it_from_being_found_is_logged_and_tried_again(
    data: DataFolder, caplog: pytest.LogCaptureFixture
) -> None:
    data.create()
    data.backend_file.mkdir()  # so it cannot be written
    engine = Engine(EngineConfig(data.db, Registry()))
    engine.start()
    with Monitor(data, engine, Registry()):
        eventually(lambda: f"Could not open the monitor of {data.root}" in caplog.text)
        assert engine.stats()["counts"]["queued"] == 0
        data.backend_file.rmdir()
        backend = eventually(lambda: read_backend(data.backend_file))
        assert httpx.get(f"{backend.url}/health").status_code == 200
    assert caplog.text.count("Could not open the monitor") == 1
    engine.stop()


def test_the_access_log_is_the_app_s_own(
    data: DataFolder, caplog: pytest.LogCaptureFixture
) -> None:
    access = logging.getLogger("uvicorn.access")
    caplog.set_level(logging.INFO, access.name)
    data.create()
    engine = Engine(EngineConfig(data.db, Registry()))
    engine.start()
    with Monitor(data, engine, Registry()):
        backend = eventually(lambda: read_backend(data.backend_file))
        assert httpx.get(f"{backend.url}/health").status_code == 200
        access.info("what the app's server answers")
    engine.stop()
    records = [record.message for record in caplog.records if record.name == access.name]
    assert records == ["what the app's server answers"]


def test_it_waits_for_an_address_that_is_taken_and_asks_for_the_token_it_was_given(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    taken = listen("127.0.0.1", 0)
    port = taken.getsockname()[1]
    app = FastAPI()
    monitor, token = f"127.0.0.1:{port}", new_secret()
    install(app, data_dir=tmp_path, monitor=monitor, token=token, io_slots=2, grace=1)

    async def scrape() -> httpx.Response:
        async with app.router.lifespan_context(app):
            await asyncio.to_thread(eventually, lambda: f"Port {port} is taken" in caplog.text)
            taken.close()
            backend = await asyncio.to_thread(backend_of, DataFolder(tmp_path))
            headers = {"Authorization": f"Bearer {token}"}
            async with httpx.AsyncClient(base_url=backend.url, headers=headers) as client:
                return await client.get(f"http://{monitor}/metrics")

    answer = asyncio.run(scrape())
    assert answer.status_code == 200
    assert 'sendoff_lane_slots{lane="io"} 2' in answer.text.splitlines()


def test_an_app_may_be_started_again_and_without_a_monitor(data: DataFolder) -> None:
    app = FastAPI()
    install(app, data_dir=data.root, monitor=False)
    for _ in range(2):
        asyncio.run(live(app))
    assert not data.backend_file.exists()
    lock = LockFile(data.backend_lock)
    assert lock.take()
    lock.release()
