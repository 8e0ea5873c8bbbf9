"""Each right that the program needs and its database user lacks is a sentence with what helps."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import psycopg
import pytest

from desktop.engine.errors import NotWritable
from desktop.engine.postgres import opening
from desktop.engine.postgres.opening import PostgresStore
from desktop.engine.store.errors import StoreError
from tests.engine.postgres.stepped import PostgresStepped
from tests.engine.stepped import registry

GRANTED = (
    "GRANT USAGE ON SCHEMA sendoff TO {}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA sendoff TO {}",
    "GRANT SELECT, USAGE ON ALL SEQUENCES IN SCHEMA sendoff TO {}",
)
LOOK = partial(opening.look, settings="settings.toml")


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
        (0, "SCHEMA sendoff", "USAGE", "the schema sendoff"),
        (1, "sendoff.counts, sendoff.tasks", "UPDATE", "the tables counts, tasks"),
        (1, "sendoff.files", "INSERT, DELETE", "the tables files"),
        (2, "SEQUENCE sendoff.tasks_id_seq", "USAGE", "the sequences tasks_id_seq"),
    ):
        admin.execute(f"REVOKE {right} ON {of} FROM {user}".encode())
        helps = GRANTED[number].format(user)
        said = f"The database user {user} lacks {right} on {what}. As benchmark: `{helps};`."
        assert refusals(url) == {said}
        admin.execute(helps.encode())
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
