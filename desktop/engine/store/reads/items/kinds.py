"""The kinds of items, by whether people were told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, or_

from desktop.contract.items import Informed
from desktop.engine.store.tables.schema import items

Kinds = Sequence[str | None]
KINDS: Final[Kinds] = (*(each.value for each in Informed), None)
"""Each of them; ``None`` is that of items that no message was asked for."""


def of_kinds(kinds: Kinds) -> list[ColumnElement[bool]]:
    """Ask for items of any of these kinds; of none means of all."""
    return [or_(*map(_is, kinds))] if kinds else []


def _is(kind: str | None) -> ColumnElement[bool]:
    return items.c.informed.is_(None) if kind is None else items.c.informed == kind
