"""A person who is forgotten, and what the store still has of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Text

from desktop.items.accepting import ItemSubmission, NewItemRow
from desktop.items.forgetting import forget_person
from desktop.items.person import Person, find_person
from desktop.items.tables.schema import metadata as items_metadata
from sendoff_tasks.store.tables import schema
from sendoff_tasks.submission import NewTask
from tests.engine.stepped import Stepped

ADA = {
    "title": "Opera",
    "recipient": {"name": "Lovelace", "email": "Ada@Example.org"},
    "fields": {"seat": "Row Omega"},
}
WORDS = ("lovelace", "ada@", "omega")


def submit(stepped: Stepped, number: int, *names: str, body: Any = ADA) -> list[int]:
    to = "{name} <{email}>".format(**body["recipient"])
    own = [NewTask(name, (number,), to=to) for name in names]
    rows = [NewItemRow(number, body, own)]
    return stepped.submit(ItemSubmission(rows)).task_ids[0]


def forget(stepped: Stepped, number: int) -> Person:
    person = find_person(stepped.connection, number)
    stepped.do(lambda group: forget_person(group, person))
    stepped.settle()
    return person


def traces(stepped: Stepped) -> list[str]:
    """List the columns that have one of the words."""
    found = []
    for table, column in texts():
        rows = stepped.connection.execute(f"SELECT {column} FROM {table}").fetchall()  # noqa: S608
        text = str(rows).lower()
        found += [f"{table}.{column}: {word}" for word in WORDS if word in text]
    return found


def texts() -> list[tuple[str, str]]:
    """List all columns of the store that have texts."""
    tables = [*schema.metadata.sorted_tables, *items_metadata.sorted_tables]
    return [(t.name, c.name) for t in tables for c in t.c if isinstance(c.type, Text)]
