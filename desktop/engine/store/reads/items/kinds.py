"""The kinds of items, by whether their recipients were informed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, or_

from desktop.contract.items import Informed
from desktop.engine.store.tables.schema import items

Kinds = Sequence[str | None]
KINDS: Final[Kinds] = (*(each.value for each in Informed), None)
"""All kinds; ``None`` is the kind of items without a message."""


def of_kinds(kinds: Kinds) -> list[ColumnElement[bool]]:
    """Return the condition for items of one of these kinds; for no kinds, of all."""
    return [or_(*map(_is_kind, kinds))] if kinds else []


def _is_kind(kind: str | None) -> ColumnElement[bool]:
    return items.c.informed.is_(None) if kind is None else items.c.informed == kind
