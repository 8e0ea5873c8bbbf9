"""Forgets a person: in the store, in the files beside it, and in the logs."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from desktop.backend.batches import forget_deleted
from desktop.contract.items import ForgottenPerson, PlaceWithPerson
from desktop.items.forgetting import FORGOTTEN
from desktop.items.person import unescaped
from desktop.items.reads.sent import read_place
from sendoff_tasks.folder import database_backups
from sendoff_tasks.folder.database_backups import list_backups
from sendoff_tasks.folder.safe_files import sweep_below, sweep_beside
from sendoff_tasks.http.log_files import forget_in_logs
from sendoff_tasks.model.times import wire_time
from sendoff_tasks.store.backup import RETAINED
from sendoff_tasks.store.reads.rows import read_missing
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop.backend.services import Services
    from desktop.items.person import Person

_DAY: Final = timedelta(days=1)
SET_ASIDE: Final = ("damaged-*", "batches-*", "moved", "*.moved")
"""What was put aside: damaged files, those of another store, those that a server's database has."""
TYPED: Final = ("drafts/*", "window.ini*", "servers/*/drafts/*", "servers/*/window.ini*")
"""Files in which a window keeps what is typed and not submitted, pinned, or saved as a view."""


def forget_person(
    item_id: int, services: Services, *, do_not_send: bool = False
) -> ForgottenPerson:
    """Forget the person of an item; takes its time.

    Messages that wait are cancelled first, so none leaves meanwhile. The files go before the store:
    while it has the person, the call can be repeated. With ``do_not_send`` a fingerprint of the
    address stays on that list. Raises ``UnknownId``, and ``Conflict`` while a message to the person
    may be under way.
    """
    register, letters = services.register, services.letters
    person = register.person(item_id)
    register.stop_messages(person).result()
    sweep_left_over(services)
    sheets = {number: name for number in person.rows if (name := _empty(services, person, number))}
    forget_deleted(services)
    letters.forget_messages(person.address, person.references)
    letters.forget_attachments(person.files)
    forget_in_logs(partial(missing_of, services), person.words)
    register.forget(person, sheets, do_not_send=do_not_send).result()
    forget_deleted(services)
    forget_in_logs(partial(missing_of, services), person.words)
    return ForgottenPerson(
        items=[*person.items],
        batches=sorted(person.rows),
        backups=[*_places(person, services)],
    )


def sweep_left_over(services: Services) -> None:
    """Delete what killed backends left unfinished, where only the backend writes.

    Raises ``OSError``.
    """
    for folder in services.folder.of_backend:
        sweep_below(folder)
    sweep_beside(services.folder.settings_file)
    if isinstance(database := services.engine.config.database, Path):
        database_backups.sweep_left_over(database)


def missing_of(services: Services, tasks: set[int]) -> set[int]:
    """Return those of some tasks that the store does not have."""
    return services.engine.read(read_missing, tasks)


def _empty(services: Services, person: Person, number: int) -> str | None:
    """Empty the person's rows in the spreadsheet kept with a batch; return its name.

    One that cannot be written again is deleted.
    """
    from desktop.sheets.calls import report_suffix, write_report
    from desktop.sheets.faults import SheetError

    batch, kept = services.batches.get(number), services.letters.sheet_path(number)
    name = batch["sheet"]
    if name is None or not kept.is_file():
        return None
    own = [row for row in person.rows[number] if (number, row) not in person.others]
    try:
        write_report(
            kept,
            kept,
            batch["columns"],
            [],
            [[(row, []) for row in sorted(own)]],
            reading=batch["reading"],
            name=name,
            forgets=sorted({person.address, *(each.casefold() for each in person.written)} - {""}),
        )
    except SheetError:
        kept.unlink(missing_ok=True)
        return None
    return person.names.sub(FORGOTTEN, str(Path(name).with_suffix(report_suffix(Path(name)))))


def _places(person: Person, services: Services) -> Iterator[PlaceWithPerson]:
    """Yield what was made since the person's first item was added: backups, then other copies.

    A backup stays until as many newer ones are there as are retained: one is made a day. On a
    server none is made any more.
    """
    folder, database = services.folder, services.engine.config.database
    since = datetime.fromtimestamp(person.since / 1000 - 1, UTC)
    store = database if isinstance(database, Path) else folder.db
    backups = list_backups(store, unfinished=True)
    for newer, backup in enumerate(backups):
        if backup.at >= since:
            following = max(backups[0].at + _DAY, datetime.now(UTC))
            until = following + (RETAINED - 1 - newer) * _DAY
            yield _place(backup.path, backup.at, until if store is database else None)
    filed = services.engine.read(read_place)
    if filed.account and filed.at >= person.since:
        server, user, _ = json.loads(filed.account)
        folder_there = ENGLISH.say("sent_copy", "folder", user=user, server=server)
        yield PlaceWithPerson(file=folder_there, at=wire_time(filed.at), until=None)
    for pattern in (*SET_ASIDE, *TYPED):
        for place in sorted({*folder.root.glob(pattern), *store.parent.glob(pattern)}):
            with suppress(OSError):  # deleted meanwhile
                at = datetime.fromtimestamp(place.stat().st_mtime, UTC)
                if _names(person, place) if pattern in TYPED else at >= since:
                    yield _place(place, at, None)


def _names(person: Person, typed: Path) -> bool:
    return person.names.search(unescaped(typed.read_text(errors="replace"))) is not None


def _place(file: Path, at: datetime, until: datetime | None) -> PlaceWithPerson:
    return PlaceWithPerson(
        file=str(file), at=_wire(at), until=None if until is None else _wire(until)
    )


def _wire(at: datetime) -> str:
    return wire_time(round(at.timestamp() * 1000))
