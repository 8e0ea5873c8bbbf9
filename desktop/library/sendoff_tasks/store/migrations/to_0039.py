"""Brings the table of acts."""

from __future__ import annotations

from typing import Final

from sendoff_tasks.store.migrations.migration import Migration

_TABLE: Final = (
    "CREATE TABLE acts (id {1} NOT NULL, at {0} NOT NULL, who TEXT NOT NULL, verb TEXT NOT NULL,"
    " kind TEXT NOT NULL, name TEXT NOT NULL, tasks TEXT NOT NULL, count {0} NOT NULL,"
    " PRIMARY KEY (id))"
)
_INDEX: Final = "CREATE INDEX ix_acts_at ON acts (at)"
TO_0039: Final = Migration(
    "0039",
    sqlite=(_TABLE.format("INTEGER", "INTEGER") + " STRICT", _INDEX),
    postgres=(_TABLE.format("BIGINT", "BIGSERIAL"), _INDEX),
)
