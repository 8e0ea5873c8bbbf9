"""The versions of the tables: the first one that is kept, and a file for each later change.

A change of a table of the engine is a module here, named by its version (``to_0039.py``) and listed
in ``OWN``. A feature has such a history of its own, in the ``info`` of its metadata by ``KEY``. A
new table is made by the change that brings it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from sqlalchemy import Table

from sendoff_tasks.store.migrations.migration import Migration
from sendoff_tasks.store.migrations.to_0039 import TO_0039
from sendoff_tasks.store.tables.cursor import Source
from sendoff_tasks.store.tables.statements import read_meta

BASELINE: Final = "0038"
"""The first version that is kept, of all tables."""
KEY: Final = "history"


@dataclass(frozen=True, slots=True)
class History:
    """The changes of a feature's tables since the baseline, in order; of the engine's without name.

    The version of a feature's tables is in ``meta`` by the name; without a row they are as in the
    baseline.
    """

    name: str
    migrations: Sequence[Migration] = ()

    @property
    def newest(self) -> str:
        """The version of new tables."""
        return self.migrations[-1].version if self.migrations else BASELINE


OWN: Final = History("", (TO_0039,))


def own_version() -> str:
    """Return the version of the engine's own tables."""
    return OWN.newest


class OtherTables(Exception):
    """Tables of a version that no change leads from; ``newest`` is the last one known here."""

    def __init__(self, version: str, newest: str) -> None:
        super().__init__(version)
        self.version = version
        self.newest = newest
        self.is_newer = version > newest


class Due(NamedTuple):
    """A change that is to be made, and the name of its history."""

    name: str
    migration: Migration


def due_changes(
    version_of: Callable[[str], str], tables: Iterable[Table], found: Collection[str]
) -> Sequence[Due]:
    """Return the changes of the engine's tables and those ``tables`` of features, in order.

    ``version_of`` returns that of a history by its name, ``found`` names the store's tables. A
    feature that has none there begins with new ones. Raises ``OtherTables``.
    """
    due: list[Due] = []
    for history in (OWN, *histories_of(tables, found)):
        version = version_of(history.name)
        if version not in {BASELINE, *(each.version for each in history.migrations)}:
            raise OtherTables(version, history.newest)
        due += [Due(history.name, each) for each in history.migrations if each.version > version]
    return due


def histories_of(tables: Iterable[Table], found: Collection[str]) -> Iterator[History]:
    """Yield the histories of features with a table in ``found``."""
    for metadata in dict.fromkeys(table.metadata for table in tables):
        history: History | None = metadata.info.get(KEY)
        if history is not None and not metadata.tables.keys().isdisjoint(found):
            yield history


PUT: Final = "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"


def version_key(name: str) -> str:
    """Return the key in ``meta`` of the version of a feature's tables."""
    return f"version {name}"


def read_version(source: Source, name: str) -> str:
    """Return the version of a feature's tables that are there."""
    return read_meta(source, version_key(name)) or BASELINE


def new_versions(
    tables: Iterable[Table], lacking: Collection[Table]
) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield the statements for the versions of features whose tables are all ``lacking``."""
    made = {table.name for table in lacking}
    before = [table.name for table in tables if table.name not in made]
    known = {history.name for history in histories_of(tables, before)}
    for history in histories_of(tables, made):
        if history.name not in known:
            yield PUT, (version_key(history.name), history.newest)
