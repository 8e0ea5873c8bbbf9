"""Brings the counts of rows that are skipped, that opt out, and that look wrong."""

from __future__ import annotations

from typing import Final

from sendoff_tasks.store.migrations.migration import Migration

_NEW: Final = ("skipped", "opted_out", "doubtful")
_COUNT: Final = "ALTER TABLE batches ADD COLUMN {} {} NOT NULL DEFAULT 0"
_CHECK_AGAIN: Final = """
UPDATE batches SET revision = revision + 1, ready = 0, problems = 0, same = 0, changed = 0,
twice = 0, do_not_send = 0 WHERE state = 'draft'
"""
"""Who opts out was ready before."""
TO_0039: Final = Migration(
    "0039",
    sqlite=(*(_COUNT.format(name, "INTEGER") for name in _NEW), _CHECK_AGAIN),
    postgres=(*(_COUNT.format(name, "BIGINT") for name in _NEW), _CHECK_AGAIN),
)
