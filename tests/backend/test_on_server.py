"""A backend on a server's database: routes and files are on it; it ends once that is taken."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from desktop.backend import composition, on_server
from desktop.backend.application import create_app
from desktop.backend.composition import running_services
from desktop.backend.on_server import DatabaseWatch, LoopThread
from desktop.backend.services import Services
from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.errors import NotWritable
from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.facade.opening import APP, reserve
from sendoff_tasks.facade.running_engine import EngineConfig
from sendoff_tasks.folder.backend_addresses import read_backend
from sendoff_tasks.functions.registry import Registry
from sendoff_tasks.http.lifecycle import StartError
from sendoff_tasks.http.routes import events
from sendoff_tasks.model.events import NoticeId
from sendoff_tasks.model.states import State
from sendoff_tasks.model.tasks import ID_LIMIT
from sendoff_tasks.store.errors import StoreError
from sendoff_tasks.words.table import ENGLISH
from tests import WITHIN, forked
from tests.backend.conftest import PORT, TOKEN, Served, attach, client_of, settled, task_ids
from tests.backend.driving import client_of as client_at
from tests.backend.driving import wait_for
from tests.backend.http.routes.test_events import (
    listening,
    schedule,
    tells,
    test_each_stream_says_at_first_and_each_time_how_far_the_search_has_followed,
    until,
)
from tests.backend.http.routes.test_task_actions import test_a_filter_means_all_that_match
from tests.backend.http.routes.test_tasks import (
    test_failures_of_three_causes_are_three_rows_each_retried_by_itself,
)
from tests.backend.routes.test_batches import test_a_batch_is_sent_once_whole_and_told_to_its_end
from tests.backend.routes.test_templates import (
    test_the_messages_that_need_a_template_are_counted,
)
from tests.looking import eventually
from tests.mail.templates.test_template import with_text

__all__ = [
    "test_a_batch_is_sent_once_whole_and_told_to_its_end",
    "test_a_filter_means_all_that_match",
    "test_each_stream_says_at_first_and_each_time_how_far_the_search_has_followed",
    "test_failures_of_three_causes_are_three_rows_each_retried_by_itself",
    "test_the_messages_that_need_a_template_are_counted",
]
pytestmark = pytest.mark.anyio


@pytest.fixture
def database(server: Any) -> str:
    return str(server.database())


async def test_another_backend_goes_on_with_the_items(folder: OfficeFolder, database: str) -> None:
    ada = {"recipient": {"email": "ada@example.org"}}
    for number, runs in ((1, False), (ID_LIMIT, True)):
        with running_services(folder, database) as services:
            (services.engine.resume if runs else services.engine.pause)(None).result()
            async with client_of(create_app(services, token=TOKEN, port=PORT)) as client:
                (task_id,) = task_ids(await client.post(f"/items/{number}", json=ada))
                if runs:
                    assert settled(services, task_id)["state"] == "succeeded"
                    assert settled(services, 1)["state"] == "succeeded"
                    page = (await client.get("/items")).json()
                    assert [item["item_id"] for item in page["items"]] == [ID_LIMIT, 1]


def test_what_was_read_before_the_server_went_back_is_read_again(
    folder: OfficeFolder, database: str
) -> None:
    """The server gives the stamps of lost files once more."""
    from tests.engine.postgres.past import Past

    with running_services(folder, database) as services:
        files = services.letters.files
        past = Past(database)
        files.write("templates/new.jinja", b"lost")
        assert (files.read("templates/new.jinja"), files.has("templates/new.jinja")) == (b"lost", 1)
        services.engine.pause(None).result(WITHIN)
        past.put_back()
        eventually(
            lambda: NoticeId.RESTORED in {each["id"] for each in services.engine.board.active}
        )
        assert not files.has("templates/new.jinja")
        files.write("templates/new.jinja", b"new")
        assert files.read("templates/new.jinja") == b"new"


def test_another_process_that_has_taken_the_database_ends_it(
    folder: OfficeFolder, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psycopg

    from sendoff_tasks.postgres.writer_store import HOLDER, LOCK

    monkeypatch.setattr(on_server, "ASK_EVERY", 0.05)
    ended = threading.Event()
    with (
        running_services(folder, database, on_failure=ended.set),
        psycopg.connect(database, autocommit=True) as other,
        psycopg.connect(database, autocommit=True) as admin,
    ):
        other.execute("SET application_name = 'another'")
        taking = threading.Thread(
            target=other.execute, args=("SELECT pg_advisory_lock(%s)", (LOCK,))
        )
        taking.start()
        waits = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        eventually(lambda: admin.execute(waits).fetchone() != (0,))
        holder = admin.execute(HOLDER, (LOCK,)).fetchone()
        assert holder is not None
        admin.execute("SELECT pg_terminate_backend(%s, 60000)", (holder[0],))
        assert ended.wait(WITHIN)
        taking.join()


begun, released = threading.Event(), threading.Event()


def endless() -> None:
    begun.set()
    released.wait()


async def test_once_another_process_has_the_database_no_setting_is_kept_and_it_ends(
    folder: OfficeFolder, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psycopg

    monkeypatch.setattr(on_server, "ASK_EVERY", 1000.0)
    monkeypatch.setattr(composition, "GRACE", 1000.0)
    ended = threading.Event()
    with running_services(folder, database, on_failure=ended.set) as services:
        services.registry.add(endless)
        await services.engine.add_task_async(endless)
        assert await asyncio.to_thread(begun.wait, WITHIN)
        async with client_of(create_app(services, token=TOKEN, port=PORT)) as client:

            async def put(seconds: int) -> httpx.Response:
                return await client.put("/settings", json={"window": {"grace_seconds": seconds}})

            assert (await put(16)).status_code == 200
            with psycopg.connect(database, autocommit=True) as other:
                kept = "SELECT content FROM sendoff.files WHERE path = 'settings.toml'"
                before = other.execute(kept).fetchone()
                other.execute("UPDATE sendoff.meta SET value = value::int + 1 WHERE key = 'term'")
                refused = await put(17)
                assert (refused.status_code, refused.json()["refusal"]) == (503, "database.taken")
                assert before is not None
                assert other.execute(kept).fetchone() == before
            assert ended.wait(WITHIN)
    released.set()  # what is lost had no grace


def refusal(folder: OfficeFolder, database: str | None) -> str:
    with pytest.raises(StartError) as refused, running_services(folder, database):
        pass
    return str(refused.value)


def test_what_would_leave_tasks_behind_or_run_an_app_s_is_refused(
    folder: OfficeFolder, database: str, tmp_path: Path, server: Any
) -> None:
    other = OfficeFolder(tmp_path / "other")
    other.create()
    with running_services(folder, database):
        here = f"process {os.getpid()} on {socket.gethostname()[:30]}"
        said = f"The tasks of this database are run by {here}. End it first."
        assert refusal(other, database) == said
        assert "does not exist" in refusal(other, database.replace("/tests_", "/none_"))
    assert refusal(folder, None) == ENGLISH.say("background", "on_server", folder=folder.root)
    with running_services(other, None):
        pass
    assert refusal(other, database) == ENGLISH.say("background", "has_tasks", file=other.db)
    with pytest.raises(StoreError, match="another database"):
        reserve(database, APP)
    apps = server.database()
    engine = Engine(EngineConfig(apps, Registry(), lanes=False))
    engine.start()
    engine.stop()
    reserve(apps, APP)
    assert "belong to an app" in refusal(folder, apps)


def test_serve_answers_on_it_until_it_is_stopped(database: str, tmp_path: Path) -> None:
    data = OfficeFolder(tmp_path / "data")
    serve = ["serve", "--parent-pipe", "--data-dir", str(data.root), "--database", database]
    process = forked.start(serve)
    assert process.stdout is not None
    assert process.stdin is not None
    line = json.loads(process.stdout.readline())
    backend = read_backend(data.backend_file)
    assert backend is not None
    assert backend.url == line["url"]
    with client_at(backend) as client:
        sent = {"recipient": {"email": "ada@example.org"}}
        assert client.post("/items/1", json=sent).json() == {"item_id": 1}
        wait_for(client, 1, "succeeded")
    process.stdin.close()
    assert process.wait(WITHIN) == 0
    process.stdout.close()
    done = forked.run(["doctor", "--data-dir", str(data.root)])
    assert f"{ENGLISH.say('doctor', 'on_server')}\n" in done.stdout
    done = forked.run(["doctor", "--restore", "--data-dir", str(data.root)])
    assert (done.returncode, done.stderr) == (1, f"{ENGLISH.say('doctor', 'not_here')}\n")
    done = forked.run(["tasks", "--data-dir", str(data.root)])
    start = "`sendoff serve --database URL`"
    said = ENGLISH.say("session", "server_away", start=start)
    assert (done.returncode, done.stderr) == (1, f"{said}\n")
    done = forked.run(["serve", "--data-dir", str(data.root)])
    said = ENGLISH.say("background", "on_server", folder=data.root)
    assert (done.returncode, done.stderr) == (1, f"{said}\n")
    done = forked.run(["serve", "--data-dir", str(data.root), "--database", "mysql://u:secret@h/d"])
    assert done.returncode == 2
    assert "postgresql://" in done.stderr
    assert "secret" not in done.stderr


def test_it_shows_life_while_a_statement_of_its_writer_waits(
    folder: OfficeFolder, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psycopg

    from sendoff_tasks.processes import workers
    from sendoff_tasks.processes.server_link import SIGN_OF_LIFE

    monkeypatch.setattr(workers, "LOOK_S", 0.01)
    waits = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    with (
        running_services(folder, database) as services,
        psycopg.connect(database, autocommit=True) as admin,
        psycopg.connect(database) as locking,
    ):

        def last_asked() -> Any:
            return admin.execute(
                "SELECT max(query_start) FROM pg_stat_activity"
                " WHERE query = %s AND application_name = %s",
                (SIGN_OF_LIFE, services.engine.session_name),
            ).fetchone()

        locking.execute("LOCK TABLE sendoff.tasks IN ACCESS EXCLUSIVE MODE")
        asked = services.engine.do(lambda group: group.cursor.execute("SELECT 1 FROM tasks"))
        eventually(lambda: admin.execute(waits).fetchone() != (0,))
        before = last_asked()
        eventually(lambda: last_asked() not in {before, (None,)})
        assert not asked.done()
        locking.rollback()
        asked.result(WITHIN)


@contextmanager
def cut_off(server: Any, database: str) -> Iterator[None]:
    """End all sessions with a database, and allow no new ones while the block runs."""
    import psycopg

    name = database.rpartition("/")[2]
    allowed = f"ALTER DATABASE {name} ALLOW_CONNECTIONS {{}}"
    with psycopg.connect(server.url, autocommit=True) as admin:
        admin.execute(allowed.format("false").encode())
        admin.execute(
            "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname = %s",
            (name,),
        )
        yield
        admin.execute(allowed.format("true").encode())


def test_without_a_session_it_is_unfit_for_a_balancer_until_it_has_one_again(
    served: Served, database: str, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(on_server, "ASK_EVERY", 0.05)
    with served.client() as client:

        def told(status: str) -> httpx.Response:
            eventually(lambda: client.get("/health").json()["status"] == status)
            return client.get("/health")

        assert told("ok").status_code == 200
        with cut_off(server, database):
            unfit = told("no_database")
        assert (unfit.status_code, unfit.headers["retry-after"]) == (503, "2")
        assert unfit.json()["access"] == "full"
        assert told("ok").status_code == 200


def test_an_open_stream_tells_that_the_database_is_away_and_goes_on_once_it_is_back(
    served: Served, database: str, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(on_server, "ASK_EVERY", 0.05)
    monkeypatch.setattr(events, "AWAY_S", 0.05)
    name = database.rpartition("/")[2]
    away = f'The database server refuses the connection: database "{name}" is not currently'

    def tells_away(event: Any) -> bool:
        return event.event == "notice" and away in json.loads(event.data)["text"]

    def takes_back(event: Any) -> bool:
        return event.event == "notice" and not json.loads(event.data)["active"]

    with served.client() as client:
        schedule(client)
        with listening(client) as stream:
            until(stream, lambda event: event.event == "stats")
            with cut_off(server, database):
                until(stream, tells_away)
                assert client.get("/tasks").status_code == 503
            until(stream, takes_back)
            until(stream, tells("succeeded", schedule(client)))


class Asked:
    """An engine that is asked to write; what comes of it is in ``answers``."""

    is_displaced = False

    def __init__(self, *answers: Exception | None) -> None:
        self._answers = iter(answers)

    async def ask(self, _: object) -> None:
        if error := next(self._answers):
            raise error


def test_why_the_database_cannot_be_asked_is_logged_and_not_each_time(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    full, torn = NotWritable("It is full."), LookupError("It lacks a table.")
    engine: Any = Asked(full, full, torn, None, full)
    watch = DatabaseWatch(engine, "", lambda: None, threading.Event())

    async def look() -> None:
        for _ in range(5):
            assert await watch.look()

    asyncio.run(look())
    said = [text.rpartition(": ")[2] for text in caplog.messages]
    assert said == ["It is full.", "It lacks a table."]


def test_a_thread_that_cannot_go_on_says_so_at_once(caplog: pytest.LogCaptureFixture) -> None:
    class Torn(LoopThread):
        async def _work(self) -> None:
            raise ZeroDivisionError

    with Torn("torn"):
        eventually(lambda: "The thread 'torn' has ended" in caplog.text)


DESK = "Desk <desk@example.org>"
ADA = {"recipient": {"name": "Ada", "email": "ada@example.org"}, "template": "note"}


@pytest.fixture
def other(tmp_path: Path) -> OfficeFolder:
    """Make the folder of another machine."""
    made = OfficeFolder(tmp_path / "other")
    made.create()
    return made


def client(services: Services) -> httpx.AsyncClient:
    return client_of(create_app(services, token=TOKEN, port=PORT))


async def test_another_machine_has_what_one_had(
    folder: OfficeFolder, other: OfficeFolder, database: str
) -> None:
    with running_services(folder, database) as services:
        async with client(services) as here:
            source = {"source": with_text("Dear {{ name }}")}
            assert (await here.put("/templates/note", json=source)).status_code == 200
            await attach(here, "note", "plan.pdf", b"plan")
            change = {"mail": {"sender": DESK}}
            assert (await here.put("/settings", json=change)).status_code == 200
            (sent,) = task_ids(await here.post("/items/1", json=ADA))
            assert settled(services, sent)["state"] == "succeeded"
    left = [path.name for path in folder.root.rglob("*") if path.is_file()]
    assert not {"note.jinja", "plan.pdf", "settings.toml"} & set(left)
    assert not [name for name in left if name.endswith(".eml")]
    with running_services(other, database) as services:
        async with client(services) as there:
            note = (await there.get("/templates/note")).json()
            assert note["attachments"] == [{"file": "plan.pdf", "size": 4}]
            assert (await there.get("/settings")).json()["mail"]["sender"] == DESK
            message = (await there.get(f"/tasks/{sent}/message")).json()
            assert message["text"] == "Dear Ada\r\n"
            assert "remade" not in message
            assert (message["from"], message["files"][0]["file"]) == (DESK, "plan.pdf")


async def test_what_a_folder_had_goes_there_and_is_put_aside(
    folder: OfficeFolder, database: str
) -> None:
    folder.settings_file.write_text(f'[mail]\nsender = "{DESK}"\n')
    with running_services(folder, None) as services:
        async with client(services) as here:
            await here.put("/templates/note", json={"source": with_text("old")})
            await here.put("/templates/note", json={"source": with_text("Dear {{ name }}")})
            await attach(here, "note", "plan.pdf", b"plan")
            (sent,) = task_ids(await here.post("/items/1", json=ADA))
            kept = settled(services, sent)["reference"]
    folder.db.unlink()
    with running_services(folder, database) as services:
        async with client(services) as here:
            note = (await here.get("/templates/note")).json()
            assert note["attachments"] == [{"file": "plan.pdf", "size": 4}]
            assert len(note["versions"]) == 2
            assert (await here.get("/settings")).json()["mail"]["sender"] == DESK
            assert services.letters.outbox.has(str(kept))
    moved = folder.root / "moved"
    assert (moved / "templates" / "attachments" / "note" / "plan.pdf").read_bytes() == b"plan"
    assert (moved / "settings.toml").exists()
    assert not folder.settings_file.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[mail\n", "line 1"),
        ('[mail]\npassword = "s3cret-word"\n', r"there is no `mail\.password`"),
    ],
)
def test_settings_that_cannot_be_read_or_have_unknown_keys_are_not_brought_over(
    folder: OfficeFolder, database: str, text: str, said: str
) -> None:
    folder.settings_file.write_text(text)
    with pytest.raises(StartError, match=said), running_services(folder, database):
        pass
    assert folder.settings_file.exists()


async def test_requests_are_checked_without_asking_the_server(
    folder: OfficeFolder, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sendoff_tasks.postgres.files import FileStore

    asked: list[Any] = []
    run = FileStore._run

    def noted(store: FileStore, *statements: Any) -> Any:
        asked.append(statements)
        return run(store, *statements)

    with running_services(folder, database) as services:
        async with client(services) as here:
            await here.put("/templates/note", json={"source": with_text("one")})
            (sent,) = task_ids(await here.post("/items/1", json=ADA))
            settled(services, sent, State.SUCCEEDED)  # its attempt asks for the files
            later = {**ADA, "delay": 3600}  # an attempt would ask for them again
            await here.post("/items/3", json=later)  # the first one stored an edition
            monkeypatch.setattr(FileStore, "_run", noted)
            assert (await here.post("/items/2", json=later)).status_code == 200
            assert asked == []
            await here.put("/templates/note", json={"source": with_text("two")})
            assert (await here.get("/templates/note")).json()["source"] == with_text("two")
            assert asked


async def test_a_start_that_is_refused_takes_nothing_along(
    folder: OfficeFolder, other: OfficeFolder, database: str
) -> None:
    other.templates.mkdir(exist_ok=True)
    theirs = other.templates / "theirs.jinja"
    theirs.write_text(with_text("Dear {{ name }}"))
    other.settings_file.write_text(f'[mail]\nsender = "{DESK}"\n')
    with running_services(folder, database) as services:
        with (
            pytest.raises(StartError, match="run by process"),
            running_services(other, database),
        ):
            pass
        async with client(services) as here:
            assert (await here.get("/settings")).json()["mail"]["sender"] != DESK
            assert (await here.get("/templates/theirs")).status_code == 404
    assert theirs.exists()
    assert other.settings_file.exists()
