"""Which databases a store is opened or made in, and which are left alone, with the reason."""

from __future__ import annotations

from functools import partial
from typing import Any

import psycopg
import pytest

from desktop import cli
from desktop.engine.attempts.outcomes import Succeeded
from desktop.engine.errors import NotWritable
from desktop.engine.postgres import opening
from desktop.engine.postgres.connection import SETTINGS
from desktop.engine.postgres.opening import NEWER, OLDER, PostgresStore
from desktop.engine.store.errors import StoreError
from desktop.engine.store.tables.schema import VERSION
from desktop.items.tables.schema import metadata
from tests.engine.postgres.stepped import PostgresStepped
from tests.engine.postgres.test_rights import GRANTED
from tests.engine.stepped import registry

FULL_UP = "The database server refuses the connection: too many connections for role"


def test_a_server_that_is_too_old_says_which_version_is_needed(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One before 12 knows not even the settings of a session."""
    monkeypatch.setattr(psycopg.ConnectionInfo, "server_version", 140_022)
    monkeypatch.setitem(SETTINGS, "of_a_newer_server", "on")
    for use in (PostgresStore, opening.migrate, partial(opening.look, settings="settings.toml")):
        with pytest.raises(StoreError, match=r"^The server is PostgreSQL 14; 15 or newer is"):
            use(url)


def test_a_database_forgets_by_triggers_what_belonged_to_a_row(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET search_path = sendoff")
        connection.execute("INSERT INTO workers VALUES ('w.1', 'a worker', '{}', 'ready', 0)")
        connection.execute("INSERT INTO orders VALUES (1, 1, 1, 'w.1', ''), (2, 2, 1, 'w.2', '')")
        connection.execute("INSERT INTO noted VALUES ('w.1', 1, 1, 1, 'end', '')")
        connection.execute("DELETE FROM workers")
        assert connection.execute("SELECT worker FROM orders").fetchall() == [("w.2",)]
        assert connection.execute("SELECT worker FROM noted").fetchall() == []


@pytest.mark.parametrize(("version", "way_out"), [("0022", OLDER), ("9999", NEWER)])
def test_a_database_of_another_version_is_left_alone(url: str, version: str, way_out: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("UPDATE sendoff.version SET version = %s", (version,))
    with pytest.raises(StoreError, match=f"version {version}; .* {VERSION}{way_out}$"):
        PostgresStore(url)


def tables(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'sendoff'")
        return {name for (name,) in found}


def test_tables_of_a_feature_are_added_to_a_database_that_lacks_them(server: Any) -> None:
    admin = server.empty()
    name = f"app_{admin.rpartition('_')[2]}"
    url = admin.replace("benchmark@", f"{name}@")
    ours = {table.name for table in metadata.sorted_tables}
    opening.migrate(admin)
    own = tables(admin)
    assert not own & ours
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN".encode())
        for grant in GRANTED:
            connection.execute(grant.format(name).encode())
        PostgresStore(url).close()
        with pytest.raises(StoreError, match=f"{name} may not create tables .*sendoff migrate"):
            PostgresStore(url, metadata.sorted_tables)
        assert tables(admin) == own
        PostgresStore(admin, metadata.sorted_tables).close()
        assert tables(admin) == own | ours
        PostgresStore(url).close()
        with pytest.raises(StoreError, match=f"{name} lacks SELECT, .* on the tables batch_rows, "):
            PostgresStore(url, metadata.sorted_tables)


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
        number = engine.ended(Succeeded("1"), "work")
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
        engine.ended(Succeeded("1"), "work")
        connection.execute(limit.format(0).encode())
        engine.close()
        with pytest.raises(StoreError, match=FULL_UP):
            PostgresStore(url)
    assert cli.run(["migrate", "--database", "sqlite:///x"]) == 1
    assert "must begin with postgresql://" in capsys.readouterr().err
