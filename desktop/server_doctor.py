"""``sendoff doctor --database URL``: a database on a server, and the mail settings in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from desktop.engine.facade import opening
from desktop.engine.store.errors import StoreError
from desktop.items.tables.schema import metadata
from desktop.mail.files import SETTINGS
from desktop.settings.preferences import parse_after, recalled
from desktop.settings.secrets import Passwords
from desktop.shell.doctor import look, look_at_settings, ok

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop.engine.postgres.opening import ServerStore
    from desktop.settings.paths import DataFolder
    from desktop.shell.doctor import Finding

_MIB: Final = 1 << 20
EMPTY: Final = "Store: the database has no tables yet; they are made at the first start"


def look_at_database(url: str, folder: DataFolder) -> Iterator[Finding]:
    """Check the database, the mail settings in it and the password in ``folder`` or the keyring.

    Change nothing and send no mail.
    """
    try:
        found = opening.look(url, SETTINGS, metadata.sorted_tables)
    except StoreError as error:
        yield look(f"Store: {error}")
        return
    if found is None:
        yield ok(EMPTY)
        return
    yield _described(found)
    yield from map(look, found.unsafe)
    before, where = recalled(found.remembered), f"{SETTINGS} in the database"
    yield from look_at_settings(
        lambda: parse_after(before, found.settings or b"", where), Passwords(folder.password_file)
    )


def _described(found: ServerStore) -> Finding:
    tasks = "1 task" if found.tasks == 1 else f"{found.tasks:,} tasks"
    store = f"PostgreSQL {found.server}, tables of version {found.version}, {tasks}"
    workers = "1 worker" if found.workers == 1 else f"{found.workers:,} workers"
    used = f"{found.holder or 'no process'} runs its tasks"
    return ok(f"Store: {store}, {found.size / _MIB:.1f} MiB; {used}, {workers}")
