"""With a database on a server, what mail needs is in it, and in no folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from desktop.backend.application import create_app
from desktop.backend.composition import running_services
from desktop.backend.services import Services
from desktop.backend.starting import StartError
from desktop.contract.states import State
from desktop.settings.paths import DataFolder
from tests.backend.conftest import PORT, TOKEN, attach, client_of, settled, task_ids
from tests.mail.templates.test_template import with_text

pytestmark = pytest.mark.anyio
DESK = "Desk <desk@example.org>"
ADA = {"recipient": {"name": "Ada", "email": "ada@example.org"}, "template": "note"}


@pytest.fixture
def database(server: Any) -> str:
    return str(server.database())


@pytest.fixture
def other(tmp_path: Path) -> DataFolder:
    """Make the folder of another machine."""
    made = DataFolder(tmp_path / "other")
    made.create()
    return made


def client(services: Services) -> httpx.AsyncClient:
    return client_of(create_app(services, token=TOKEN, port=PORT))


async def test_another_machine_has_what_one_had(
    folder: DataFolder, other: DataFolder, database: str
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
    folder: DataFolder, database: str
) -> None:
    folder.settings_file.write_text(f'[mail]\nsender = "{DESK}"\n')
    with running_services(folder, None) as services:
        async with client(services) as here:
            await here.put("/templates/note", json={"source": with_text("old")})
            await here.put("/templates/note", json={"source": with_text("Dear {{ name }}")})
            await attach(here, "note", "plan.pdf", b"plan")
            (sent,) = task_ids(await here.post("/items/1", json=ADA))
            kept = settled(services, sent)["message_id"]
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
    folder: DataFolder, database: str, text: str, said: str
) -> None:
    folder.settings_file.write_text(text)
    with pytest.raises(StartError, match=said), running_services(folder, database):
        pass
    assert folder.settings_file.exists()


async def test_requests_are_checked_without_asking_the_server(
    folder: DataFolder, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desktop.engine.postgres.files import FileStore

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
            monkeypatch.setattr(FileStore, "_run", noted)
            later = {**ADA, "delay": 3600}  # an attempt would ask for them again
            assert (await here.post("/items/2", json=later)).status_code == 200
            assert asked == []
            await here.put("/templates/note", json={"source": with_text("two")})
            assert (await here.get("/templates/note")).json()["source"] == with_text("two")
            assert asked


async def test_a_start_that_is_refused_takes_nothing_along(
    folder: DataFolder, other: DataFolder, database: str
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
