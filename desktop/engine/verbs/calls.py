"""Calls: the verbs that a program uses by number or name, in a table that other processes share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from desktop.contract.tasks import TaskRow
from desktop.engine.errors import EngineError
from desktop.engine.transaction.group import Group
from desktop.engine.verbs.cancel import cancel
from desktop.engine.verbs.pause_queue import pause, resume
from desktop.engine.verbs.resolve import resolve
from desktop.engine.verbs.retry import retry
from desktop.engine.verbs.token import token_of


@dataclass(frozen=True, slots=True)
class Call:
    """A verb and its arguments, which are JSON."""

    verb: str
    args: tuple[Any, ...]
    weight: int = 1


def call(group: Group, wanted: Call) -> Any:
    """Do it; returns JSON."""
    verb = _VERBS.get(wanted.verb)
    if verb is None:
        raise EngineError(f"The process that runs the tasks knows no “{wanted.verb}”.")
    return verb(group, *wanted.args)


def _on_task(verb: Callable[..., None]) -> Callable[..., TaskRow]:
    """Let a verb be called by a task's number; returns its row."""

    def by_number(group: Group, task_id: int, *args: Any) -> TaskRow:
        record = group.read(task_id)
        verb(group, record, *args)
        return group.row(record)

    return by_number


_VERBS: Final[dict[str, Callable[..., Any]]] = {
    "cancel": _on_task(cancel),
    "retry": _on_task(retry),
    "resolve": _on_task(resolve),
    "token": token_of,
    "pause": pause,
    "resume": resume,
}
