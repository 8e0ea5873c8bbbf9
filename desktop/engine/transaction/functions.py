"""The functions tasks are accepted for: their numbers, and where they are defined."""

from __future__ import annotations

from desktop.contract.states import State
from desktop.engine.functions.registry import TaskSpec
from desktop.engine.store.tables import order, statements
from desktop.engine.store.tables.records import Function
from desktop.engine.transaction.group import Group


def function_id(group: Group, spec: TaskSpec) -> int:
    """Return the number of a function as it is described now."""
    number = group.memory.function_id(spec)
    if number is None:
        number = max(group.memory.functions, default=0) + 1
        function = Function(number, spec.name, spec.queue, spec.lane, spec.title)
        group.cursor.execute(statements.INSERT_FUNCTION, function)
        group.cursor.executemany(statements.INSERT_COUNT, [(number, s, 0) for s in State])
        group.memory.add_function(function)
        keep_source(group, spec)
    return number


def keep_source(group: Group, spec: TaskSpec) -> None:
    """Note where a function is defined, to be imported from there at the next start.

    The name of a plain one says it, and files of tasks are loaded by themselves.
    """
    source = str(spec.source)
    is_found = spec.name == source or spec.source.file is not None
    if not is_found and group.memory.sources.get(spec.name) != source:
        group.cursor.execute(order.SET_SOURCE, (spec.name, source))
        group.memory.sources[spec.name] = source
