"""The engine's tables on PostgreSQL, in a schema of their own beside the tables of the app."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from sqlalchemy import Index, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from sendoff_tasks.store.tables import schema

SCHEMA: Final = "sendoff"
NUMBERS: Final = 64
"""Task numbers that a process reserves at once."""
_dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
_WIDER: Final = re.compile(r"\b(INTEGER|SERIAL)\b")
"""Integer types of 32 bits, which are replaced; SQLite's integers have 64."""
_OWN: Final = (
    f"ALTER SEQUENCE tasks_id_seq INCREMENT BY {NUMBERS}",
    "ALTER TABLE tasks SET (fillfactor = 70)",
    "CREATE TABLE words (task_id BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)",
    "CREATE INDEX words_found ON words USING gin (words)",
    "CREATE TABLE version (version TEXT PRIMARY KEY)",
    "INSERT INTO meta VALUES ('store', replace(gen_random_uuid()::text, '-', ''))",
    "INSERT INTO meta VALUES ('events_floor', '0')",
)
HANDED: Final = (
    """CREATE TABLE handed (id BIGSERIAL PRIMARY KEY, sender TEXT NOT NULL, number BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('line', 'task')),
    token TEXT UNIQUE, wanted TEXT NOT NULL, error TEXT,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(), UNIQUE (sender, number))""",
)
"""Rows that other sessions hand to the process that runs the tasks: see ``handed_rows``."""

WORKERS: Final = (
    """CREATE TABLE workers (id TEXT PRIMARY KEY, name TEXT NOT NULL, offer TEXT NOT NULL,
    stage TEXT NOT NULL CHECK (stage IN ('ready', 'leaving', 'gone')), beat BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now())""",
    """CREATE TABLE orders (task_id BIGINT PRIMARY KEY, number BIGSERIAL, attempt BIGINT NOT NULL,
    worker TEXT NOT NULL, claim TEXT NOT NULL, stop BOOLEAN NOT NULL DEFAULT false)""",
    "CREATE INDEX orders_by_number ON orders (worker, number)",
    """CREATE TABLE noted (worker TEXT NOT NULL, number BIGINT NOT NULL, task_id BIGINT NOT NULL,
    attempt BIGINT NOT NULL, kind TEXT NOT NULL, told TEXT NOT NULL, answer TEXT,
    PRIMARY KEY (worker, number))""",
)
"""Worker processes, the orders for them, and the notes of their attempts: see ``orders``."""

FILES: Final = (
    """CREATE TABLE files (path TEXT COLLATE "C" PRIMARY KEY, content BYTEA NOT NULL,
    at TIMESTAMPTZ NOT NULL DEFAULT now(), stamp BIGSERIAL)""",
)
"""What a program keeps besides tasks: see ``files``."""

RAN_ON: Final = (
    """CREATE TABLE ran_on (task_id BIGINT, attempt BIGINT, worker TEXT NOT NULL,
    PRIMARY KEY (task_id, attempt))""",
)
"""Which worker ran which attempt, by the name shown to people; rows are deleted with the task."""

FORGETTING: Final = (
    "ALTER TABLE tasks DROP CONSTRAINT tasks_function_fkey",
    """CREATE FUNCTION forget_workers() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog AS $$ BEGIN
    DELETE FROM sendoff.orders USING gone WHERE worker = gone.id;
    DELETE FROM sendoff.noted USING gone WHERE worker = gone.id;
    RETURN NULL; END $$""",
    """CREATE TRIGGER forgotten AFTER DELETE ON workers REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION forget_workers()""",
    """CREATE FUNCTION forget_tasks() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog AS $$ BEGIN
    DELETE FROM sendoff.ran_on USING gone WHERE task_id = gone.id;
    RETURN NULL; END $$""",
    """CREATE TRIGGER forgotten AFTER DELETE ON tasks REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION forget_tasks()""",
)
"""Deletes the rows that belong to a deleted worker or task. Foreign keys would do so too, but are
looked up for each row written: that took an eighth of the server's processor time for a task."""


def statements() -> Iterator[str]:
    """Yield the statements that create the engine's tables in an empty schema."""
    for table in schema.metadata.sorted_tables:
        yield from statements_of(table)
    yield from _OWN
    yield from HANDED
    yield from WORKERS
    yield from RAN_ON
    yield from FORGETTING
    yield from FILES


def statements_of(table: Table) -> Iterator[str]:
    """Yield the statements that create a table and its indexes."""
    made = str(CreateTable(table).compile(dialect=_dialect))
    yield _WIDER.sub(lambda found: {"INTEGER": "BIGINT"}.get(found[1], "BIGSERIAL"), made)
    for index in sorted(table.indexes, key=lambda index: str(index.name)):
        yield _creating(index)


def _creating(index: Index) -> str:
    if index.info == schema.NUMBERED:
        names = ", ".join(index.columns.keys())
        return f"CREATE INDEX {index.name}_and_id ON {index.table} ({names}, id)"
    where = index.dialect_options["sqlite"]["where"]
    made = str(CreateIndex(index).compile(dialect=_dialect))
    told = str(where).replace("instr(", "strpos(")
    return made if where is None else f"{made} WHERE {told}"
