"""An older store is put back beside newer kept messages: none of them is sent a second time."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop.backend.services import Services
from desktop.contract.items import CONFIRMATION
from desktop.items.accepting import ItemCorrection, ItemSubmission, NewItemRow, undo
from desktop.items.batches.drafting import StartOptions
from desktop.items.batches.rows import CheckedRow, DraftSettings
from desktop.settings.office_folder import OfficeFolder
from desktop.settings.preferences import Settings
from sendoff_tasks.folder.database_backups import begin_empty
from sendoff_tasks.store.backup import back_up
from sendoff_tasks.submission import NewTask
from tests.backend.conftest import eventually_batch, services_on, settled
from tests.mail.server import Server, running
from tests.settings.saved import save

ROWS = 3


@pytest.fixture
def server(folder: OfficeFolder) -> Iterator[Server]:
    """Run a mail server to which the folder's messages go."""
    with running() as found:
        save(folder.settings_file, Settings(mail=found.settings()))
        yield found


def put_back(folder: OfficeFolder, copy: Path) -> None:
    """Put an older store in place, as a tool does that knows nothing of its other files."""
    folder.db.unlink()
    shutil.copy(copy, folder.db)


def draft(services: Services, *, numbered: bool, title: str = "Seats") -> int:
    """Make a draft; its rows may bring the numbers of their items."""
    number = services.batches.create(DraftSettings("Members", ["email"], [CONFIRMATION])).result()
    rows = []
    for row in range(1, ROWS + 1):
        person = {"name": f"P{row}", "email": f"p{row}@example.org"}
        item = {"title": title, "recipient": person} | ({"item_id": row} if numbered else {})
        rows.append(CheckedRow(row, item, f"P{row} <p{row}@example.org>"))
    services.batches.put_rows(number.batch_id, rows, 0).result()
    return number.batch_id


def start(services: Services, batch: int) -> None:
    services.batches.start(batch, StartOptions(send_changed=True)).result()


def counts(services: Services, batch: int) -> dict[str, int]:
    """Give a batch's counts once all its rows have ended."""
    found = eventually_batch(services, batch, lambda b: not b["counts"]["open"])["counts"]
    return {name: n for name, n in found.items() if n}  # type: ignore[misc]


@pytest.mark.parametrize(("was_draft", "numbered"), [(True, False), (False, True)])
def test_a_row_that_has_left_since_is_uncertain_though_it_had_no_task(
    folder: OfficeFolder, server: Server, *, was_draft: bool, numbered: bool
) -> None:
    with services_on(folder, None) as services:
        services.engine.pause(None).result()
        batch = draft(services, numbered=numbered)
        if not was_draft:
            start(services, batch)
        older = back_up(folder.db, datetime.now(UTC))
        if was_draft:
            start(services, batch)
        services.engine.resume(None).result()
        assert counts(services, batch)["sent"] == ROWS
    put_back(folder, older)
    with services_on(folder, None) as services:
        assert services.batches.get(batch)["counts"]["sent"] == 0
        if was_draft:
            start(services, batch)
        services.engine.resume(None).result()
        assert counts(services, batch)["uncertain"] == ROWS
        # What a person then says leaves again does.
        again = services.batches.row(batch, 1)["task_id"]
        assert again is not None
        services.engine.resolve(again, "again").result()
        settled(services, again, "succeeded")
    assert len(server.mails) == ROWS + 1


def test_a_changed_row_that_is_sent_again_by_another_batch_is_uncertain(
    folder: OfficeFolder, server: Server
) -> None:
    with services_on(folder, None) as services:
        for title in ("Opera", "Ballet", "Circus"):
            if title == "Ballet":
                older = back_up(folder.db, datetime.now(UTC))
            start(services, batch := draft(services, numbered=True, title=title))
            assert counts(services, batch)["sent"] == ROWS
    put_back(folder, older)
    with services_on(folder, None) as services:
        services.engine.resume(None).result()
        start(services, batch := draft(services, numbered=True, title="Circus"))
        assert counts(services, batch)["uncertain"] == ROWS
    assert len(server.mails) == 3 * ROWS


def post(services: Services, number: int | None, to: str = "a@example.org") -> int:
    """Submit an item with its confirmation; returns the task."""
    item = NewItemRow(number, {"recipient": {"email": to}}, [NewTask(CONFIRMATION)])
    ((task,),) = services.register.submit(ItemSubmission([item])).result().task_ids
    return task


def test_an_item_that_is_posted_again_by_its_number_is_uncertain(
    folder: OfficeFolder, server: Server
) -> None:
    with services_on(folder, None) as services:
        older = back_up(folder.db, datetime.now(UTC))
        tasks = [post(services, number) for number in (7, 8)]
        assert {settled(services, task)["state"] for task in tasks} == {"succeeded"}
    put_back(folder, older)
    with services_on(folder, None) as services:
        services.engine.resume(None).result()
        assert settled(services, post(services, 7))["state"] == "uncertain"
        assert settled(services, post(services, None))["state"] == "succeeded"
    assert len(server.mails) == 3


def put(services: Services, title: str, to: str = "a@example.org", *, send: bool = True) -> int:
    """Correct item 7; returns the task that sends it."""
    body = {"title": title, "recipient": {"email": to}}
    item = NewItemRow(7, body, [NewTask(CONFIRMATION, to=to)])
    found = services.register.correct(ItemCorrection(item, to, send)).result()
    return (found.added or found.using or [0])[0]


TEXTS = ("Opera", "Ballet", "Opera", "Ballet")


def test_a_correction_that_is_repeated_is_uncertain(folder: OfficeFolder, server: Server) -> None:
    with services_on(folder, None) as services:
        assert settled(services, post(services, 7))["state"] == "succeeded"
        older = back_up(folder.db, datetime.now(UTC))
        for text in TEXTS:
            assert settled(services, put(services, text))["state"] == "succeeded"
    put_back(folder, older)
    with services_on(folder, None) as services:
        services.engine.resume(None).result()
        for text in TEXTS:
            task = put(services, text)
            assert settled(services, task)["state"] == "uncertain"
            services.engine.resolve(task, "done").result()
        (again,) = services.engine.bulk("resend", [task]).result().answer["ids"]
        assert settled(services, again)["state"] == "succeeded", "it is another message"
    assert len(server.mails) == 1 + len(TEXTS) + 1


def test_an_item_posted_as_it_was_corrected_is_uncertain(
    folder: OfficeFolder, server: Server
) -> None:
    with services_on(folder, None) as services:
        older = back_up(folder.db, datetime.now(UTC))
        assert settled(services, post(services, 7))["state"] == "succeeded"
        put(services, "", "bo@example.org", send=False)
        body = {"recipient": {"email": "bo@example.org"}}
        item = NewItemRow(7, body, [NewTask(CONFIRMATION)])
        corrected = services.register.correct(ItemCorrection(item, "bo@example.org", send=True))
        assert settled(services, corrected.result().added[0])["state"] == "succeeded"
    put_back(folder, older)
    with services_on(folder, None) as services:
        services.engine.resume(None).result()
        assert settled(services, post(services, 7, "bo@example.org"))["state"] == "uncertain"
    assert len(server.mails) == 2


def test_a_refused_message_that_left_to_another_address_is_uncertain(
    folder: OfficeFolder, server: Server
) -> None:
    with services_on(folder, None) as services:
        server.faults["RCPT"] = "550 5.1.1 no such user"
        task = post(services, 7)
        assert settled(services, task)["state"] == "failed"
        server.faults.clear()
        older = back_up(folder.db, datetime.now(UTC))
        put(services, "", "bo@example.org", send=False)
        services.engine.retry(task).result()
        assert settled(services, task)["state"] == "succeeded"
    put_back(folder, older)
    with services_on(folder, None) as services:
        services.engine.resume(None).result()
        put(services, "", "bo@example.org", send=False)
        services.engine.retry(task).result()
        assert settled(services, task)["state"] == "uncertain"
    assert len(server.mails) == 1


def test_another_person_whose_item_has_the_number_of_a_deleted_one_is_informed(
    folder: OfficeFolder, server: Server
) -> None:
    with services_on(folder, None) as services:
        task = post(services, 7)
        assert settled(services, task)["state"] == "succeeded"
        services.engine.bulk("remove", [task]).result()
        services.engine.do(lambda group: undo(group, 7)).result()
        assert settled(services, post(services, 7, "bo@example.org"))["state"] == "succeeded"
    assert len(server.mails) == 2


def test_another_store_knows_the_kept_messages_of_none(
    folder: OfficeFolder, server: Server
) -> None:
    for _ in range(2):
        with services_on(folder, None) as services:
            assert settled(services, post(services, 7))["state"] == "succeeded"
        begin_empty(folder.db)
    assert len(server.mails) == 2
