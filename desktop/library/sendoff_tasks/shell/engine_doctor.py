"""``doctor --database URL``: what it says of a database on a server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sendoff_tasks.facade import opening
from sendoff_tasks.shell.doctor import look, ok
from sendoff_tasks.store.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sqlalchemy import Table

    from sendoff_tasks.postgres.opening import ServerStore
    from sendoff_tasks.shell.doctor import Finding

_MIB: Final = 1 << 20
EMPTY: Final = "Store: the database has no tables yet; they are made at the first start"


def look_at_database(
    url: str,
    beside: Callable[[ServerStore], Iterable[Finding]] = lambda _: (),
    *,
    settings: str = "",
    tables: Sequence[Table] = (),
) -> Iterator[Finding]:
    """Check the database, with the ``tables`` of features; change nothing.

    ``beside`` looks at what else is in it, such as the file of ``settings``.
    """
    try:
        found = opening.look(url, settings, tables)
    except StoreError as error:
        yield look(f"Store: {error}")
        return
    if found is None:
        yield ok(EMPTY)
        return
    yield _described(found)
    yield from map(look, found.unsafe)
    yield from beside(found)


def _described(found: ServerStore) -> Finding:
    tasks = "1 task" if found.tasks == 1 else f"{found.tasks:,} tasks"
    store = f"PostgreSQL {found.server}, tables of version {found.version}, {tasks}"
    workers = "1 worker" if found.workers == 1 else f"{found.workers:,} workers"
    used = f"{found.holder or 'no process'} runs its tasks"
    return ok(f"Store: {store}, {found.size / _MIB:.1f} MiB; {used}, {workers}")
