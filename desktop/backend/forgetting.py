"""Forgetting a person: in the store, in kept messages and files, in logs; backups are named."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from desktop.backend.starting import forget_in_logs
from desktop.contract.items import BackupWithPerson, ForgottenPerson
from desktop.contract.rules.times import wire_time
from desktop.settings.database_backups import list_backups

if TYPE_CHECKING:
    from desktop.backend.services import Services
    from desktop.items.reads.person import Person


def forget(item_id: int, services: Services) -> ForgottenPerson:
    """Forget the person of an item; takes its time.

    The files go first: while the store has the person, the call can be repeated. Raises
    ``UnknownId``, and ``Conflict`` while a message to the person may be under way.
    """
    register = services.register
    person = register.person(item_id)
    register.check_forgettable(person).result()
    services.letters.forget_person(person)
    if person.address:
        forget_in_logs(person.address)
    register.forget(person).result()
    return ForgottenPerson(
        items=[*person.items], batches=sorted(person.rows), backups=_backups(person, services)
    )


def _backups(person: Person, services: Services) -> list[BackupWithPerson]:
    database = services.engine.config.database
    if not isinstance(database, Path):
        return []
    return [
        BackupWithPerson(file=str(backup.path), at=wire_time(round(backup.at.timestamp() * 1000)))
        for backup in list_backups(database)
        if backup.at.timestamp() * 1000 >= person.since - 1000
    ]
