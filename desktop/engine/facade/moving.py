"""``sendoff move``: moves a folder's tasks and files to a database on a server, all or none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from desktop.engine.facade.opening import NO_ADDRESS, Purpose, is_on_server, needing_driver
from desktop.engine.sqlite import SqliteStore
from desktop.engine.store.errors import StoreError, StoreInUse
from desktop.settings.atomic import flush_folder, write_atomic
from desktop.settings.lock_file import LockFile, last_holder, store_lock
from desktop.settings.paths import SERVER_MARK, DataFolder, store_mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from desktop.engine.postgres.moving import KeptFile, Moved
    from desktop.engine.transaction.features import Feature

DONE: Final = "The tasks of {} are in a database on a server already: nothing is left to move."
NOTHING: Final = "{} has no tasks to move."
IN_USE: Final = "{} is in use: end {} first."
MOVED: Final = ".moved"
"""Suffix of the database file after its tasks were moved."""


def move(folder: DataFolder, url: str, kept: Iterable[str], features: Sequence[Feature]) -> Moved:
    """Copy a folder's tasks, and rename their file; return what was moved.

    The files that match the patterns ``kept`` are moved, too, unless the tasks are an app's.
    Nothing changes before the whole copy was compared. If interrupted, it can be called again.
    Raises ``StoreError``.
    """
    if not is_on_server(url):
        raise StoreError(NO_ADDRESS)
    if not folder.db.exists():
        why = DONE if folder.server_mark.exists() else NOTHING
        raise StoreError(why.format(folder.root))
    with needing_driver():
        from desktop.engine.postgres.files import kept_files, put_aside
    is_app = folder.app_mark.exists()
    lock = LockFile(folder.backend_lock)
    if not lock.take():
        raise _in_use(folder, folder.backend_lock)
    try:
        if is_app:
            moved = _move(folder, url, Purpose.APP, [], [])
        else:
            files = list(kept_files(folder.root, kept))
            moved = _move(folder, url, Purpose.ITEMS, files, features)
        # First, because a folder without its file would look as if the file had been lost.
        write_atomic(folder.server_mark, SERVER_MARK)
        folder.db.replace(folder.db.with_name(f"{folder.db.name}{MOVED}"))
        store_mark(folder.db).unlink(missing_ok=True)
        flush_folder(folder.root)
        for name in moved.files:  # if a kill leaves some, the first start puts them aside
            put_aside(folder.root, name)
    except StoreInUse as error:
        raise _in_use(folder, store_lock(folder.db)) from error
    except OSError as error:
        raise StoreError(f"{error.filename or folder.root}: {error.strerror or error}.") from error
    finally:
        lock.release()
    return moved


def _in_use(folder: DataFolder, lock: Path) -> StoreError:
    pid = last_holder(lock)
    who = "what runs its tasks" if pid is None else f"process {pid}"
    return StoreError(IN_USE.format(folder.root, who))


def _move(
    folder: DataFolder,
    url: str,
    purpose: Purpose,
    files: Sequence[KeptFile],
    features: Sequence[Feature],
) -> Moved:
    # Imported here, after the check for the driver.
    from desktop.engine.postgres.moving import fill
    from desktop.engine.transaction.features import tables_of

    store = SqliteStore(folder.db, tables_of(features))
    try:
        with store.reader.snapshot() as source:
            return fill(url, purpose.value, source, files, features)
    finally:
        store.close()
