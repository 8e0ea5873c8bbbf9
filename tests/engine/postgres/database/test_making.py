"""Tables are made and changed beside processes that work with them."""

from __future__ import annotations

import threading

import psycopg

from desktop.engine.postgres import opening
from desktop.engine.store.tables.schema import VERSION
from tests import WITHIN
from tests.looking import eventually

OLDER = (
    "ALTER TABLE corrections DROP COLUMN address",
    "DROP INDEX tasks_with_repeats",
    "DROP TABLE scheduled_in_batches",
    "ALTER TABLE tasks DROP COLUMN past_errors",
    "UPDATE version SET version = '0018'",
)
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


def test_tables_are_changed_once_more_where_a_process_was_in_the_way_both_ways(url: str) -> None:
    """The server ends one of two that wait for each other; here it is always the change."""
    with (
        psycopg.connect(url) as working,
        psycopg.connect(url) as first,
        psycopg.connect(url, autocommit=True) as admin,
    ):
        for session in (working, first, admin):
            session.execute("SET search_path TO sendoff")
            session.execute("SET deadlock_timeout TO '1h'")
            session.commit()
        for statement in OLDER:
            admin.execute(statement.encode())
        admin.execute(f"ALTER DATABASE {admin.info.dbname} SET deadlock_timeout TO '10ms'".encode())
        working.execute("SELECT 1 FROM batch_rows")
        first.execute("LOCK TABLE corrections")
        changing = threading.Thread(target=opening.migrate, args=(url,))
        changing.start()
        eventually(lambda: admin.execute(WAITING).fetchone() == (1,))
        correcting = threading.Thread(target=working.execute, args=("SELECT 1 FROM corrections",))
        correcting.start()
        eventually(lambda: admin.execute(WAITING).fetchone() == (2,))
        first.commit()  # the change has it next, and waits for what is being worked with
        correcting.join(WITHIN)
        assert not correcting.is_alive()
        working.commit()
        changing.join(WITHIN)
        assert admin.execute("SELECT version FROM version").fetchone() == (VERSION,)
