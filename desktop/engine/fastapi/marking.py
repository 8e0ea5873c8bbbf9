"""Marks a store as an app's own, because only that app knows its tasks' functions."""

from __future__ import annotations

from typing import Final

from desktop.engine.facade.engine import Engine
from desktop.engine.facade.opening import Purpose, reserve
from desktop.engine.functions.registry import Registry
from desktop.engine.store.errors import StoreError
from desktop.engine.store.reads.query import ItemSearch
from desktop.settings.atomic import write_atomic
from desktop.settings.paths import SERVER_MARK, DataFolder

MARK: Final = b"An app runs these tasks (desktop.engine.fastapi), and nothing else may.\n"
"""The content of the file that keeps Sendoff's own backend away from an app's tasks."""
HAS_TASKS: Final = "{} has tasks of its own: give the monitor another data_dir."
MOVED: Final = "The tasks of {} are in a database on a server: install(app, database=…)."


def mark(place: DataFolder | str) -> None:
    """Mark a folder, or a database on a server, as an app's.

    Raises ``StoreError`` if it has items of Sendoff's own, or if the folder's tasks were moved.
    """
    if isinstance(place, str):
        reserve(place, Purpose.APP)
        return
    if place.server_mark.exists():
        raise StoreError(MOVED.format(place.root))
    if place.app_mark.exists():
        return
    if place.db.exists():
        _refuse_items(place)
    write_atomic(place.app_mark, MARK)


def mark_beside(folder: DataFolder) -> None:
    """Mark a monitor's folder as belonging to an app whose tasks are in a database."""
    if folder.db.exists():
        raise StoreError(HAS_TASKS.format(folder.db))
    for place, said in ((folder.app_mark, MARK), (folder.server_mark, SERVER_MARK)):
        if not place.exists():
            write_atomic(place, said)


def _refuse_items(folder: DataFolder) -> None:
    looking = Engine(folder.db, Registry(), lanes=False)
    looking.start()
    try:
        has_items = bool(looking.items(ItemSearch(limit=1))["items"])
    finally:
        looking.stop()
    if has_items:
        raise StoreError(f"{folder.db} has items of Sendoff's own: give the app another data_dir.")
