"""The command: a line for each thing looked at, or a backup put in the place of what is damaged."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from desktop.settings.backups import RestoreError, find_fault, restore
from desktop.settings.paths import DataFolder, data_dir
from desktop.shell.doctor.machine import look_at_machine
from desktop.shell.doctor.mail import look_at_mail
from desktop.shell.doctor.standstill import look_for_standstill
from desktop.shell.doctor.store import look_at_store
from desktop.shell.terminal import fail, say, until_unheard

if TYPE_CHECKING:
    from pathlib import Path


def run(folder: str | None, *, restores: bool) -> int:
    """Look at everything, or restore; returns 0 where all is well (again), else 1."""
    data = DataFolder(data_dir(folder))
    return until_unheard(lambda: _restore(data.db) if restores else _look(data))


def _look(data: DataFolder) -> int:
    is_well = True
    mail = () if data.app_mark.exists() else look_at_mail(data.settings_file)  # an app's is its own
    standstill = look_for_standstill(data.db, data.settings_file)
    for finding in chain(look_at_machine(data), look_at_store(data.db), mail, standstill):
        say(str(finding))
        is_well = is_well and finding.ok
    return 0 if is_well else 1


def _restore(database: Path) -> int:
    if database.exists() and find_fault(database, at_rest=False) is None:
        return fail(f"{database} is sound, so nothing was restored.")
    try:
        done = restore(database)
    except RestoreError as error:
        return fail(str(error))
    say(done.sentence)
    return 0
