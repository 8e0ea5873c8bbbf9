"""A database that was restored or copied begins paused."""

from __future__ import annotations

from typing import Any

import psycopg

from desktop.engine.duties.recovery import TASKS
from desktop.engine.verbs.pause_queue import resume
from tests.engine.postgres.server import Server
from tests.engine.postgres.stepped import PostgresStepped
from tests.engine.stepped import registry

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
    engine.do(lambda group: resume(group, None))
    engine.close()
    assert told == (["restored"] if paused else [])
    return paused


def test_a_database_that_was_here_last_is_not_paused(url: str) -> None:
    assert [is_paused(url) for _ in range(3)] == [False] * 3


def test_a_restored_dump_begins_paused_with_numbers_far_beyond(url: str) -> None:
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
