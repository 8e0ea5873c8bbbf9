"""What ``doctor`` says of the version of a store, and of a database on a server."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Final

from sendoff_tasks.facade import opening
from sendoff_tasks.folder.lock_file import is_held, store_lock
from sendoff_tasks.shell.doctor import has_content, look, ok, tell_standstill
from sendoff_tasks.store.database import due_in, read_only
from sendoff_tasks.store.errors import OtherVersion, StoreError
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sqlalchemy import Table

    from sendoff_tasks.folder.paths import DataFolder
    from sendoff_tasks.postgres.opening import ServerStore
    from sendoff_tasks.shell.doctor import Finding

_MIB: Final = 1 << 20


def look_at_version(data: DataFolder, tables: Sequence[Table] = ()) -> Iterator[Finding]:
    """Tell whether this program opens the folder's store as it is; change nothing.

    ``tables`` are those of features. ``look_at_store`` reports what cannot be read.
    """
    if not has_content(data.db) or is_held(store_lock(data.db)):
        return
    with suppress(OSError, sqlite3.Error), closing(read_only(data.db)) as source:
        try:
            if due_in(source, data.db, tables):
                yield ok(ENGLISH.say("doctor", "outdated"))
        except OtherVersion as error:
            yield look(str(error))


def look_at_database(
    url: str,
    beside: Callable[[ServerStore], Iterable[Finding]] = lambda _: (),
    *,
    settings: str = "",
    tables: Sequence[Table] = (),
) -> Iterator[Finding]:
    """Check the database, with the ``tables`` of features, and what waits; change nothing.

    ``beside`` looks at what else is in it, such as the file of ``settings``.
    """
    try:
        found = opening.look(url, settings, tables)
    except StoreError as error:
        yield look(ENGLISH.say("doctor", "unusable", why=error))
        return
    if found is None:
        yield ok(ENGLISH.say("doctor", "no_tables"))
        return
    yield _described(found)
    if found.is_outdated:
        yield ok(ENGLISH.say("doctor", "outdated_there"))
    yield from map(look, map(str, found.unsafe))
    yield from beside(found)
    yield from tell_standstill(found.standstill)


def _described(found: ServerStore) -> Finding:
    return ok(
        ENGLISH.say(
            "doctor",
            "database" if found.holder else "database_idle",
            server=found.server,
            version=found.version,
            tasks=ENGLISH.say("count", "tasks", n=found.tasks),
            workers=ENGLISH.say("doctor", "workers", n=found.workers),
            size=f"{found.size / _MIB:.1f}",
            holder=found.holder,
        )
    )
