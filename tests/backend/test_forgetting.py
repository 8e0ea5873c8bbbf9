"""Forgetting a person: no byte of the data folder has a word of theirs; nobody else is harmed."""

from __future__ import annotations

import io
import logging
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from desktop.backend.log_files import OneRecord
from desktop.backend.services import Services
from desktop.engine.store.backup import back_up
from desktop.engine.submission import Idempotency, NewTask, Submission
from desktop.settings.paths import LOG_FORMAT, DataFolder
from desktop.settings.preferences import Settings
from desktop.sheets import write_batch_report
from tests.backend.conftest import eventually_batch, settled, task_ids
from tests.looking import eventually
from tests.mail.server import Server, running
from tests.settings.saved import save
from tests.sheets.files import texts, write_csv, write_xlsx

pytestmark = [pytest.mark.usefixtures("forked_readers", "in_folder")]
WORDS: Final = (
    *("zyxwolkovitch", "quandrivell", "kjhzplm", "oldaddrq", "bzzuvtitel", "qnotizwyrd"),
    *("xfeldwertz", "ticketzyx", "inticketq", "unmappedq"),
)
HER: Final[dict[str, Any]] = {
    "title": "Bzzuvtitel",
    "recipient": {"name": "Zyxwolkovitch Quandrivell", "email": "kjhzplm@example.org"},
    "fields": {"note": "Qnotizwyrd", "extra": "Xfeldwertz"},
}
BO: Final = {"title": "T", "recipient": {"name": "Bo", "email": "bo@example.org"}}
SHEET: Final = [
    ["Name", "E-mail", "Ticket", "Remark"],
    ["Bo", "bo@example.org", "flyer.pdf", "12,50"],
    ["Zyxwolkovitch Quandrivell", "kjhzplm@example.org", "ticketzyx.pdf", "Unmappedq"],
    ["Cy", "cy@example.org", "flyer.pdf", "with kjhzplm@example.org"],
]
CALL: Final = Submission(
    [NewTask("nothing", to="Zyxwolkovitch <kjhzplm@example.org>", title="Bzzuvtitel")],
    idempotency=Idempotency("one call", "its digest"),
)
COLUMNS: Final = {"Name": "name", "E-mail": "email", "Ticket": None, "Remark": None}


@pytest.fixture
def server(folder: DataFolder) -> Iterator[Server]:
    """Run a mail server to which the folder's messages go."""
    with running() as found:
        save(folder.settings_file, Settings(mail=found.settings()))
        yield found


@pytest.fixture
def log(folder: DataFolder) -> Iterator[logging.Handler]:
    """Write the log to its file, as the backend does."""
    handler = logging.FileHandler(folder.logs / "backend.log")
    handler.setFormatter(OneRecord(LOG_FORMAT))
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)
    handler.close()


@pytest.fixture
def services(server: Server, log: logging.Handler, services: Services) -> Services:
    """Give services that send through the server, and log."""
    return services


def found_in(root: Path) -> dict[str, set[str]]:
    """Return the words of hers in each file, also in the parts of archives, and in names."""
    found = {}
    for file in sorted(path for path in root.rglob("*") if path.is_file()):
        content = [file.read_bytes(), file.name.encode()]
        if zipfile.is_zipfile(io.BytesIO(content[0])):
            with zipfile.ZipFile(file) as parts:
                content += [parts.read(name) for name in parts.namelist()]
        whole = b"\n".join(content).lower()
        words = {word for word in WORDS if word.encode() in whole or word[1:].encode() in whole}
        if words:
            found[str(file.relative_to(root))] = words
    return found


async def send(client: httpx.AsyncClient, services: Services, number: int, state: str) -> int:
    (task,) = task_ids(await client.post(f"/items/{number}", json=HER))
    return int(settled(services, task, state)["id"])


async def import_sheet(client: httpx.AsyncClient, services: Services, sheet: Path) -> int:
    """Send the rows of a spreadsheet of three, of which the second is hers."""
    settings = {"name": sheet.name, "columns": COLUMNS}
    number: int = (await client.post("/batches", json=settings)).json()["batch_id"]
    place = f"/batches/{number}"
    with sheet.open("rb") as file:
        await client.put(f"{place}/source", params={"name": sheet.name}, content=file.read())
    for attached, told in (("ticketzyx.pdf", b"inticketq"), ("flyer.pdf", b"for all")):
        (await client.put(f"{place}/attachments/{attached}", content=told)).raise_for_status()
    rows = []
    for row, (name, email, attached, _) in enumerate(SHEET[1:], 2):
        item: dict[str, Any] = {"title": f"{sheet.suffix} {row}", "attachments": [attached]}
        rows.append({"row": row, "item": item | {"recipient": {"name": name, "email": email}}})
    (await client.post(f"{place}/rows", json={"rows": rows})).raise_for_status()
    eventually_batch(services, number, lambda batch: batch["counts"]["unchecked"] == 0)
    (await client.post(f"{place}/start")).raise_for_status()
    eventually_batch(services, number, lambda batch: batch["state"] == "done")
    return number


async def live(
    client: httpx.AsyncClient,
    services: Services,
    server: Server,
    folder: DataFolder,
    tmp_path: Path,
) -> list[int]:
    """Have her everywhere; return the batches with her."""
    for number in range(1, 20):
        body = {"recipient": {"name": f"N{number}", "email": f"p{number}@example.org"}}
        await client.post(f"/items/{number}", json=body)
    batches = [
        await import_sheet(client, services, write_csv(tmp_path / "may.csv", SHEET)),
        await import_sheet(client, services, write_xlsx(tmp_path / "Quandrivell.xlsx", SHEET)),
    ]
    copy = await client.post(f"/batches/{batches[0]}/rows/3/to_me")
    settled(services, copy.json()["id"], "succeeded")
    await send(client, services, 777, "succeeded")
    settled(services, services.engine.submit(CALL).result().task_ids[0], "succeeded")
    own = {"task": "nothing", "args": ["kjhzplm@example.org"]}
    settled(services, (await client.post("/tasks", json=own)).json()["id"], "succeeded")
    server.refuse = lambda _: "550 5.2.2 The mailbox of Zyxwolkovitch is full"
    await send(client, services, 778, "failed")
    server.refuse = lambda _: "451 4.3.0 Quandrivell (kjhzplm) is being moved"
    await send(client, services, 779, "waiting")
    (await client.post("/queues/pause")).raise_for_status()
    old = HER | {"recipient": {"name": "Zyxwolkovitch", "email": "oldaddrq@example.org"}}
    await client.post("/items/780", json={**old, "delay": 600})
    (await client.put("/items/780", json={"item": HER})).raise_for_status()
    (folder.sent / ".1@x.eml.0123456789abcdef.tmp").write_text("To: kjhzplm@example.org\n\nHi")
    eventually(lambda: "Quandrivell" in (folder.logs / "backend.log").read_text())
    return batches


async def test_no_byte_of_the_data_folder_has_a_word_of_the_person(
    client: httpx.AsyncClient,
    services: Services,
    server: Server,
    folder: DataFolder,
    tmp_path: Path,
) -> None:
    batches = await live(client, services, server, folder, tmp_path)
    backup = back_up(folder.db, datetime.now(UTC))
    damaged = folder.root / "damaged-20260101-000000"
    damaged.mkdir()
    (damaged / "sendoff.db").write_bytes(b"kjhzplm")
    before = found_in(folder.root)
    assert {Path(name).parts[0] for name in before} >= {"batches", "sent", "logs", "sendoff.db-wal"}

    answer = await client.delete("/items/777?forget=true")

    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["items"][-4:], told["batches"]) == ([777, 778, 779, 780], batches)
    (kept, aside) = told["backups"]
    assert (kept["file"], aside["file"]) == (str(backup), str(damaged))
    assert (kept["until"] > kept["at"], aside["until"]) == (True, None)
    left = found_in(folder.root)
    assert {name for name in left if not name.startswith(("backups", "damaged-"))} == set()


async def test_nobody_else_is_harmed_and_nothing_is_done_twice(
    client: httpx.AsyncClient,
    services: Services,
    server: Server,
    folder: DataFolder,
    tmp_path: Path,
) -> None:
    batches = await live(client, services, server, folder, tmp_path)
    others = [(await client.get(f"/items/{number}")).json() for number in range(1, 20)]
    sent, taken = {file.name for file in folder.sent.glob("*.eml")}, len(server.mails)
    first = services.engine.submit(CALL).result()

    (await client.delete("/items/777?forget=true")).raise_for_status()

    assert [(await client.get(f"/items/{number}")).json() for number in range(1, 20)] == others
    assert {file.name for file in folder.sent.glob("*.eml")} == sent
    again = services.engine.submit(CALL).result()
    assert (again.replayed, again.task_ids) == (True, first.task_ids)
    assert again.row is not None
    assert (again.row["title"], again.row["to"]) == ("", "")
    assert (await client.post("/items/777", json=HER)).status_code == 409
    assert len(server.mails) == taken
    for number, suffix in zip(batches, (".csv", ".xlsx"), strict=True):
        assert services.letters.batch_files.attachments(number) == {"flyer.pdf": 7}
        batch, out = services.batches.get(number), tmp_path / f"report{suffix}"
        source = services.letters.sheet_path(number).rename(tmp_path / str(batch["sheet"]))
        rows = services.batches.rows(number)["rows"]
        assert write_batch_report(batch, source, out, [rows]) == 2
        (_, bo, hers, cy) = texts(out)
        assert (bo[:4], bo[4]) == (SHEET[1], "sent")
        assert (hers[:4], hers[4], hers[6]) == ([""] * 4, "sent", "The person was forgotten.")
        assert (cy[:5], cy[4]) == ([*SHEET[3][:3], "", "sent"], "sent")
