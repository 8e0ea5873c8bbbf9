"""From a filter to conditions on ``tasks``."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, column, literal_column, or_, select, table

from desktop.engine.query import Filter
from desktop.engine.store.schema import functions, tasks
from desktop.engine.store.words import match

word_index = table("words", column("rowid"), column("words"))


def conditions(wanted: Filter, *, index_states: bool = True) -> list[ColumnElement[bool]]:
    """Return what must hold for a task to be meant, all but the text.

    Without ``index_states`` the planner is kept off the index of states: it would take it for
    states that nearly every task is in.
    """
    found: list[ColumnElement[bool]] = []
    if wanted.states:
        state: ColumnElement[Any] = (
            tasks.c.state if index_states else literal_column("+tasks.state")
        )
        found.append(state.in_(wanted.states))
    if wanted.task is not None:
        named = select(functions.c.id).where(functions.c.name == wanted.task)
        found.append(tasks.c.function.in_(named))
    if wanted.item_id is not None:
        found.append(tasks.c.item_id == wanted.item_id)
    if wanted.since is not None:
        found.append(tasks.c.created_at >= round(wanted.since * 1000))
    if wanted.until is not None:
        found.append(tasks.c.created_at < round(wanted.until * 1000))
    return found


def text_condition(text: str) -> ColumnElement[bool] | None:
    """Return the condition that ``text`` is found; ``None`` where every task is meant."""
    query = match(text)
    if query is None:
        return None
    has_words = tasks.c.id.in_(select(word_index.c.rowid).where(matches(query)))
    number = text.strip()
    if number.isascii() and number.isdigit() and len(number) <= 16:
        return or_(has_words, tasks.c.item_id == int(number))
    return has_words


def matches(query: str) -> ColumnElement[bool]:
    """Return ``words MATCH query``."""
    return and_(word_index.c.words.op("MATCH")(query))
