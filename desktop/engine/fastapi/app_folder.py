"""The mark on the data folder of an app: its tasks are the app's own."""

from __future__ import annotations

from typing import Final

from desktop.engine.facade.engine import Engine
from desktop.engine.functions.registry import Registry
from desktop.engine.store.file.errors import StoreError
from desktop.engine.store.reads.items import ItemQuery
from desktop.settings.atomic import write_atomic
from desktop.settings.paths import DataFolder

MARK: Final = b"An app runs these tasks (desktop.engine.fastapi), and nothing else may.\n"
"""What the file says that keeps Sendoff's own backend from the app's tasks."""


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
