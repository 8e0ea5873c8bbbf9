"""What a task has of its function: number, place and reference; and its context variables."""

from __future__ import annotations

from contextlib import suppress

from desktop.contract.states import State
from desktop.engine.errors import Conflict
from desktop.engine.functions.spec import TaskSpec
from desktop.engine.store.tables import beside_tasks, statements
from desktop.engine.store.tables.beside_tasks import CONTEXT_OF, INSERT_CONTEXT
from desktop.engine.store.tables.records import NO_REFERENCE_YET, FunctionRecord, TaskRecord
from desktop.engine.transaction.group import Group


def function_id(group: Group, spec: TaskSpec) -> int:
    """Return the number of a function as it is described now; assign one if it has none."""
    number = group.memory.function_id(spec)
    if number is None:
        number = max(group.memory.functions, default=0) + 1
        function = FunctionRecord(number, spec.name, spec.queue, spec.lane, spec.title)
        group.cursor.execute(statements.INSERT_FUNCTION, function)
        group.cursor.executemany(statements.INSERT_COUNT, [(number, s, 0) for s in State])
        group.memory.add_function(function)
        keep_source(group, spec)
    return number


def keep_source(group: Group, spec: TaskSpec, name: str = "") -> None:
    """Store where a function is defined, so the next start can import it.

    ``name`` is that of its tasks, if they were added under an older one. Not needed for a plain
    function, whose name says it, for one in a file of tasks, which is loaded anyway, and for one
    that only workers have.
    """
    name, source = name or spec.name, str(spec.source)
    is_found = not spec.is_here or name == source or spec.source.file is not None
    if not is_found and group.memory.sources.get(name) != source:
        group.cursor.execute(beside_tasks.SET_SOURCE, (name, source))
        group.memory.sources[name] = source


def give_reference(group: Group, record: TaskRecord, spec: TaskSpec | None) -> None:
    """Give a task a new reference; if none can be made now, the task gets it when it starts."""
    reference = None
    with suppress(Conflict):
        reference = None if spec is None else spec.new_reference()
    group.change(record, reference=reference or NO_REFERENCE_YET)


def keep_variables(group: Group, task_id: int, variables: str) -> None:
    """Store a task's context variables, encoded."""
    group.cursor.execute(INSERT_CONTEXT, (task_id, variables))
    group.memory.has_contexts = True


def variables_of(group: Group, task_id: int) -> str | None:
    """Return a task's context variables, encoded."""
    if not group.memory.has_contexts:
        return None
    row = group.cursor.execute(CONTEXT_OF, (task_id,)).fetchone()
    return None if row is None else str(row[0])
