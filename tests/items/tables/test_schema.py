"""The tables of the domain, of which the engine knows nothing."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import sendoff_tasks
from desktop.items.feature import domain
from desktop.items.tables import schema
from desktop.items.tables.batches import BatchRecord, RowRecord


def test_records_have_the_columns_of_their_tables_in_order() -> None:
    assert [field.name for field in fields(BatchRecord)] == [*schema.batches.c.keys()]
    assert list(RowRecord._fields) == [*schema.batch_rows.c.keys()]


def test_the_features_bring_all_tables_of_the_domain() -> None:
    tables = [table.name for feature in domain() for table in feature.tables]
    assert sorted(tables) == sorted(schema.metadata.tables)


def test_no_statement_of_the_engine_names_a_table_of_the_domain() -> None:
    names = "|".join(schema.metadata.tables)
    named = re.compile(rf"\b(?:FROM|JOIN|INTO|UPDATE|TABLE|ON) (?:{names})\b")
    (engine,) = sendoff_tasks.__path__
    for file in Path(engine).rglob("*.py"):
        assert named.search(file.read_text(encoding="utf-8")) is None, file
