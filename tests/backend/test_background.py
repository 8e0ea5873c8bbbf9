"""Beside requests: changed files are followed, drafts checked, old files deleted."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest

from desktop.backend import background, batches, rows
from desktop.backend.background import DraftChecks, Sweeper
from desktop.backend.batches import forget_deleted
from desktop.backend.composition import running_services
from desktop.backend.services import Services
from desktop.contract.batches import BY_ADDRESS
from desktop.items.batches.rows import DraftSettings
from desktop.mail.files import Files
from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.clock import DAY_S, SystemClock
from sendoff_tasks.errors import NotWritable
from sendoff_tasks.http import background as followed
from sendoff_tasks.http.background import Watch, log
from sendoff_tasks.model.events import Notice
from sendoff_tasks.model.tasks import TaskDetail
from sendoff_tasks.store.tables.statements import PAUSED_WHY, PUT_META
from tests import WITHIN
from tests.backend.conftest import eventually_batch, settled, task_ids
from tests.looking import eventually


@pytest.fixture(autouse=True)
def frequent_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look a hundred times a second; a change rests after 0.05 s."""
    monkeypatch.setattr(followed, "LOOK_EVERY", 0.01)
    monkeypatch.setattr(followed, "LOOK_AGAIN", 0.05)


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, asyncio.CancelledError])
def test_a_look_that_fails_is_logged_and_keeps_no_other_from_its_turn(
    caplog: pytest.LogCaptureFixture, error: type[BaseException]
) -> None:
    def fail() -> bool:
        raise error("it is broken")

    for watch in (Watch(fail, lambda: True), Watch(lambda: None, fail)):
        caplog.clear()
        with caplog.at_level(logging.ERROR):
            assert watch.look() is (watch._look is not fail)
        assert "it is broken" in caplog.text


def test_it_looks_by_itself_until_its_end() -> None:
    looked = threading.Event()
    with Watch(looked.set, lambda: False):
        assert looked.wait(WITHIN)
    assert "watch" not in {thread.name for thread in threading.enumerate()}


SAYS = """
from sendoff_tasks import task

@task(lane={lane!r})
def greet(name="world"):
    return f"{word} {{name}}"
"""
WAITS = """
import pathlib, threading
from sendoff_tasks import task

WORD = {word!r}

@task(concurrency=1)
def wait(folder):
    folder = pathlib.Path(folder)
    (folder / "begun").write_text(WORD)
    while not (folder / "go").exists():
        threading.Event().wait(0.01)
    return WORD
"""


class House:
    """A backend's services on a folder whose files are looked at all the time."""

    def __init__(self, services: Services, folder: Path) -> None:
        self.services = services
        self.folder = folder
        self.heard: list[Notice] = []
        self._looked = threading.Condition()
        services.notices.on_notice(self._hear)

    def write(self, name: str, source: str) -> None:
        (self.folder / name).write_text(source)

    def _hear(self, notice: Notice) -> None:
        with self._looked:
            self.heard.append(notice)
            self._looked.notify_all()

    def hears(self, *, active: bool) -> str:
        """Wait for a notice, or for one being taken back; gives its text."""

        def found() -> Notice | None:
            return next((n for n in self.heard if n["active"] is active), None)

        with self._looked:
            assert self._looked.wait_for(found, WITHIN)
            notice = found()
            assert notice is not None
            self.heard.remove(notice)
        return notice["text"]

    def changed(self) -> None:
        """Wait until the registry is another than it was when this was asked."""
        before = self.services.registry.version
        eventually(lambda: self.services.registry.version != before)

    def done(self, name: str, *args: object) -> object:
        """Run a task to its end; gives its result."""
        return self.result(self.services.engine.add_task(name, *args).number)

    def result(self, task_id: int) -> object:
        detail = settled(self.services, task_id)
        assert detail["state"] == "succeeded", detail["error"]
        return detail["result"]

    def held(self, task_id: int) -> TaskDetail:
        """Wait until a task is held for a person; it has not failed."""
        detail = settled(self.services, task_id, "waiting")
        assert detail["run_at"] is None
        return detail


@pytest.fixture
def house(folder: OfficeFolder) -> Iterator[House]:
    with running_services(folder, None) as services:
        yield House(services, folder.tasks)


def greet(word: str, lane: str = "io") -> str:
    return SAYS.format(word=word, lane=lane)


def test_a_file_that_breaks_holds_its_tasks_and_says_where_until_it_is_fixed(
    house: House, tmp_path: Path
) -> None:
    house.write("own.py", WAITS.format(word="old"))
    eventually(lambda: house.services.registry.get("wait"))
    running, queued = (house.services.engine.add_task("wait", str(tmp_path)).number for _ in "ab")
    eventually((tmp_path / "begun").exists)
    house.write("own.py", "import nothing_like_this\n" + WAITS.format(word="new"))
    text = house.hears(active=True)
    assert text == (
        "The tasks in own.py cannot be used: line 1: ModuleNotFoundError: "
        "No module named 'nothing_like_this'."
    )
    assert house.held(queued)["reason_data"]["text"] == text
    (tmp_path / "go").touch()
    assert house.result(running) == "old"
    house.write("own.py", WAITS.format(word="new"))
    assert house.hears(active=False) == text
    assert house.result(queued) == "new"
    assert house.services.notices.active == []


UNREADABLE = "The task's arguments cannot be read any more"
MODEL = """
from pydantic import BaseModel
from sendoff_tasks import task

class Guest(BaseModel):
    name: str

@task
def welcome(guest):
    return guest.name
"""


OTHER = "Its function takes other arguments now: missing a required argument: 'table'."
CHANGED = f"{UNREADABLE}: own_tasks.own:Guest is not valid any more: surname: Field required."
GONE = f"{UNREADABLE}: own_tasks.own:Guest is not there any more."


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("(guest)", "(guest, table)", OTHER),
        ("name: str", "surname: str", CHANGED),
        ("class Guest", "class Visitor", GONE),
    ],
)
def test_a_task_stored_for_other_code_is_held_until_that_is_back(
    folder: OfficeFolder, old: str, new: str, why: str
) -> None:
    (folder.tasks / "own.py").write_text(MODEL)
    with running_services(folder, None) as services:
        services.engine.pause(None).result()
        guest = sys.modules["own_tasks.own"].Guest
        number = services.engine.add_task("welcome", guest(name="Ada")).number
    (folder.tasks / "own.py").write_text(MODEL.replace(old, new))
    with running_services(folder, None) as services:
        services.engine.resume(None).result()
        house = House(services, folder.tasks)
        assert house.held(number)["reason_data"]["text"] == why
        house.write("own.py", MODEL)
        assert house.result(number) == "Ada"


def test_a_file_that_loads_here_and_not_in_the_cpu_lane_s_processes_holds_its_tasks(
    house: House,
) -> None:
    source = greet("hello", "cpu")
    only_here = "import multiprocessing\nassert not multiprocessing.parent_process(), 'not here'\n"
    house.write("own.py", only_here + source)
    eventually(lambda: house.services.registry.get("greet"))
    number = house.services.engine.add_task("greet").number
    why = "Its function cannot be loaded: AssertionError: not here"
    assert house.held(number)["reason_data"]["text"] == why
    house.write("own.py", source)
    assert house.result(number) == "hello world"


pytestmark = pytest.mark.anyio


FORGOTTEN = "sent/0123.4567@example.org.eml"
"""A message whose task is no more."""


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take for old what was written within the next minute."""
    monkeypatch.setattr(background, "DAY_S", -2.0)


async def test_an_old_mail_stays_while_its_task_has_not_ended(
    client: httpx.AsyncClient,
    services: Services,
    kept: Files,
    request: pytest.FixtureRequest,
) -> None:
    (done,) = task_ids(await client.post("/items/1"))
    settled(services, done)
    (task,) = task_ids(await client.post("/items/2", json={"delay": 3600}))
    message_id = (services.engine.task(task)["reference"] or "")[1:-1]
    kept.write(f"sent/{message_id}.eml", b"")
    kept.write(FORGOTTEN, b"")
    Sweeper(services).sweep()
    assert kept.has(FORGOTTEN)  # it may be that of a task of this moment
    request.getfixturevalue("at_once")
    Sweeper(services).sweep()
    assert (kept.names("outbox"), kept.names("sent")) == ([], [f"{message_id}.eml"])


@pytest.mark.usefixtures("at_once")
async def test_an_old_mail_stays_while_the_clock_may_be_wrong(
    services: Services, kept: Files
) -> None:
    kept.write(FORGOTTEN, b"")
    services.engine._running.core.memory.doubt.doubted_until = round(time.time() * 1000) + 3_600_000
    Sweeper(services).sweep()
    assert kept.has(FORGOTTEN)


@pytest.mark.usefixtures("at_once")
async def test_an_old_mail_stays_from_the_moment_of_a_jump_of_the_clock(
    services: Services, kept: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.write(FORGOTTEN, b"")
    services.engine.settled()
    monkeypatch.setattr(SystemClock, "now", lambda _: time.time() + 40 * DAY_S)
    Sweeper(services).sweep()
    assert kept.has(FORGOTTEN)


async def test_an_edition_stays_while_a_message_or_a_row_is_made_of_it(
    client: httpx.AsyncClient, services: Services, kept: Files
) -> None:
    later: dict[str, Any] = {"template": "note", "run_at": "2099-01-01T08:00:00Z"}
    for text in ("of a task", "of a row", "of nothing", "newest"):
        parts = {"subject": "x", "text": text}
        (await client.put("/templates/note", json={"parts": parts})).raise_for_status()
        if text == "of a task":
            await client.post("/items/1", json={"recipient": {"email": "a@example.org"}, **later})
        if text == "of a row":
            await client.post("/batches", json={"name": "x", **later})
            row = {"row": 1, "item": {"recipient": {"email": "b@example.org"}}}
            (await client.post("/batches/1/rows", json={"rows": [row]})).raise_for_status()
            (await client.post("/batches/1/start")).raise_for_status()
        services.letters.templates.edition("note")
    for _ in range(2):  # the first spares what was named since
        Sweeper(services).sweep()
    left = [each for each in kept.folders("templates/editions") if each.startswith("note@")]
    texts = [kept.read(f"templates/editions/{each}/note.jinja").decode() for each in left]
    found = {
        word
        for word in ("of a task", "of a row", "of nothing", "newest")
        for text in texts
        if word in text
    }
    assert found == {"of a task", "of a row", "newest"}


async def test_the_files_of_a_forgotten_batch_go(
    client: httpx.AsyncClient, services: Services, kept: Files
) -> None:
    (await client.post("/batches", json={"name": "May"})).raise_for_status()
    for number in (1, 2):
        kept.write(f"batches/{number}/attachments/plan.pdf", b"x")
    Sweeper(services).sweep()
    assert services.letters.batch_files.batches() == [1]


async def test_an_upload_stays_while_an_item_or_a_version_of_one_names_it(
    client: httpx.AsyncClient,
    services: Services,
    kept: Files,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def added(name: str) -> str:
        uploaded = await client.put(f"/attachments/{name}.pdf", content=name.encode())
        return str(uploaded.json()["id"])

    def there() -> set[str]:
        return {name.partition("-")[2] for name in kept.names("batches/uploads")}

    first, second, _ = [await added(name) for name in ("first", "second", "unused")]
    for number, files in ((1, [first]), (2, [])):
        body = {"tasks": [], "attachments": files}
        (await client.post(f"/items/{number}", json=body)).raise_for_status()
    corrected = {"item": {"tasks": [], "attachments": [second]}}
    (await client.put("/items/1", json=corrected)).raise_for_status()
    Sweeper(services).sweep()
    assert there() == {"first.pdf", "second.pdf", "unused.pdf"}
    monkeypatch.setattr("desktop.backend.background.UPLOAD_HOLDS_S", -60.0)
    Sweeper(services).sweep()
    assert there() == {"first.pdf", "second.pdf"}
    (await client.delete("/items/1?forget=true")).raise_for_status()
    assert there() == set()


def test_the_files_of_another_stores_batches_stay_and_are_no_new_batches(
    folder: OfficeFolder, tmp_path: Path
) -> None:
    other = f"sqlite:///{tmp_path / 'other.db'}"
    plan = folder.batches / "1" / "attachments" / "plan.pdf"
    with running_services(folder, None) as services:
        services.batches.create(
            DraftSettings("May", BY_ADDRESS, ["send_confirmation_email"])
        ).result()
        plan.parent.mkdir(parents=True)
        plan.write_bytes(b"the plan of May")
    for _ in range(2):
        with running_services(folder, other) as services:
            Sweeper(services).sweep()
            assert services.letters.batch_files.batches() == []
    with running_services(folder, None) as services:
        Sweeper(services).sweep()
        assert services.letters.batch_files.attachment(1, "plan.pdf") == b"the plan of May"


async def test_the_files_of_a_store_that_may_come_back_stay_until_a_person_resumes(
    services: Services, kept: Files
) -> None:
    kept.write("batches/2/attachments/plan.pdf", b"x")
    why = (PAUSED_WHY, "older")
    services.engine.do(lambda group: group.cursor.execute(PUT_META, why)).result(WITHIN)
    services.engine.pause(None).result(WITHIN)
    Sweeper(services).sweep()
    forget_deleted(services)  # as with a person who is forgotten
    assert services.letters.batch_files.batches() == [2]
    services.engine.resume(None).result(WITHIN)
    Sweeper(services).sweep()
    assert services.letters.batch_files.batches() == []


@pytest.mark.usefixtures("at_once")
async def test_it_sweeps_by_itself_and_ends_at_once(
    services: Services, kept: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    swept, sweep, sweeper = threading.Event(), Sweeper.sweep, Sweeper(services)

    def sweep_and_say(one: Sweeper) -> None:
        sweep(one)
        if one is sweeper:  # the backend's own may begin only now
            swept.set()

    monkeypatch.setattr(background, "FIRST_S", 0.0)
    monkeypatch.setattr(Sweeper, "sweep", sweep_and_say)
    kept.write(FORGOTTEN, b"")
    with sweeper:
        assert swept.wait(WITHIN)
    assert not kept.has(FORGOTTEN)
    assert not sweeper.thread.is_alive()


ROWS = 60


def fill(services: Services) -> None:
    """Make a draft whose rows all have to be checked again."""
    wanted = DraftSettings("May", BY_ADDRESS, ["send_confirmation_email"])
    number = services.batches.create(wanted).result().batch_id
    items = ({"recipient": {"email": f"a{n}@b.org"}} for n in range(1, ROWS + 1))
    rows.put(services, number, [{"row": n, "item": item} for n, item in enumerate(items, 1)])


def test_what_a_restart_has_cut_short_is_checked_after_it(
    folder: OfficeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "SLICE", ROWS // 3)
    with monkeypatch.context() as still:
        still.setattr(DraftChecks, "_run", lambda _: None)
        with running_services(folder, None) as services:
            fill(services)
            services.batches.check_again(1).result()
            assert rows.check_some(services, 1, 0)  # some of them, as far as a kill let it come
            counts = services.batches.get(1)["counts"]
            assert (counts["ready"], counts["unchecked"]) == (rows.SLICE, ROWS - rows.SLICE)
    with running_services(folder, None) as services:
        batch = eventually_batch(services, 1, lambda batch: not batch["counts"]["unchecked"])
        assert batch["counts"]["ready"] == ROWS


def test_a_small_draft_does_not_wait_for_a_large_one(
    folder: OfficeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "SLICE", ROWS // 3)
    monkeypatch.setattr(DraftChecks, "_run", lambda _: None)
    asked, check_some = list[int](), rows.check_some

    def check(services: Services, batch_id: int, beyond: int) -> int | None:
        asked.append(batch_id)
        return check_some(services, batch_id, beyond)

    with running_services(folder, None) as services:
        for number in (1, 2):
            fill(services)
            services.batches.check_again(number).result()
        monkeypatch.setattr(rows, "check_some", check)
        DraftChecks(services, threading.Event()).look()
    assert asked == [*(1, 2) * 4]


def test_a_draft_that_goes_meanwhile_ends_its_check(services: Services) -> None:
    fill(services)
    services.batches.check_again(1).result()
    services.batches.delete(1).result()
    checks = DraftChecks(services, threading.Event())
    checks.look()
    assert checks._check(1, 0) is None
    assert services.batches.list()["batches"] == []


def test_new_settings_are_followed_later_where_that_is_refused(
    folder: OfficeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Services) -> None:
        raise NotWritable("The disk is full.")

    monkeypatch.setattr(DraftChecks, "_run", lambda _: None)
    with running_services(folder, None) as services:
        fill(services)
        checks = DraftChecks(services, threading.Event())
        checks.look()
        before = services.batches.revision(1)
        monkeypatch.setattr(type(services.settings), "default_recipient", lambda _: "Ada <a@b.org>")
        with monkeypatch.context() as full:
            full.setattr(batches, "check_drafts_again", refuse)
            with pytest.raises(NotWritable):
                checks.look()
        checks.look()
        assert services.batches.revision(1) == before + 1


def test_an_outage_is_logged_once_a_minute_and_no_failure_ends_the_checks(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """With a database that was away for a night, the log had a warning every ten seconds."""
    caplog.set_level("INFO", log.name)
    errors = [sqlite3.OperationalError("disk I/O error"), *3 * [NotWritable("It is away.")]]

    def look(checks: DraftChecks) -> None:
        error = errors.pop()
        if not errors:
            checks._over.set()
        raise error

    monkeypatch.setattr(background, "DRAFTS_EVERY", 0.0)
    monkeypatch.setattr(DraftChecks, "look", look)
    DraftChecks(cast("Services", SimpleNamespace()), threading.Event())._run()
    away = "Rows of drafts could not be checked (will retry)"
    assert caplog.messages == [f"{away}: It is away.", f"{away}: disk I/O error"]
