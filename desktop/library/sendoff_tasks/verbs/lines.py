"""Calls of verbs as data, and lines of them: what another process submits, done exactly once."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from sendoff_tasks.errors import (
    Busy,
    Conflict,
    DuplicateTask,
    EngineError,
    InTheWay,
    NotWritable,
    UnknownId,
)
from sendoff_tasks.functions.eligibility import brief, check_text, check_whole
from sendoff_tasks.model.tasks import TaskRow
from sendoff_tasks.store.errors import StoreError
from sendoff_tasks.store.tables import statements
from sendoff_tasks.submission import SubmissionAnswer, TaskChange
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.pending import PendingRecords
from sendoff_tasks.transaction.replies import do_whole
from sendoff_tasks.verbs.cancel import cancel
from sendoff_tasks.verbs.change import change
from sendoff_tasks.verbs.pause_queue import pause, resume
from sendoff_tasks.verbs.resolve import resolve
from sendoff_tasks.verbs.retry import retry
from sendoff_tasks.verbs.submit import PreparedSubmission, accept, token_of


@dataclass(frozen=True, slots=True)
class Call:
    """A verb and its arguments, which are JSON.

    Raises ``TypeError`` or ``ValueError`` for an argument that the verb cannot have.
    """

    verb: str
    args: tuple[Any, ...]
    weight: int = 1

    def __post_init__(self) -> None:
        if self.verb == "answered":
            return
        about, *rest = self.args
        if self.verb not in {"pause", "resume"}:
            check_whole("the number of a task", about)
        elif about is not None:
            check_text("queue", about)
        if self.verb == "resolve" and rest not in (["done"], ["again"]):
            raise ValueError(f"outcome must be 'done' or 'again', got {brief(*rest)}")


def call(group: Group, wanted: Call) -> Any:
    """Do a call; return JSON."""
    verb = _VERBS.get(wanted.verb)
    if verb is None:
        raise EngineError("engine.no_verb", verb=wanted.verb)
    return verb(group, *wanted.args)


def by_number(verb: Callable[..., None]) -> Callable[..., TaskRow]:
    """Wrap a verb so that it takes a task's number and returns the task's row."""

    def do(group: Group, task_id: int, *args: Any) -> TaskRow:
        record = group.read(task_id)
        verb(group, record, *args)
        return group.row(record)

    return do


def _acting(verb: Callable[..., None]) -> Callable[..., TaskRow]:
    """Like :func:`by_number`; an action that is pending for the task then no longer means it."""

    def do(group: Group, task_id: int, *args: Any) -> TaskRow:
        row = by_number(verb)(group, task_id, *args)
        group.part(PendingRecords).take_out(group, [task_id])
        return row

    return do


def change_by_number(group: Group, task_id: int, wanted: TaskChange) -> TaskRow:
    """Change a task; an action that is pending for it then means it no more if its start changes.

    Returns the task's row.
    """
    changing = by_number(change) if wanted.run_at is None else _acting(change)
    return changing(group, task_id, wanted)


def answered(group: Group, response: str) -> None:
    """Let the tasks begin that wait for a response: it was sent, or its client has gone."""
    group.memory.responses.end(response)


_VERBS: Final[dict[str, Callable[..., Any]]] = {
    "answered": answered,
    "cancel": _acting(cancel),
    "retry": _acting(retry),
    "resolve": _acting(resolve),
    "token": token_of,
    "pause": pause,
    "resume": resume,
}


Wanted = PreparedSubmission | Call
"""What one caller wants: tasks to accept, or a verb on existing tasks."""


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """A request that this process cannot read, because a newer version sent it, and why."""

    why: str
    weight: int = 1


LineAnswer = dict[str, Any]
"""The answer to a request, as JSON."""


@dataclass(frozen=True, slots=True)
class Line:
    """Requests of several callers; each is done or refused by itself, all in one COMMIT.

    ``process`` names the sender and is never reused. The sender repeats line ``number`` until it
    is answered, and only then sends the next, so only its last answer has to be stored.
    """

    process: str
    number: int
    wanted: list[Wanted | NotUnderstood]

    @property
    def weight(self) -> int:
        """The size in rows."""
        return sum(wanted.weight for wanted in self.wanted)


def accept_line(group: Group, line: Line, error: EngineError | None = None) -> list[LineAnswer]:
    """Do a line, or repeat its first answer; with an ``error`` refuse all of it."""
    row = group.cursor.execute(statements.ANSWER, (line.process,)).fetchone()
    number = str(line.number)
    if row is not None and int(row[0]) >= line.number:  # no caller waits for an older one
        answers: list[LineAnswer] = json.loads(row[1])
        return answers
    if error is None:
        answers = [_answer_one(group, wanted) for wanted in line.wanted]
    else:
        answers = [refusal(error)] * len(line.wanted)
    text = json.dumps(answers, separators=(",", ":"))
    group.cursor.execute(statements.REPLACE_ANSWER, (line.process, number, text, group.now))
    return answers


def _answer_one(group: Group, wanted: Wanted | NotUnderstood) -> LineAnswer:
    if isinstance(wanted, NotUnderstood):
        return refusal(EngineError("engine.unreadable", why=wanted.why))
    try:
        if isinstance(wanted, Call):
            return {"value": do_whole(call, group, wanted)}
        check_functions(group, wanted)
        return _accepted_answer(do_whole(accept, group, wanted))
    except EngineError as error:
        return refusal(error)


def _accepted_answer(accepted: SubmissionAnswer) -> LineAnswer:
    answer: LineAnswer = {"ids": accepted.task_ids}
    if accepted.joined:
        answer["joined"] = [*accepted.joined]
    if accepted.replayed:
        answer["replayed"] = True
    if accepted.note is not None:
        answer["note"] = accepted.note
    return answer


def check_functions(group: Group, submission: PreparedSubmission) -> None:
    """Raise ``DuplicateTask`` if a name means another function here than for the sender."""
    for task in submission.tasks:
        known, meant = group.registry.get(task.spec.name), str(task.spec.source)
        is_same = known is None or known.name != task.spec.name or str(known.source) == meant
        if known is not None and not is_same:  # under an alias it may well be somewhere else
            raise DuplicateTask(known.name, str(known.source), meant)


_KINDS: Final = {
    kind.__name__: kind
    for kind in (EngineError, Busy, Conflict, DuplicateTask, InTheWay, NotWritable, UnknownId)
}
"""The errors that callers tell apart."""


def refusal(error: EngineError) -> LineAnswer:
    """Encode an error; for callers, an unusable store is one that cannot be written."""
    if isinstance(error, StoreError):
        error = NotWritable(error.refusal, **error.data)
    kind = type(error).__name__
    if kind not in _KINDS:
        kind = EngineError.__name__
    return {"error": kind, "with": error.args, "is": vars(error)}


def _load_error(kind: str, args: list[Any], found: dict[str, Any]) -> EngineError:
    """Decode an error."""
    known = _KINDS.get(kind, EngineError)
    error = known.__new__(known, *args)
    vars(error).update(found)
    return error


def result(answer: LineAnswer) -> Any:
    """Decode an answer: ``SubmissionAnswer`` without rows, or a call's result; raise an error."""
    if "error" in answer:
        raise _load_error(answer["error"], answer["with"], answer.get("is", {}))
    if "value" in answer:
        return answer["value"]
    return SubmissionAnswer(
        task_ids=answer["ids"],
        replayed=answer.get("replayed", False),
        joined=frozenset(answer.get("joined", ())),
        note=answer.get("note"),
    )
