"""Forgetting a person: no byte of the data folder has a word of theirs; nobody else is harmed."""

from __future__ import annotations

import json
import logging
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from desktop.backend.background import Sweeper
from desktop.backend.services import Services
from desktop.contract.office import office_row
from desktop.mail.files import SENT
from desktop.settings.office_folder import OfficeFolder
from desktop.settings.preferences import Settings
from desktop.sheets.calls import write_batch_report
from sendoff_tasks.folder.paths import LOG_FORMAT
from sendoff_tasks.http.log_files import OneRecord
from sendoff_tasks.store.backup import back_up
from sendoff_tasks.submission import Idempotency, NewTask, Submission
from tests.backend.conftest import eventually_batch, settled, task_ids
from tests.left_over import left_over
from tests.looking import eventually
from tests.mail.server import Server, running
from tests.settings.saved import save
from tests.sheets.files import texts, write_csv, write_xlsx

pytestmark = pytest.mark.usefixtures("forked_readers")
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
    idempotency=Idempotency("call for kjhzplm@example.org", "its digest"),
)
SET_ASIDE: Final = (
    "damaged-20260101-000000",
    "batches-0123456789abcdef",
    "moved",
    "sendoff.db.moved",
)
COLUMNS: Final = {"Name": "name", "E-mail": "email", "Ticket": None, "Remark": None}


@pytest.fixture
def mail(folder: OfficeFolder) -> Iterator[Server]:
    """Run a mail server to which the folder's messages go."""
    with running() as found:
        save(folder.settings_file, Settings(mail=found.settings()))
        yield found


@pytest.fixture
def log(folder: OfficeFolder) -> Iterator[logging.Handler]:
    """Write the log to its file, as the backend does."""
    handler = logging.FileHandler(folder.logs / "backend.log")
    handler.setFormatter(OneRecord(LOG_FORMAT))
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)
    handler.close()


@pytest.fixture
def services(mail: Server, log: logging.Handler, services: Services) -> Services:
    """Give services that send through the server, and log."""
    return services


def found_in(root: Path, database: str | None) -> dict[str, set[str]]:
    """Return the words of hers in each file, also in the parts of archives, and in each table."""
    contents = dict(tables(database)) if database else {}
    for file in sorted(path for path in root.rglob("*") if path.is_file()):
        whole = file.read_bytes() + file.name.encode()
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as parts:
                whole += b"".join(parts.read(name) for name in parts.namelist())
        contents[str(file.relative_to(root))] = whole
    found = {name: _words_in(content.lower()) for name, content in contents.items()}
    return {name: words for name, words in found.items() if words}


def _words_in(content: bytes) -> set[str]:
    return {word for word in WORDS if word.encode() in content or word[1:].encode() in content}


def tables(database: str) -> Iterator[tuple[str, bytes]]:
    """Give the rows of each table on a server."""
    import psycopg

    with psycopg.connect(database) as connection:
        names = "SELECT tablename FROM pg_tables WHERE schemaname = 'sendoff'"
        for (name,) in connection.execute(names).fetchall():
            rows = connection.execute(f"SELECT * FROM sendoff.{name}").fetchall()  # noqa: S608
            yield name, repr(rows).encode()


async def send(
    client: httpx.AsyncClient, services: Services, number: int, state: str, *files: str
) -> int:
    body = {**HER, "attachments": files}
    (task,) = task_ids(await client.post(f"/items/{number}", json=body))
    return int(settled(services, task, state)["id"])


async def import_sheet(client: httpx.AsyncClient, services: Services, sheet: Path) -> int:
    """Send the rows of a spreadsheet of three, of which the second is hers."""
    number = await start_sheet(client, services, sheet)
    eventually_batch(services, number, lambda batch: batch["state"] == "done")
    return number


async def start_sheet(client: httpx.AsyncClient, services: Services, sheet: Path) -> int:
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
    return number


async def live(
    client: httpx.AsyncClient,
    services: Services,
    mail: Server,
    folder: OfficeFolder,
    tmp_path: Path,
) -> list[int]:
    """Have her everywhere; return the batches with her."""
    ticket, old, flyer = [
        (await client.put(f"/attachments/{name}.pdf", content=content)).json()["id"]
        for name, content in (("ticketzyx", b"inticketq"), ("oldticketzyx", b"-"), ("flyer", b"-"))
    ]
    for number in range(1, 20):
        body: dict[str, Any] = {
            "recipient": {"name": f"N{number}", "email": f"p{number}@example.org"},
            "attachments": [flyer],
        }
        await client.post(f"/items/{number}", json=body)
    batches = [
        await import_sheet(client, services, write_csv(tmp_path / "may.csv", SHEET)),
        await import_sheet(client, services, write_xlsx(tmp_path / "Quandrivell.xlsx", SHEET)),
    ]
    copy = await client.post(f"/batches/{batches[0]}/rows/3/to_me")
    settled(services, copy.json()["id"], "succeeded")
    await send(client, services, 777, "succeeded", ticket, flyer)
    settled(services, services.engine.submit(CALL).result().task_ids[0], "succeeded")
    own = {"task": "nothing", "args": ["kjhzplm@example.org"]}
    settled(services, (await client.post("/tasks", json=own)).json()["id"], "succeeded")
    mail.refuse = lambda _: "550 5.2.2 The mailbox of Zyxwolkovitch is full"
    await send(client, services, 778, "failed")
    mail.refuse = lambda _: "451 4.3.0 Quandrivell (kjhzplm) is being moved"
    await send(client, services, 779, "waiting")
    (await client.post("/queues/pause")).raise_for_status()
    before = HER | {"recipient": {"name": "Zyxwolkovitch", "email": "oldaddrq@example.org"}}
    await client.post("/items/780", json={**before, "attachments": [old], "delay": 600})
    (await client.put("/items/780", json={"item": HER})).raise_for_status()
    for place in (*folder.of_backend, folder.batches / "1"):
        place.mkdir(exist_ok=True)
        left_over(place / "1@x.eml", b"To: kjhzplm@example.org\n\nHi")
    eventually(lambda: "Quandrivell" in (folder.logs / "backend.log").read_text())
    return batches


async def test_no_byte_of_the_data_folder_has_a_word_of_the_person(
    client: httpx.AsyncClient,
    services: Services,
    mail: Server,
    folder: OfficeFolder,
    database: str | None,
    tmp_path: Path,
) -> None:
    batches = await live(client, services, mail, folder, tmp_path)
    backup = "" if database else str(back_up(folder.db, datetime.now(UTC)))
    aside = [folder.root / name for name in SET_ASIDE]
    server = folder.root / "servers" / "a"
    typed = [folder.drafts / "form.json", server / "drafts" / ".form.json.tmp"]
    pinned = [folder.root / "window.ini", folder.root / "window.ini.x", server / "window.ini"]
    for place in (*aside, *(each.parent for each in typed)):
        place.mkdir(parents=True, exist_ok=True)
    for place in aside:
        (place / "sendoff.db").write_bytes(b"kjhzplm")
    for place in typed:
        place.write_text(json.dumps({"email": "kjhzplm@example.org"}))
    for place in pinned:
        place.write_text(r"[form]\nviews={\"a\": \"\\nzyxwolkovitch \\u0105\"}")
    (folder.drafts / "imports.json").write_text(json.dumps({"email": "bo@example.org"}))
    (folder.logs / "backend.err").write_text("It prints:\nkjhzplm@example.org\nand task 99\n")
    before = found_in(folder.root, database)
    kept = {"items", "tasks", "files", "words"} if database else {"sent", "sendoff.db-wal"}
    assert {Path(name).parts[0] for name in before} >= {"batches", "logs", *kept}

    answer = await client.delete("/items/777?forget=true")

    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["items"][-4:], told["batches"]) == ([777, 778, 779, 780], batches)
    named = {each["file"]: each["until"] for each in told["backups"]}
    assert {*named} == {*map(str, (*aside, *typed, *pinned))} | ({backup} if backup else set())
    assert [each for each in named if named[each] is not None] == ([backup] if backup else [])
    left = [folder.root / name for name in found_in(folder.root, database)]
    assert [p for p in left if not {str(p), *map(str, p.parents)} & named.keys()] == []
    assert (folder.logs / "backend.err").read_text() == "It prints:\nand task 99\n"


async def test_nobody_else_is_harmed_and_nothing_is_done_twice(
    client: httpx.AsyncClient,
    services: Services,
    mail: Server,
    folder: OfficeFolder,
    tmp_path: Path,
) -> None:
    batches = await live(client, services, mail, folder, tmp_path)
    others = [(await client.get(f"/items/{number}")).json() for number in range(1, 20)]
    kept = services.letters.files
    sent, taken = {*kept.names(SENT)}, len(mail.mails)
    first = services.engine.submit(CALL).result()

    (await client.delete("/items/777?forget=true")).raise_for_status()

    assert [(await client.get(f"/items/{number}")).json() for number in range(1, 20)] == others
    assert {*kept.names(SENT)} == {name for name in sent if not name.endswith(".tmp")}
    again = services.engine.submit(CALL).result()
    assert (again.replayed, again.task_ids) == (True, first.task_ids)
    assert again.row is not None
    assert (again.row["title"], office_row(again.row)["to"]) == ("", "")
    assert (await client.post("/items/777", json=HER)).status_code == 409
    assert len(mail.mails) == taken
    flyers = services.letters.batch_files
    assert [flyers.attachment(0, file) for file in others[0]["attachments"]] == [b"-"]
    for number, suffix in zip(batches, (".csv", ".xlsx"), strict=True):
        assert services.letters.batch_files.attachments(number) == {"flyer.pdf": 7}
        batch, out = services.batches.get(number), tmp_path / f"report{suffix}"
        source = services.letters.sheet_path(number).rename(tmp_path / str(batch["sheet"]))
        rows = services.batches.rows(number)["rows"]
        assert write_batch_report(batch, source, out, [rows]) == 2
        (_, bo, hers, cy) = texts(out)
        assert (bo[:4], bo[4]) == (SHEET[1], "sent")
        assert (hers[:4], hers[4], hers[7]) == ([""] * 4, "sent", "The person was forgotten.")
        assert (cy[:5], cy[4]) == ([*SHEET[3][:3], "", "sent"], "sent")


async def test_one_goes_while_the_others_of_the_spreadsheet_are_still_sent(
    client: httpx.AsyncClient,
    services: Services,
    mail: Server,
    folder: OfficeFolder,
    database: str | None,
    tmp_path: Path,
) -> None:
    hers = "kjhzplm@example.org"
    mail.refuse = lambda each: None if each.rcpt_tos == [hers] else "452 4.2.2 It is full"
    number = await start_sheet(client, services, write_xlsx(tmp_path / "May.xlsx", SHEET))
    batch = eventually_batch(services, number, lambda batch: batch["counts"]["sent"] == 1)
    assert (batch["state"], batch["counts"]["open"]) == ("running", 2)
    (item,) = (await client.get("/items?text=kjhzplm")).json()["items"]
    (await client.delete(f"/items/{item['item_id']}?forget=true")).raise_for_status()
    assert found_in(folder.root, database) == {}
    mail.refuse = lambda _: None
    (await client.post(f"/batches/{number}/retry")).raise_for_status()
    batch = eventually_batch(services, number, lambda batch: batch["state"] == "done")
    source = services.letters.sheet_path(number).rename(tmp_path / str(batch["sheet"]))
    rows, out = services.batches.rows(number)["rows"], tmp_path / "report.xlsx"
    write_batch_report(batch, source, out, [rows])
    (_, bo, gone, cy) = texts(out)
    assert ([each[4] for each in (bo, gone, cy)], gone[:4]) == (["sent"] * 3, [""] * 4)


def test_the_log_says_nothing_of_tasks_that_are_gone(
    services: Services, folder: OfficeFolder
) -> None:
    task = services.engine.submit(CALL).result().task_ids[0]
    records = [f"Attempt 1 of task {number} (nothing) failed: no" for number in (task, task + 1)]
    for record in records:
        logging.getLogger("sendoff.task").warning(record)
    Sweeper(services).sweep()
    said = (folder.logs / "backend.log").read_text()
    assert [record in said for record in records] == [True, False]
