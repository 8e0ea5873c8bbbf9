"""The image of a new store, made once a process by the engine itself."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from desktop.items.tables.schema import metadata
from sendoff_tasks.store.database import prepare_store
from tests.simulation.computer.connection import Connection
from tests.simulation.computer.disk import Disk


@lru_cache(maxsize=1)
def image() -> bytes:
    """Return the bytes of the database file; its name is always the same."""
    disk = Disk()
    connection: Any = Connection(disk, "/template.db")
    prepare_store(connection, Path("/template.db"), metadata.sorted_tables)
    connection.execute("UPDATE meta SET value = 'simulated' WHERE key = 'store'")
    connection.close()
    return bytes(disk.files["/template.db"].content)
