"""``sendoff move``: a folder's tasks are on the server as they were, all of them or none."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from typing import Any

import httpx
import pytest

from desktop import cli
from desktop.backend.application import create_app
from desktop.backend.composition import running_services
from desktop.backend.services import Services
from desktop.mail.files import STORED_FILES
from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.fastapi.monitoring import mark
from sendoff_tasks.postgres.files import stored_files
from sendoff_tasks.store.errors import StoreError
from tests.backend.conftest import PORT, TOKEN, attach, broken, client_of, nothing, settled
from tests.looking import eventually
from tests.mail.templates.test_template import with_text

pytestmark = pytest.mark.anyio
ADA = {"recipient": {"name": "Ada", "email": "ada@example.org"}, "title": "Tosca"}
PAGES = (
    *("/tasks", "/tasks?text=tosca", "/tasks?text=kept", "/tasks/2", "/items", "/queues"),
    *("/causes", "/batches", "/schedules", "/settings", "/templates", "/templates/note"),
)


@pytest.fixture
def database(server: Any) -> str:
    return str(server.database())


async def pages(client: httpx.AsyncClient) -> dict[str, Any]:
    """Read what is shown; what only this process knows is left out."""
    found = {}
    for page in PAGES:
        answer = await client.get(page)
        assert answer.status_code == 200, answer.text
        found[page] = {k: v for k, v in answer.json().items() if k != "as_of"}
    return found


async def fill(client: httpx.AsyncClient, services: Services) -> None:
    for function in (nothing, broken):
        services.registry.add(function)
    await client.post("/queues/mail/pause")
    await client.put("/settings", json={"mail": {"sender": "Desk <desk@example.org>"}})
    await client.put("/templates/note", json={"source": with_text("Dear {{ name }}")})
    await attach(client, "note", "plan.pdf", b"the plan")
    await client.post("/items/7", json={**ADA, "fields": {"Seat": "kept for Grace"}})
    failed = (await client.post("/tasks", json={"task": "broken", "args": ["a\0b"]})).json()["id"]
    settled(services, failed)
    await client.post("/tasks", json={"task": "nothing", "delay": 600, "key": "once"})
    await client.post("/batches", json={"name": "Renewals", "key": ["email", "title"]})
    await client.put("/batches/1/attachments/seats.pdf", content=b"the seats")
    await client.put("/attachments/ticket.pdf", content=b"the ticket")
    gone = (await client.post("/tasks", json={"task": "nothing"})).json()["id"]
    settled(services, gone)
    await client.post("/tasks/bulk", json={"action": "remove", "ids": [gone]})


def sendoff_move(folder: OfficeFolder, url: str) -> int:
    return cli.run(["move", "--data-dir", str(folder.root), "--to", url])


def is_free(database: str) -> bool:
    """Tell whether the server has noticed that the last move has ended."""
    import psycopg

    with psycopg.connect(database) as session:
        held = (
            b"SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND database = "
            b"(SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        return session.execute(held).fetchone() is None


def said(reason: str, folder: OfficeFolder, **data: object) -> str:
    return str(StoreError(f"move.{reason}", folder=folder.root, **data))


async def test_all_is_there_as_it_was_and_goes_on(
    folder: OfficeFolder,
    database: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with running_services(folder, None) as services:
        async with client_of(create_app(services, token=TOKEN, port=PORT)) as client:
            await fill(client, services)
            before = await pages(client)
        assert sendoff_move(folder, database) == 1
        assert said("in_use", folder, holder=os.getpid()) in capsys.readouterr().err

    def cut_short(*_: object) -> None:
        raise KeyboardInterrupt

    def lose_an_item(connection: Any, _: object) -> None:
        connection.execute("DELETE FROM items")

    with monkeypatch.context() as patch:
        patch.setattr("sendoff_tasks.postgres.moving._continue_numbers", lose_an_item)
        assert sendoff_move(folder, database) == 1
    assert "The rows of items differ" in capsys.readouterr().err
    eventually(lambda: is_free(database))
    for step in ("postgres.moving._make_words", "facade.opening.write_atomic"):
        with monkeypatch.context() as patch:
            patch.setattr(f"sendoff_tasks.{step}", cut_short)
            with pytest.raises(KeyboardInterrupt):
                sendoff_move(folder, database)
            eventually(lambda: is_free(database))
    assert folder.db.exists()
    assert sendoff_move(folder, database) == 0
    assert "1 items, 3 tasks and 7 files were moved; " in capsys.readouterr().out
    assert not folder.db.exists()
    assert list(stored_files(folder.root, STORED_FILES)) == []
    assert sendoff_move(folder, database) == 1
    assert said("moved", folder) in capsys.readouterr().err
    with pytest.raises(StoreError) as refused:
        mark(folder, "shop")
    assert refused.value.refusal == "app.on_server"
    eventually(lambda: is_free(database))
    with running_services(folder, database) as services:
        for function in (nothing, broken):
            services.registry.add(function)
        assert services.letters.batch_files.attachment(1, "seats.pdf") == b"the seats"
        async with client_of(create_app(services, token=TOKEN, port=PORT)) as client:
            assert await pages(client) == before
            assert (await client.post("/items", json=ADA)).json() == {"item_id": 8}
            await client.post("/queues/mail/resume")
            assert settled(services, 1)["state"] == "succeeded"
            added = (await client.post("/tasks", json={"task": "nothing"})).json()
            assert added["id"] > 5


async def test_a_database_with_tasks_and_one_that_has_changed_since_are_refused(
    folder: OfficeFolder, database: str, server: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    with running_services(folder, None) as services:
        async with client_of(create_app(services, token=TOKEN, port=PORT)) as client:
            await fill(client, services)
    moved = folder.db.with_name("sendoff.db.moved")
    with closing(sqlite3.connect(folder.db)) as connection, connection:
        connection.execute("UPDATE tasks SET title = 'a' || char(0) WHERE id = 1")
    assert sendoff_move(folder, database) == 0
    assert "stores none: 1." in capsys.readouterr().out
    moved.rename(folder.db)
    folder.settings_file.write_text("[mail]\n")
    eventually(lambda: is_free(database))
    assert sendoff_move(folder, database) == 1
    assert "have changed since" in capsys.readouterr().err
    shutil.copytree(folder.root / "moved", folder.root, dirs_exist_ok=True)
    with closing(sqlite3.connect(folder.db)) as connection, connection:
        connection.execute("UPDATE items SET body = '{}'")
    eventually(lambda: is_free(database))
    assert sendoff_move(folder, database) == 1
    assert "have changed since" in capsys.readouterr().err
    with closing(sqlite3.connect(folder.db)) as connection, connection:
        connection.execute("UPDATE meta SET value = 'another' WHERE key = 'store'")
    eventually(lambda: is_free(database))
    assert sendoff_move(folder, database) == 1
    assert "has tasks or files already" in capsys.readouterr().err
    assert sendoff_move(folder, database.replace("/tests_", "/none_")) == 1
    assert "does not exist" in capsys.readouterr().err
    folder.server_mark.unlink()
    assert sendoff_move(folder, str(server.database())) == 0
    folder.server_mark.unlink()
    assert sendoff_move(folder, database) == 1
    assert said("nothing", folder) in capsys.readouterr().err
