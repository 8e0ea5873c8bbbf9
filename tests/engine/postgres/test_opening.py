"""Which databases a store is opened or made in, and which are left alone, with the reason."""

from __future__ import annotations

from functools import partial
from typing import Any

import psycopg
import pytest

from desktop import cli
from desktop.engine.attempts.outcomes import Failed, Succeeded
from desktop.engine.errors import NotWritable
from desktop.engine.postgres import inspection, opening
from desktop.engine.postgres.connection import SETTINGS
from desktop.engine.postgres.database.holder import LOCK
from desktop.engine.postgres.database.making import NEWER
from desktop.engine.postgres.database.schema import NUMBERED
from desktop.engine.postgres.opening import PostgresStore
from desktop.engine.store.errors import StoreError
from desktop.engine.store.reads.causes import read_causes
from desktop.engine.store.reads.query import Filter, Query
from desktop.engine.store.reads.tasks.pages import read_page
from desktop.engine.store.tables.schema import VERSION
from desktop.engine.verbs.change import SEEN, change
from tests.engine.batches.office import Office
from tests.engine.postgres.stepped import PostgresStepped
from tests.engine.scan import check_causes
from tests.engine.stepped import Stepped, registry
from tests.engine.store.migrations.test_versions import OLD_ROWS, TIMES

IN_THE_WAY = r"\. End .+, which runs the tasks with an older Sendoff\.$"
FULL_UP = "The database server refuses the connection: too many connections for role"


def test_a_server_that_is_too_old_says_which_version_is_needed(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One before 12 knows not even the settings of a session."""
    monkeypatch.setattr(psycopg.ConnectionInfo, "server_version", 140_022)
    monkeypatch.setitem(SETTINGS, "of_a_newer_server", "on")
    for use in (PostgresStore, opening.migrate, partial(inspection.look, settings="settings.toml")):
        with pytest.raises(StoreError, match=r"^The server is PostgreSQL 14; 15 or newer is"):
            use(url)


def test_a_database_without_the_newest_tables_gets_them(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP TABLE sendoff.noted, sendoff.orders, sendoff.workers")
        connection.execute("DROP FUNCTION sendoff.forget_workers, sendoff.forget_tasks CASCADE")
        PostgresStore(url).close()
        assert connection.execute("SELECT count(*) FROM sendoff.orders").fetchone() == (0,)
        connection.execute("DROP TABLE sendoff.ran_on")
        PostgresStore(url).close()
        assert connection.execute("SELECT count(*) FROM sendoff.ran_on").fetchone() == (0,)
        connection.execute("DROP TABLE sendoff.handed")
        connection.execute("DROP FUNCTION sendoff.tell_guests")
        PostgresStore(url).close()
        assert connection.execute("SELECT count(*) FROM sendoff.handed").fetchone() == (0,)
        connection.execute("DROP TABLE sendoff.relayed")
        connection.execute("DROP INDEX sendoff.orders_by_number")
        connection.execute("CREATE INDEX orders_of ON sendoff.orders (worker)")
        for name, of in NUMBERED.items():
            connection.execute(f"DROP INDEX sendoff.{name}_and_id".encode())
            old = of.replace(", id", "")
            connection.execute(f"CREATE INDEX {name} ON sendoff.{old}".encode())
        PostgresStore(url).close()
        assert connection.execute("SELECT count(*) FROM sendoff.relayed").fetchone() == (0,)
        found = connection.execute("SELECT indexname FROM pg_indexes WHERE schemaname = 'sendoff'")
        names = {name for (name,) in found}
        assert names.isdisjoint({"orders_of", *NUMBERED})
        assert names >= {"orders_by_number", *(f"{name}_and_id" for name in NUMBERED)}


def test_a_database_forgets_by_triggers_what_older_ones_forgot_by_foreign_keys(url: str) -> None:
    keys = {"orders": ("worker", "workers"), "noted": ("worker", "workers")}
    keys |= {"ran_on": ("task_id", "tasks"), "tasks": ("function", "functions")}
    left = (
        "SELECT conrelid::regclass::text FROM pg_constraint WHERE contype = 'f'"
        " AND connamespace = 'sendoff'::regnamespace"
    )
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET search_path = sendoff")
        connection.execute("DROP FUNCTION forget_workers, forget_tasks CASCADE")
        for table, (column, other) in keys.items():
            key = f"ALTER TABLE {table} ADD FOREIGN KEY ({column}) REFERENCES {other}"
            connection.execute(key.encode())
        with psycopg.connect(url) as older:  # it runs the tasks, and needs the keys
            older.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
            connection.execute("UPDATE version SET version = '0019'")
            with pytest.raises(StoreError, match=IN_THE_WAY):
                PostgresStore(url)
        assert {table for (table,) in connection.execute(left)} >= keys.keys()
        connection.execute("UPDATE version SET version = %s", (VERSION,))
        PostgresStore(url).close()
        assert {table for (table,) in connection.execute(left)}.isdisjoint(keys)
        connection.execute("INSERT INTO workers VALUES ('w.1', 'a worker', '{}', 'ready', 0)")
        connection.execute("INSERT INTO orders VALUES (1, 1, 1, 'w.1', ''), (2, 2, 1, 'w.2', '')")
        connection.execute("INSERT INTO noted VALUES ('w.1', 1, 1, 1, 'end', '')")
        connection.execute("DELETE FROM workers")
        assert connection.execute("SELECT worker FROM orders").fetchall() == [("w.2",)]
        assert connection.execute("SELECT worker FROM noted").fetchall() == []


def test_rows_that_were_handed_over_before_they_said_their_kind_say_it(url: str) -> None:
    handed = "INSERT INTO sendoff.handed (sender, number, wanted) VALUES (%s, 1, '')"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP FUNCTION sendoff.tell_guests CASCADE")
        connection.execute("ALTER TABLE sendoff.handed DROP COLUMN kind")
        connection.execute(handed, ("process 1",))
        connection.execute(handed, ("request 1",))
        for _ in range(2):
            PostgresStore(url).close()
        found = connection.execute("SELECT sender, kind FROM sendoff.handed ORDER BY id")
        assert found.fetchall() == [("process 1", "line"), ("request 1", "task")]
        with pytest.raises(psycopg.errors.NotNullViolation):
            connection.execute(handed, ("request 2",))


def test_a_database_of_another_version_is_left_alone(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("UPDATE sendoff.version SET version = '9999'")
    with pytest.raises(StoreError, match=f"version 9999; .* {VERSION}{NEWER}$"):
        PostgresStore(url)


INDEXES = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'sendoff' ORDER BY indexname"


def test_a_database_of_an_older_version_is_brought_to_this_one(stepped: Stepped, url: str) -> None:
    for _ in range(2):
        stepped.end(stepped.add("work"), Failed("No such user.", "", final=True))
    stepped.change(change, 1, SEEN)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET search_path TO sendoff")
        new = connection.execute(INDEXES).fetchall()
        connection.execute("UPDATE tasks SET batch_id = 1")
        connection.execute(
            "INSERT INTO batch_causes (batch_id, cause, failed) SELECT 1, id, 2 FROM causes"
        )
        for table in ("causes", "batch_causes"):
            for state in ("failed", "uncertain"):
                connection.execute(f"ALTER TABLE {table} DROP COLUMN {state}_seen".encode())
        connection.execute("DROP INDEX tasks_by_repeated, tasks_with_repeats")
        connection.execute("ALTER TABLE batch_rows DROP COLUMN corrections, DROP COLUMN origin")
        for column in ("continues", "corrected", "unused", "marked", "later"):
            connection.execute(f"ALTER TABLE batches DROP COLUMN {column}".encode())
        for statement in OLD_ROWS:
            connection.execute(statement.encode())
        connection.execute("DROP TABLE scheduled_in_batches")
        connection.execute("ALTER TABLE tasks DROP COLUMN past_errors")
        connection.execute("ALTER TABLE corrections DROP COLUMN address")
        connection.execute("INSERT INTO items VALUES (1, 0, '{}', 1, 1)")
        connection.execute("UPDATE tasks SET item_id = 1 WHERE id = 1")
        given = "INSERT INTO corrections VALUES (1, 1, 0, '{}', 'Zoë Groß <P1@New.example>')"
        connection.execute(given)
        connection.execute("UPDATE version SET version = '0013'")
        with pytest.raises(StoreError, match=IN_THE_WAY):
            PostgresStore(url)
        stepped.restart()
        found = connection.execute("SELECT version FROM version").fetchone()
        assert found == (VERSION,)
        found = connection.execute("SELECT address FROM corrections").fetchone()
        assert found == ("p1@new.example",)
        for text in ("zoe gross", "Zoë Groß", "p1@new.example"):
            page = read_page(stepped.connection, Query(Filter(text=text)), "store")
            assert [row["id"] for row in page["tasks"]] == [1]
        assert connection.execute(INDEXES).fetchall() == new
    later = [each["later"] for each in Office(stepped).batches.list()["batches"]]
    assert later == [None, {"count": 3, "first": 2, "last": 10}]
    assert stepped.connection.execute(TIMES).fetchall() == [(None,), (6,)]
    assert [each["states"] for each in read_causes(stepped.connection)] == [{"failed": 1}]
    check_causes(stepped.connection)


def test_a_user_without_rights_needs_tables_that_were_made_and_granted(
    server: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    admin = server.empty()
    name = f"app_{admin.rpartition('_')[2]}"
    url = admin.replace("benchmark@", f"{name}@")
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN".encode())
        with pytest.raises(StoreError, match=r"may not create the schema .*sendoff migrate"):
            PostgresStore(url)
        assert cli.run(["migrate", "--database", admin]) == 0
        assert f"are of version {VERSION}." in capsys.readouterr().out
        with pytest.raises(StoreError, match=f"{name} lacks USAGE on the schema"):
            PostgresStore(url)
        for right in (
            "USAGE ON SCHEMA sendoff",
            "SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA sendoff",
            "SELECT, USAGE ON ALL SEQUENCES IN SCHEMA sendoff",
        ):
            connection.execute(f"GRANT {right} TO {name}".encode())
        engine = PostgresStepped(url, registry())
        number = engine.add("work")
        engine.end(number, Succeeded("1"))
        assert engine.state(number) == "succeeded"
        limit = f"ALTER ROLE {name} CONNECTION LIMIT {{}}"
        connection.execute(limit.format(0).encode())
        session: Any = engine.writer_store.connection
        connection.execute(
            "SELECT pg_terminate_backend(%s)", (session.real.info.backend_pid,)
        ).fetchall()
        for said in (f"cannot be reached|{FULL_UP}", FULL_UP, FULL_UP):
            with pytest.raises(NotWritable, match=said):
                engine.add("work")
        connection.execute(limit.format(-1).encode())
        engine.end(engine.add("work"), Succeeded("1"))
        connection.execute(limit.format(0).encode())
        engine.close()
        with pytest.raises(StoreError, match=FULL_UP):
            PostgresStore(url)
    assert cli.run(["migrate", "--database", "sqlite:///x"]) == 1
    assert "must begin with postgresql://" in capsys.readouterr().err
