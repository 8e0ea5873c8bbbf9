"""Verbs are done whole or not at all: one that raises after a change has its group rolled back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

from desktop.engine.errors import EngineError
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.replies import Answer, Request

P = ParamSpec("P")


class HalfDone(RuntimeError):
    """A verb raised ``error`` after it had changed something, which is a mistake in the verb."""

    def __init__(self, error: EngineError) -> None:
        super().__init__(f"A verb changed something, then raised: {error}")
        self.error = error


def do_whole(
    verb: Callable[Concatenate[Group, P], Any], group: Group, *args: P.args, **kwargs: P.kwargs
) -> Any:
    """Do a verb; raises what it raises, but ``HalfDone`` for an ``EngineError`` after a change.

    Nothing catches that but the core, which rolls the group back and does its requests one by one.
    """
    before = _changes(group)
    try:
        return verb(group, *args, **kwargs)
    except EngineError as error:
        if _changes(group) != before:
            raise HalfDone(error) from error
        raise


def answer_of(request: Request, group: Group) -> Answer:
    """Do a request's verb and return what its caller is told; raises ``HalfDone``."""
    try:
        return do_whole(request.verb, group), None
    except EngineError as error:
        return None, error


def _changes(group: Group) -> tuple[int, ...]:
    """Count the changes of a group: those that are collected, and those written directly."""
    items = len(group.new_items) + group.flushed_items
    written = group.connection.total_changes - group.flushed
    return group.memory.last_event, group.memory.last_task, items, written
