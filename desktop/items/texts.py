"""The texts of an item, by which it and its tasks are found."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from desktop.engine.store.reads.vocabulary import words
from desktop.engine.store.tables.schema import SPELLED
from desktop.engine.transaction.searching import ItemTexts


def texts_in(body: str, recipient: str | None) -> ItemTexts:
    """Return the texts of an item: its body as JSON, and its recipient if it was corrected.

    After a correction, all its tasks are also found by its current recipient.
    """
    item = json.loads(body) or {}
    return ItemTexts(item.get("title"), recipient, " ".join(_values(item.get("fields"))))


def lone_words(body: str) -> str:
    """Return the words by which an item without a task is found, each after a space."""
    item = json.loads(body) or {}
    to, fields = item.get("recipient") or {}, " ".join(_values(item.get("fields")))[:SPELLED]
    return f" {words(item.get('title'), to.get('name'), to.get('email'), fields)}"


def _values(field: Any) -> Iterator[str]:
    """Yield the texts and numbers in a field's value."""
    match field:
        case dict():
            for each in field.values():
                yield from _values(each)
        case list():
            for each in field:
                yield from _values(each)
        case str() | int() | float() if not isinstance(field, bool):
            yield str(field)
