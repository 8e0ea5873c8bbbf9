"""``sendoff move``: the tasks of a data folder go to a database on a server, all or none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from desktop.engine.facade.opening import NO_ADDRESS, Purpose, is_on_server, needing_driver
from desktop.engine.sqlite import SqliteStore
from desktop.engine.store.file.errors import StoreError, StoreInUse
from desktop.settings.atomic import flush_folder, write_atomic
from desktop.settings.lock_file import LockFile
from desktop.settings.paths import SERVER_MARK, DataFolder

if TYPE_CHECKING:
    from desktop.engine.postgres.moving import Moved

NOTHING: Final = "{} has no tasks to move."
IN_USE: Final = "{} is in use: end what runs its tasks first."
MOVED: Final = ".moved"
"""What the file is called afterwards that the tasks were in."""


def move(folder: DataFolder, url: str) -> Moved:
    """Bring a folder's tasks over, and keep their file aside; returns what was moved.

    Nothing is changed before all rows are there and equal. Cut short, it can be called again.
    Raises ``StoreError``.
    """
    if not is_on_server(url):
        raise StoreError(NO_ADDRESS)
    if not folder.db.exists():
        raise StoreError(NOTHING.format(folder.root))
    lock = LockFile(folder.backend_lock)
    if not lock.take():
        raise StoreError(IN_USE.format(folder.root))
    try:
        moved = _move(folder, url)
        # First of all: without its file, the folder would look as if that had been lost.
        write_atomic(folder.server_mark, SERVER_MARK)
        folder.db.replace(folder.db.with_name(f"{folder.db.name}{MOVED}"))
        flush_folder(folder.root)
    except StoreInUse as error:
        raise StoreError(IN_USE.format(folder.root)) from error
    except OSError as error:
        raise StoreError(f"{error.filename or folder.root}: {error.strerror}.") from error
    finally:
        lock.release()
    return moved


def _move(folder: DataFolder, url: str) -> Moved:
    with needing_driver():
        from desktop.engine.postgres.moving import fill
    purpose = Purpose.APP if folder.app_mark.exists() else Purpose.ITEMS
    store = SqliteStore(folder.db)
    try:
        with store.reader.snapshot() as source:
            return fill(url, purpose.value, source)
    finally:
        store.close()
