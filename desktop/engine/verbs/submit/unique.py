"""Unique keys: only one task of a name with a given key is open."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from desktop.contract.refusals import Refusal
from desktop.engine.errors import BadCall, Conflict
from desktop.engine.functions.eligibility import check_key
from desktop.engine.functions.spec import TaskSpec
from desktop.engine.store.tables.records import TaskRecord
from desktop.engine.store.tables.statements import OPEN_KEYS
from desktop.engine.text import sentence
from desktop.engine.transaction.group import Group


def make_key(spec: TaskSpec, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str | None:
    """Return the key that ``@task`` gives a call; ``BadCall`` if it cannot be made or used."""
    if spec.key is None or isinstance(spec.key, str):
        return spec.key
    try:
        key = spec.key(*args, **kwargs)
    except Exception as error:
        raise BadCall(
            f"the key of the task “{spec.name}” could not be made: {sentence(error)}"
        ) from error
    try:
        return check_key(key)
    except ValueError as error:
        raise BadCall(f"the task “{spec.name}” has a bad key: {error}") from error


class OpenKeys:
    """The open tasks that have the keys of one submission, read with one query."""

    def __init__(self, group: Group, keys: Iterable[str | None]) -> None:
        self._ids: dict[tuple[str, str], int] = {}
        wanted = {key for key in keys if key is not None}
        if not wanted:
            return
        group.flush()
        rows = group.cursor.execute(OPEN_KEYS, (json.dumps([*wanted]),))
        for key, function, number in rows:
            self.take(group.name_of(function), key, number)

    def find(self, name: str, key: str | None) -> int | None:
        """Return the number of the open task with this key, if there is one."""
        return None if key is None else self._ids.get((name, key))

    def take(self, name: str, key: str | None, number: int) -> None:
        """Record that a task has the key now."""
        if key is not None:
            self._ids[name, key] = number


def check_unique(group: Group, record: TaskRecord) -> None:
    """Raise ``Conflict`` if another open task has taken the key of this ended one."""
    other = OpenKeys(group, [record.key]).find(group.name_of(record.function), record.key)
    if other not in {None, record.id}:
        why = f"Task {other} has its key “{record.key}” now; only one can be open."
        raise Conflict(why, Refusal.SAME_KEY)
