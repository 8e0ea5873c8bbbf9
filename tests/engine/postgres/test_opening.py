"""Which databases a store is opened or made in, and which are left alone, with the reason."""

from __future__ import annotations

import socket
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest

from desktop import cli
from desktop.items.tables.schema import metadata
from sendoff_tasks.attempts.outcomes import Succeeded
from sendoff_tasks.duties.recovery import TASKS
from sendoff_tasks.errors import NotWritable
from sendoff_tasks.postgres import opening
from sendoff_tasks.postgres.connection import BAD_ADDRESS, SETTINGS
from sendoff_tasks.postgres.opening import PostgresStore
from sendoff_tasks.store.errors import StoreError
from sendoff_tasks.store.migrations import own_version
from tests.engine.postgres.server import Server
from tests.engine.postgres.stepped import PostgresStepped
from tests.engine.stepped import registry

LOOK = partial(opening.look, settings="settings.toml")
FULL_UP = "The database server refuses the connection: too many connections for role"


def test_a_server_that_is_too_old_says_which_version_is_needed(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One before 12 knows not even the settings of a session."""
    monkeypatch.setattr(psycopg.ConnectionInfo, "server_version", 140_022)
    monkeypatch.setitem(SETTINGS, "of_a_newer_server", "on")
    for use in (PostgresStore, opening.migrate, LOOK):
        with pytest.raises(StoreError, match=r"^The server is PostgreSQL 14; 15 or newer is"):
            use(url)


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_a_database_that_does_not_store_every_text_is_refused_before_it_has_tables(
    server: Server, encoding: str
) -> None:
    url = f"{server.url.rpartition('/')[0]}/in_{encoding.lower()}"
    with psycopg.connect(server.url, autocommit=True) as connection:
        like = f"ENCODING {encoding} LOCALE 'C' TEMPLATE template0"
        connection.execute(f"CREATE DATABASE in_{encoding} {like}".encode())
    for use in (PostgresStore, opening.migrate, LOOK):
        with pytest.raises(StoreError, match=f"is {encoding}; UTF8 is needed.*createdb"):
            use(url)
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT to_regnamespace('sendoff')").fetchone() == (None,)


def test_the_encoding_that_a_user_prefers_does_not_count(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        name = connection.info.dbname.encode()
        connection.execute(b"ALTER DATABASE %b SET client_encoding = latin1" % name)
    place: Any = url
    engine = PostgresStepped(place, registry())
    number = engine.add("work", title="“\N{CIRCLED WHITE STAR}”")
    assert engine.task(number)["title"] == "“\N{CIRCLED WHITE STAR}”"
    engine.close()


def test_a_server_that_may_lose_what_is_committed_is_named(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The tests' own server does not sync its disk."""
    PostgresStore(url).close()
    found = LOOK(url)
    assert found is not None
    (told,) = found.unsafe
    assert (told.refusal, told.data) == ("database.unsafe", {"setting": "fsync"})
    assert caplog.messages.count(str(told)) == 1


def test_a_database_forgets_by_triggers_what_belonged_to_a_row(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET search_path = sendoff")
        connection.execute("INSERT INTO workers VALUES ('w.1', 'a worker', '{}', 'ready', 0)")
        connection.execute("INSERT INTO orders VALUES (1, 1, 1, 'w.1', ''), (2, 2, 1, 'w.2', '')")
        connection.execute("INSERT INTO noted VALUES ('w.1', 1, 1, 1, 'end', '')")
        connection.execute("DELETE FROM workers")
        assert connection.execute("SELECT worker FROM orders").fetchall() == [("w.2",)]
        assert connection.execute("SELECT worker FROM noted").fetchall() == []


def test_a_database_of_another_version_is_left_alone(server: Server) -> None:
    url = server.database()
    for version, reason in (("0022", "database.older"), ("9999", "database.newer")):
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("UPDATE sendoff.version SET version = %s", (version,))
        with pytest.raises(StoreError) as refused:
            PostgresStore(url)
        told = {"schema": "sendoff", "found": version, "needed": own_version()}
        assert (refused.value.refusal, refused.value.data) == (reason, told)


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
        with pytest.raises(StoreError, match=f"{name} lacks rights on batch_rows, .* and"):
            PostgresStore(url, metadata.sorted_tables)


def test_a_user_without_rights_needs_tables_that_were_made_and_granted(
    server: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    admin = server.empty()
    name = f"app_{admin.rpartition('_')[2]}"
    url = admin.replace("benchmark@", f"{name}@")
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN".encode())
        assert cli.run(["migrate", "--database", admin]) == 0
        assert f"are of version {own_version()}." in capsys.readouterr().out
        for grant in GRANTED:
            connection.execute(grant.format(name).encode())
        engine = PostgresStepped(url, registry())
        number = engine.ended(Succeeded("1"), "work")
        assert engine.state(number) == "succeeded"
        limit = f"ALTER ROLE {name} CONNECTION LIMIT {{}}"
        connection.execute(limit.format(0).encode())
        session: Any = engine.writer_store.connection
        connection.execute(
            "SELECT pg_terminate_backend(%s, 60000)", (session.real.info.backend_pid,)
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


GRANTED = (
    "GRANT USAGE ON SCHEMA sendoff TO {}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA sendoff TO {}",
    "GRANT SELECT, USAGE ON ALL SEQUENCES IN SCHEMA sendoff TO {}",
)


@pytest.fixture
def admin(server: Any) -> Iterator[psycopg.Connection[Any]]:
    """Give a session with a database without tables; its name is also that of a user."""
    with psycopg.connect(server.empty(), autocommit=True) as session:
        session.execute(f"CREATE ROLE {session.info.dbname} LOGIN".encode())
        yield session


def refusals(url: str) -> set[str]:
    """Tell why a database cannot be used: to run its tasks, to work for it, to look at it."""
    said = set()
    for use in (PostgresStore, opening.purpose, LOOK):
        with pytest.raises(StoreError) as refused:
            use(url)
        said.add(str(refused.value))
    return said


def test_each_right_that_is_missing_is_told_before_anything_is_done(
    admin: psycopg.Connection[Any],
) -> None:
    user = admin.info.dbname
    url = f"postgresql://{user}@127.0.0.1:{admin.info.port}/{user}"
    for made, begins in (
        ("SELECT", f"The database user {user} may not create the schema sendoff. Run `sendoff "),
        ("CREATE SCHEMA sendoff", f"The database user {user} may not create tables in the schema "),
    ):
        admin.execute(made.encode())
        (refusal,) = refusals(url)
        assert refusal.startswith(begins)
    opening.migrate(f"postgresql://benchmark@127.0.0.1:{admin.info.port}/{user}")
    for grant in GRANTED:
        admin.execute(grant.format(user).encode())
    PostgresStore(url).close()
    for number, of, right, what in (
        (0, "SCHEMA sendoff", "USAGE", "all tables"),
        (1, "sendoff.counts, sendoff.tasks", "UPDATE", "counts, tasks"),
        (1, "sendoff.files", "INSERT, DELETE", "files"),
        (2, "SEQUENCE sendoff.tasks_id_seq", "USAGE", "tasks_id_seq"),
    ):
        admin.execute(f"REVOKE {right} ON {of} FROM {user}".encode())
        (said,) = refusals(url)
        assert said.startswith(f"The database user {user} lacks rights on {what} in the schema ")
        admin.execute(GRANTED[number].format(user).encode())
    assert LOOK(url) is not None


def test_a_schema_that_was_made_for_the_user_is_enough(admin: psycopg.Connection[Any]) -> None:
    user = admin.info.dbname
    admin.execute(f"CREATE SCHEMA sendoff AUTHORIZATION {user}".encode())
    url = f"postgresql://{user}@127.0.0.1:{admin.info.port}/{user}"
    assert LOOK(url) is None
    PostgresStore(url).close()
    assert LOOK(url) is not None


def test_a_right_that_is_taken_while_it_runs_refuses_until_it_is_given_again(
    server: Any,
) -> None:
    url = server.database()
    engine = PostgresStepped(url, registry())
    with psycopg.connect(url, autocommit=True) as admin:
        name = admin.info.dbname
        admin.execute(f"CREATE ROLE {name}".encode())
        for grant in GRANTED:
            admin.execute(grant.format(name).encode())
        session: Any = engine.writer_store.connection
        session.execute(f"SET SESSION AUTHORIZATION {name}")
        engine.add("work")
        admin.execute(f"REVOKE INSERT ON sendoff.tasks FROM {name}".encode())
        with pytest.raises(NotWritable, match="doctor --database URL` says which right it lacks"):
            engine.add("work")
        admin.execute(f"GRANT INSERT ON sendoff.tasks TO {name}".encode())
        engine.add("work")
    engine.close()


REFUSES = "^The database server refuses the connection: "
NONE = r"^No connection to a database server at 127\.0\.0\.\d, port \d+: "
OPENED = "^The database cannot be opened: "


REFUSALS: list[tuple[Callable[[str], str], str]] = [
    (
        lambda url: url.replace("/tests_", "/none_"),
        REFUSES + r'database "none_\d+" does not exist\. Create it by createdb .*\.$',
    ),
    (
        lambda url: url.replace("benchmark@", "stranger@"),
        REFUSES + r'role "stranger" does not exist\. Create it by .* or createuser, .*\.$',
    ),
    (
        lambda url: url.replace("127.0.0.1", "127.0.0.2"),
        NONE + r"Connection refused\. Start the server there, or .* port in the address\.$",
    ),
    (lambda url: f"{url}?sslmode=require", NONE + r"server .* SSL.* required\. Turn on ssl "),
    (
        lambda url: url.replace("127.0.0.1:", "127.0.0.1:port"),
        OPENED + r"invalid .*port.*\. Correct the address\.$",
    ),
    (
        lambda url: url.replace("127.0.0.1", "no-server.invalid"),
        OPENED + r".*(no-server\.invalid|Name or .*)\. Correct the host in the address, .*\.$",
    ),
    (
        lambda url: "postgresql:///shop?host=/nowhere",
        r"^No connection .* at /nowhere, port 5432: No such file .*\. Start the server on this",
    ),
    (lambda url: f"{url}?sslmod=require", BAD_ADDRESS),
    (lambda _: "postgresql://shop:a%z9secret@127.0.0.1/shop", BAD_ADDRESS),
    (lambda _: "postgresql://shop:a/secret@127.0.0.1/shop", BAD_ADDRESS),
    (lambda _: "postgresql://shop:a@secret@127.0.0.1/shop", BAD_ADDRESS),
    (lambda _: "postgresql://shop:secret@[::1]port/shop", BAD_ADDRESS),
]


def test_what_cannot_be_opened_says_why(url: str) -> None:
    for change, said in REFUSALS:
        with pytest.raises(StoreError, match=said) as refused:
            PostgresStore(change(url))
        assert "secret" not in "".join(traceback.format_exception(refused.value))


WRONG = b'password authentication failed for user "shop"'


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"\0\0\0\x03", "asks for a password"),
        (b"SFATAL\0C28P01\0M" + WRONG + b"\0\0", r"\. Correct user or .* PGPASSWORD, .*pgpass"),
        (
            b'SFATAL\0C28000\0MPeer authentication failed for user "shop"\0\0',
            r"refuses .* user \"shop\"\. Start this as the system user of that name",
        ),
        (b"SFATAL\0C28000\0Mno pg_hba.conf entry for host\0\0", r"\. The server's operator can "),
        (b"SFATAL\0C53300\0Msorry, too many clients already\0\0", r"\. End programs that use it"),
        (b"SFATAL\0C57P03\0Mthe database system is starting up\0\0", r"\. Try again in a moment"),
        (b"SFATAL\0C57P03\0Mdas Datenbanksystem startet\0\0", r"connection: das .* startet\.$"),
    ],
)
def test_what_the_server_says_leads_to_what_helps(
    answer: bytes, said: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "none"))
    monkeypatch.delenv("PGPASSWORD", raising=False)
    with (
        answering(message(answer)) as port,
        pytest.raises(StoreError, match=said),
    ):
        PostgresStore(f"postgresql://shop@127.0.0.1:{port}/shop?sslmode=disable")


def message(body: bytes) -> bytes:
    """Give a message of the server: an error with its fields, or which login it asks for."""
    kind = b"E" if body.startswith(b"S") else b"R"
    return kind + (len(body) + 4).to_bytes(4) + body


@contextmanager
def answering(answer: bytes) -> Iterator[int]:
    """Serve one session on the port that is given: an answer, and then nothing."""

    def serve(listener: socket.socket) -> None:
        session, _ = listener.accept()
        with session:
            session.recv(1 << 16)
            session.sendall(answer)
            session.recv(1 << 16)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        asked = threading.Thread(target=serve, args=(listener,))
        asked.start()
        yield listener.getsockname()[1]
        asked.join()


_MOVE = """
DO $$ DECLARE name text; BEGIN
    ALTER SCHEMA sendoff RENAME TO older; CREATE SCHEMA sendoff;
    FOR name IN SELECT relname FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'older'::regnamespace
    LOOP EXECUTE format('ALTER TABLE older.%I SET SCHEMA sendoff', name); END LOOP;
END $$
"""
"""Puts the tables into a new schema, as a restored dump does."""


def is_paused(url: str) -> bool:
    place: Any = url
    engine = PostgresStepped(place, registry())
    told = [each["id"] for each in engine.journal.board.active]
    paused = bool(engine.core.memory.pauses)
    engine.add(delay=60)
    engine.check()
    engine.resume()
    engine.close()
    assert told == (["restored"] if paused else [])
    return paused


def test_a_database_that_was_here_last_is_not_paused(url: str) -> None:
    assert [is_paused(url) for _ in range(3)] == [False] * 3


def test_a_restored_dump_begins_paused_with_numbers_far_beyond(server: Server) -> None:
    url = server.database()
    assert not is_paused(url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_MOVE)
    assert is_paused(url)
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute("SELECT max(id) FROM sendoff.tasks").fetchone()
    assert row is not None
    assert row[0] > TASKS
    assert not is_paused(url)


def test_a_copied_database_begins_paused_and_its_origin_does_not(url: str, server: Server) -> None:
    assert not is_paused(url)
    copy = f"{url}_copy"
    with psycopg.connect(server.url, autocommit=True) as connection:
        of, to = (each.rpartition("/")[2] for each in (url, copy))
        connection.execute(f"CREATE DATABASE {to} TEMPLATE {of}".encode())
    assert [is_paused(copy), is_paused(url)] == [True, False]
