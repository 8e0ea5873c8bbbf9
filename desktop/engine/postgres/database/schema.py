"""The engine's tables on PostgreSQL, in a schema of their own beside the tables of the app."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from desktop.engine.store.tables import (  # noqa: F401 - they add tables
    batches,
    beside_tasks,
    causes,
    pace,
    schedules,
    schema,
)

SCHEMA: Final = "sendoff"
NUMBERS: Final = 64
"""Task numbers that a process reserves at once."""
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
    f"INSERT INTO version VALUES ('{schema.VERSION}')",  # noqa: S608
)
_KINDS: Final = "CHECK (kind IN ('line', 'task', 'guest'))"
_TELL_GUESTS: Final = (
    """CREATE FUNCTION tell_guests() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog AS $$ BEGIN
    IF NOT (has_table_privilege(session_user, 'sendoff.sources', 'INSERT')
        AND has_table_privilege(current_user, 'sendoff.sources', 'INSERT')) THEN
        IF NEW.kind = 'line' THEN
            RAISE insufficient_privilege USING
                MESSAGE = 'only a user who may write to all tables submits as a process';
        END IF;
        NEW.kind := 'guest';
    END IF;
    RETURN NEW; END $$""",
    """CREATE TRIGGER guests BEFORE INSERT OR UPDATE ON handed
    FOR EACH ROW EXECUTE FUNCTION tell_guests()""",
)
"""``sources`` says where functions are. A user who may not write to it must not say so by a task
either."""
HANDED: Final = (
    f"""CREATE TABLE handed (id BIGSERIAL PRIMARY KEY, sender TEXT NOT NULL, number BIGINT NOT NULL,
    kind TEXT NOT NULL {_KINDS}, token TEXT UNIQUE, wanted TEXT NOT NULL, error TEXT,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(), UNIQUE (sender, number))""",
    *_TELL_GUESTS,
)
"""Rows that other sessions hand to the process that runs the tasks: see ``handed_rows``."""
KINDS: Final = (
    f"ALTER TABLE handed ADD COLUMN kind TEXT {_KINDS}",
    "UPDATE handed SET kind = CASE WHEN sender LIKE 'process %' THEN 'line' ELSE 'task' END",
    "ALTER TABLE handed ALTER COLUMN kind SET NOT NULL",
    *_TELL_GUESTS,
)
"""Adds the kind of rows to a table ``handed`` of an older version."""


_ORDERED: Final = "CREATE INDEX orders_by_number ON orders (worker, number)"
WORKERS: Final = (
    """CREATE TABLE workers (id TEXT PRIMARY KEY, name TEXT NOT NULL, offer TEXT NOT NULL,
    stage TEXT NOT NULL CHECK (stage IN ('ready', 'leaving', 'gone')), beat BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now())""",
    """CREATE TABLE orders (task_id BIGINT PRIMARY KEY, number BIGSERIAL, attempt BIGINT NOT NULL,
    worker TEXT NOT NULL, claim TEXT NOT NULL, stop BOOLEAN NOT NULL DEFAULT false)""",
    _ORDERED,
    """CREATE TABLE noted (worker TEXT NOT NULL, number BIGINT NOT NULL, task_id BIGINT NOT NULL,
    attempt BIGINT NOT NULL, kind TEXT NOT NULL, told TEXT NOT NULL, answer TEXT,
    PRIMARY KEY (worker, number))""",
)
"""Worker processes, the orders for them, and the notes of their attempts: see ``orders``."""
ORDERED: Final = (_ORDERED, "DROP INDEX IF EXISTS orders_of")
"""Replaces an older index of the worker alone, which kept the entries of deleted orders."""

FILES: Final = (
    """CREATE TABLE files (path TEXT COLLATE "C" PRIMARY KEY, content BYTEA NOT NULL,
    at TIMESTAMPTZ NOT NULL DEFAULT now(), stamp BIGSERIAL)""",
)
"""Templates, attachments, mail settings and kept messages: see ``files``."""

RELAYED: Final = (
    """CREATE UNLOGGED TABLE relayed (id BIGSERIAL PRIMARY KEY, recipient TEXT NOT NULL,
    sender TEXT NOT NULL, exchange BIGINT NOT NULL, number BIGINT NOT NULL, head TEXT NOT NULL,
    body BYTEA NOT NULL)""",
    "CREATE INDEX relayed_to ON relayed (recipient, id)",
)
"""Parts of requests and answers between backends: see ``relayed``."""

RAN_ON: Final = (
    """CREATE TABLE ran_on (task_id BIGINT, attempt BIGINT, worker TEXT NOT NULL,
    PRIMARY KEY (task_id, attempt))""",
)
"""Which worker ran which attempt, by the name shown to people; rows are deleted with the task."""

FORGETTING: Final = (
    *(
        f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {table}_{column}_fkey"
        for table, column in (
            ("orders", "worker"),
            ("noted", "worker"),
            ("ran_on", "task_id"),
            ("tasks", "function"),
        )
    ),
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

NUMBERED: Final = {
    "tasks_by_state": "tasks (state, id)",
    "tasks_by_function": "tasks (function, id)",
    "tasks_by_item": "tasks (item_id, id)",
    "items_by_informed": "items (informed, id)",
}
"""Indexes from which a page of a few rows among many is read in the order of numbers. In SQLite
each index ends with the row's number by itself."""
INDEXES: Final = tuple(
    statement
    for name, of in NUMBERED.items()
    for statement in (
        f"CREATE INDEX {name}_and_id ON {of}",
        f"DROP INDEX IF EXISTS {name}",
    )
)
"""Replaces the indexes of an older database, which did not end with numbers."""

_SEEN: Final = """
SET failed_seen = found.failed, uncertain_seen = found.uncertain
FROM (SELECT {keys}, count(*) FILTER (WHERE state = 'failed') AS failed,
        count(*) FILTER (WHERE state = 'uncertain') AS uncertain
    FROM tasks WHERE seen = 1 GROUP BY {keys}) AS found
"""
UPGRADES: Final = {
    "0013": (
        *(
            f"ALTER TABLE {table} ADD COLUMN {state}_seen BIGINT NOT NULL DEFAULT 0"
            for table in ("causes", "batch_causes")
            for state in ("failed", "uncertain")
        ),
        f"UPDATE causes {_SEEN.format(keys='cause')} WHERE found.cause = id",
        f"""UPDATE batch_causes {_SEEN.format(keys="batch_id, cause")}
        WHERE found.batch_id = batch_causes.batch_id AND found.cause = batch_causes.cause""",
        "UPDATE version SET version = '0014'",
    ),
    "0014": (
        "CREATE INDEX tasks_by_repeated ON tasks (resend_of) WHERE resend_of IS NOT NULL",
        "UPDATE version SET version = '0015'",
    ),
    "0015": (
        "ALTER TABLE batch_rows ADD COLUMN corrections TEXT, ADD COLUMN origin TEXT",
        "ALTER TABLE batches ADD COLUMN continues BIGINT",
        *(
            f"ALTER TABLE batches ADD COLUMN {count} BIGINT NOT NULL DEFAULT 0"
            for count in ("corrected", "unused")
        ),
        """CREATE INDEX batch_rows_by_origin ON batch_rows (origin, batch_id, row)
        WHERE origin IS NOT NULL""",
        "CREATE INDEX batches_by_continued ON batches (continues, id) WHERE continues IS NOT NULL",
        "UPDATE version SET version = '0016'",
    ),
    "0016": (
        "ALTER TABLE batches ADD COLUMN marked BIGINT NOT NULL DEFAULT 0",
        """UPDATE batches SET marked = (SELECT count(*) FROM batch_rows
        WHERE batch_id = batches.id AND outcome = 'sent'
        AND answer = 'A person said that it was done.')""",
        "UPDATE version SET version = '0017'",
    ),
    "0017": (
        "ALTER TABLE batches ADD COLUMN later TEXT",
        """UPDATE batches SET later = (SELECT jsonb_object_agg(number, n)::text FROM (
            SELECT data::jsonb ->> 'batch_id' AS number, count(*) AS n FROM batch_rows
            WHERE batch_id = batches.id AND checked = 'twice'
            AND data::jsonb ->> 'batch_id' IS NOT NULL GROUP BY number
        ) AS found) WHERE started_at IS NOT NULL AND twice > 0""",
        """UPDATE batch_rows SET ended_at = NULL WHERE outcome = 'sent'
        AND ended_at IS NOT NULL AND answer = 'A person said that it was done.'""",
        "UPDATE version SET version = '0018'",
    ),
    "0018": (
        "ALTER TABLE corrections ADD COLUMN address TEXT NOT NULL DEFAULT ''",
        """UPDATE corrections
        SET address = lower(rtrim(substr(recipient, strpos(recipient, '<') + 1), '>'))""",
        "CREATE INDEX corrections_by_address ON corrections (address)",
        "UPDATE version SET version = '0019'",
    ),
    "0019": (
        "DROP INDEX batch_rows_by_outcome",
        """CREATE INDEX batch_rows_by_outcome ON batch_rows (batch_id, outcome, row, task_id)
        WHERE outcome IS NOT NULL""",
        """CREATE INDEX tasks_with_repeats ON tasks (batch_id, state, id)
        WHERE batch_id IS NOT NULL AND (resend_of IS NOT NULL
            OR (state = 'failed' AND strpos(reason_data, '"task_id"') > 0))""",
        "UPDATE version SET version = '0020'",
    ),
    "0020": (
        """CREATE TABLE scheduled_in_batches (batch_id BIGINT NOT NULL, function BIGINT NOT NULL,
        cause TEXT NOT NULL, aside BIGINT NOT NULL, again BIGINT NOT NULL, n BIGINT NOT NULL,
        PRIMARY KEY (batch_id, function, cause, aside, again))""",
        """INSERT INTO scheduled_in_batches SELECT batch_id, function, coalesce(cause, ''),
            (held = 'batch')::int, (error IS NOT NULL)::int, count(*)
        FROM tasks WHERE state = 'scheduled' AND batch_id IS NOT NULL GROUP BY 1, 2, 3, 4, 5""",
        "UPDATE version SET version = '0021'",
    ),
    "0021": (
        "ALTER TABLE tasks ADD COLUMN past_errors TEXT",
        "UPDATE version SET version = '0022'",
    ),
    "0022": ("UPDATE version SET version = '0023'",),
}
"""The statements that upgrade the tables of a version to the next one."""


def statements() -> Iterator[str]:
    """Yield the statements that create all tables in an empty schema."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    for table in schema.metadata.sorted_tables:
        made = str(CreateTable(table).compile(dialect=dialect))
        yield _WIDER.sub(lambda found: {"INTEGER": "BIGINT"}.get(found[1], "BIGSERIAL"), made)
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            if index.name in NUMBERED:
                continue
            where = index.dialect_options["sqlite"]["where"]
            made = str(CreateIndex(index).compile(dialect=dialect))
            told = str(where).replace("instr(", "strpos(")
            yield made if where is None else f"{made} WHERE {told}"
    yield from _OWN
    yield from HANDED
    yield from WORKERS
    yield from RAN_ON
    yield from FORGETTING
    yield from FILES
    yield from INDEXES
    yield from RELAYED
