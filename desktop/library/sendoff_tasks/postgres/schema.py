"""The engine's tables on PostgreSQL, in a schema of their own beside the tables of the app."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
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
_OWN: Final = Path(__file__).with_name("schema.sql")
"""What SQLite has not, or has otherwise; an empty line ends a statement."""


def statements() -> Iterator[str]:
    """Yield the statements that create the engine's tables in an empty schema."""
    for table in schema.metadata.sorted_tables:
        yield from statements_of(table)
    own = re.sub(r"^--.*\n", "", _OWN.read_text(encoding="utf-8"), flags=re.MULTILINE)
    yield from own.format(numbers=NUMBERS).strip().split("\n\n")


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
