"""The data folder of an app: taken by one process at a time, and marked as the app's own."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import ExitStack
from typing import Final

from desktop.engine.engine import Engine
from desktop.engine.functions.registry import Registry
from desktop.engine.running_engine import GRACE_S
from desktop.engine.store.file.errors import StoreError, StoreInUse
from desktop.engine.store.reads.items import ItemQuery
from desktop.settings.atomic import write_atomic
from desktop.settings.lock_file import LockFile, last_holder
from desktop.settings.paths import DataFolder

MARK: Final = b"An app runs these tasks (desktop.engine.fastapi), and nothing else may.\n"
"""What the file says that keeps Sendoff's own backend from the app's tasks."""
WAIT_S: Final = GRACE_S + 5.0
"""How long a process that starts waits for the folder: as long as an orderly stop may take."""
WAIT_EVERY_S: Final = 0.1

log = logging.getLogger(__name__)


async def take_folder(held: ExitStack, folder: DataFolder) -> None:
    """Make the folder this process' own, as soon as the one that still stops has left it.

    At a reload, the new process is started before the old one has ended. Raises ``StoreInUse``
    after ``WAIT_S``.
    """
    folder.root.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = LockFile(folder.backend_lock)
    until = None
    while not lock.take():
        holder = last_holder(folder.backend_lock)
        if until is None:
            until = time.monotonic() + WAIT_S
            who = "another process" if holder is None else f"process {holder}"
            log.warning("%s: waits for %s, which is still stopping", folder.root, who)
        elif time.monotonic() > until:
            raise StoreInUse(folder.db, holder)
        await asyncio.sleep(WAIT_EVERY_S)
    held.callback(lock.release)


def mark(folder: DataFolder) -> None:
    """Say that the tasks are an app's own; raises ``StoreError`` where Sendoff's items are."""
    if folder.app_mark.exists():
        return
    if folder.db.exists():
        looking = Engine(folder.db, Registry(), lanes=False)
        looking.start()
        try:
            has_items = bool(looking.items(ItemQuery(limit=1))["items"])
        finally:
            looking.stop()
        if has_items:
            why = "has items of Sendoff's own: give the app another data_dir"
            raise StoreError(f"{folder.db} {why}.")
    write_atomic(folder.app_mark, MARK)
