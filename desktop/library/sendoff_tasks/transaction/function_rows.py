"""What a task has of its function: number, place and reference; and its context variables.

Each kind that few tasks have is remembered in a part of its own.
"""

from __future__ import annotations

from contextlib import suppress

from sendoff_tasks.errors import Conflict
from sendoff_tasks.functions.spec import TaskSpec
from sendoff_tasks.model.states import State
from sendoff_tasks.store.tables import beside_tasks, statements
from sendoff_tasks.store.tables.beside_tasks import CONTEXT_OF, INSERT_CONTEXT
from sendoff_tasks.store.tables.cursor import Source
from sendoff_tasks.store.tables.records import NO_REFERENCE_YET, FunctionRecord, TaskRecord
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.memory import Memory
from sendoff_tasks.transaction.parts import Part


class Sources(Part):
    """Where functions are defined, if their name does not say it."""

    def __init__(self) -> None:
        self.places: dict[str, str] = {}

    def load(self, source: Source) -> None:
        """Read all places."""
        self.places = dict(source.execute(beside_tasks.SOURCES).fetchall())


class StoredVariables(Part):
    """Whether context variables travel with any task."""

    any = False

    def load(self, source: Source) -> None:
        """Look whether any were ever kept."""
        self.any = bool(source.execute(beside_tasks.ANY_CONTEXT).fetchone()[0])


def function_id(group: Group, spec: TaskSpec) -> int:
    """Return the number of a function as it is described now; assign one if it has none."""
    number = group.memory.function_id(spec)
    if number is None:
        number = max(group.memory.functions, default=0) + 1
        function = FunctionRecord(number, spec.name, spec.queue, spec.lane, spec.title)
        group.cursor.execute(statements.INSERT_FUNCTION, function)
        group.cursor.executemany(statements.INSERT_COUNT, [(number, s, 0) for s in State])
        group.memory.add_function(function)
        store_source(group, spec)
    return number


def store_source(group: Group, spec: TaskSpec, name: str = "") -> None:
    """Store where a function is defined, so the next start can import it.

    ``name`` is that of its tasks, if they were added under an older one. Not needed for a plain
    function, whose name says it, for one in a file of tasks, which is loaded anyway, and for one
    that only workers have.
    """
    name, source = name or spec.name, str(spec.source)
    is_found = not spec.is_here or name == source or spec.source.file is not None
    places = group.memory.part(Sources).places
    if not is_found and places.get(name) != source:
        group.cursor.execute(beside_tasks.SET_SOURCE, (name, source))
        places[name] = source


def unfinished(memory: Memory) -> dict[str, str]:
    """Map the functions of tasks that may run again to their places.

    A function whose place is not known has its name there.
    """
    ends, places = {State.SUCCEEDED.value}, memory.part(Sources).places
    left = {f for (f, state), n in memory.counts.items() if n and state not in ends}
    names = sorted({memory.functions[f].name for f in left})
    return {name: places.get(name, name) for name in names}


def give_reference(group: Group, record: TaskRecord, spec: TaskSpec | None) -> None:
    """Give a task a new reference; if none can be made now, the task gets it when it starts."""
    reference = None
    with suppress(Conflict):
        reference = None if spec is None else spec.new_reference()
    group.change(record, reference=reference or NO_REFERENCE_YET)


def store_variables(group: Group, task_id: int, variables: str) -> None:
    """Store a task's context variables, encoded."""
    group.cursor.execute(INSERT_CONTEXT, (task_id, variables))
    group.memory.part(StoredVariables).any = True


def variables_of(group: Group, task_id: int) -> str | None:
    """Return a task's context variables, encoded."""
    if not group.memory.part(StoredVariables).any:
        return None
    row = group.cursor.execute(CONTEXT_OF, (task_id,)).fetchone()
    return None if row is None else str(row[0])
