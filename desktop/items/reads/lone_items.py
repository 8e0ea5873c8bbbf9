"""Items without a task that words find: they have their words with them."""

from __future__ import annotations

from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, func, select

from desktop.engine.store.reads.conditions import item_number
from desktop.engine.store.reads.vocabulary import words
from desktop.engine.store.tables.cursor import Source, run
from desktop.engine.store.tables.schema import items
from desktop.items.reads.worded_items import ItemSearch

LOOKED_AT: Final = 10_000
"""Most items of one look, at 1 µs each; the next page continues after them."""


class LoneItemsFound(NamedTuple):
    """The items found with their kinds, in order; ``end`` is the last one looked at, if not all."""

    kinds: dict[int, str | None]
    numbers: list[int]
    end: int | None


def find_lone(connection: Source, query: ItemSearch, until: int | None = None) -> LoneItemsFound:
    """Return the items of a page, or some of them; with ``until``, up to this number.

    Their kinds are of all items found; only their numbers follow ``query.informed``. The item whose
    number was typed is found in any case.
    """
    number, down = items.c.id, query.descending
    asked = words(query.text).split()
    if not asked:
        return LoneItemsFound({}, [], None)
    within: list[ColumnElement[bool]] = []
    if query.after is not None:
        within.append(number < query.after if down else number > query.after)
    if until is not None:
        within.append(number >= until if down else number <= until)
    walked = select(number, items.c.informed, items.c.words).where(items.c.words.is_not(None))
    walked = walked.where(*within).order_by(number.desc() if down else number)
    some = walked.limit(LOOKED_AT).subquery("lone")
    has_all = (func.instr(some.c.words, f" {word}") > 0 for word in asked)
    found = run(connection, select(some.c.id, some.c.informed).where(*has_all))
    kinds: dict[int, str | None] = dict(map(tuple, found))
    own = item_number(asked)
    if own is not None:
        found = run(connection, select(number, items.c.informed).where(number == own, *within))
        kinds |= dict(map(tuple, found))
    numbers = [n for n, kind in kinds.items() if not query.informed or kind in query.informed]
    last = run(connection, select(some.c.id).offset(LOOKED_AT - 1).limit(1))
    return LoneItemsFound(kinds, sorted(numbers, reverse=down), last[0][0] if last else None)
