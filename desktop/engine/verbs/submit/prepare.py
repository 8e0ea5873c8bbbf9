"""The part of a submission that needs no store; it runs in the caller's thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from desktop.contract.tasks import ID_LIMIT
from desktop.engine.errors import UnknownTask
from desktop.engine.functions.arguments import encode
from desktop.engine.functions.registry import Registry
from desktop.engine.functions.spec import TaskSpec
from desktop.engine.store.reads.vocabulary import words
from desktop.engine.submission import Idempotency, NewTask, Submission
from desktop.engine.verbs.submit.unique import make_key

ROW = 1024
"""Characters of texts and arguments that weigh as much as one row."""


@dataclass(slots=True)  # a frozen one takes three times as long to make
class PreparedTask:
    """A task with checked arguments and its words.

    If its first argument is not known yet, ``arguments`` and ``key`` are made later.
    """

    task: NewTask
    spec: TaskSpec
    arguments: str
    key: str | None
    words: str
    reference: str | None
    place: tuple[int, int] | None = None
    """Its batch, and its row there."""

    def with_first(self, argument: Any) -> PreparedTask:
        """Return the task with its first argument; raise ``BadCall`` for a bad key."""
        args = (argument, *self.task.args)
        key = _key(self.task, self.spec, args)
        return replace(self, arguments=encode(args, self.task.kwargs), key=key)


@dataclass(frozen=True, slots=True)
class PreparedSubmission:
    """The input of :func:`desktop.engine.verbs.submit.accept.accept`."""

    tasks: list[PreparedTask]
    idempotency: Idempotency | None = None

    @property
    def weight(self) -> int:
        """The size in rows."""
        return weight_of([], self.tasks)


def weight_of(texts: Sequence[str], tasks: Sequence[PreparedTask]) -> int:
    """Return the size of rows: long ones count several times, because waiting ones take memory."""
    size = sum(map(len, texts)) + sum(len(task.arguments or "") for task in tasks)
    return max(len(texts) + len(tasks), size // ROW) or 1


def prepare(submission: Submission | PreparedSubmission, registry: Registry) -> PreparedSubmission:
    """Check and encode a submission, unless that is done.

    Raises ``UnknownTask``, ``BadCall`` or ``ValueError``.
    """
    if isinstance(submission, PreparedSubmission):
        return submission
    tasks = [prepare_task(task, registry) for task in submission.tasks]
    return PreparedSubmission(tasks, submission.idempotency)


def prepare_task(
    task: NewTask,
    registry: Registry,
    first: Sequence[Any] = (),
    found_by: str | None = None,
) -> PreparedTask:
    """Check and encode a task; raise as :func:`prepare` does.

    ``first`` are arguments before its own, ``(None,)`` for one that is not known yet. ``found_by``
    is another text by which it is found.
    """
    spec = registry.get(task.task)
    if spec is None:
        raise UnknownTask(task.task, registry.why_unknown(task.task))
    if task.item_id is not None and not 1 <= task.item_id <= ID_LIMIT:
        raise ValueError(f"an item's number is 1 … {ID_LIMIT}, not {task.item_id}")
    args = (*first, *task.args)
    spec.check_arguments(args, task.kwargs)
    arguments = encode(args, task.kwargs, spec.parameters)
    return PreparedTask(
        task,
        spec,
        arguments=arguments,
        key=None if first == (None,) else _key(task, spec, args),
        words=words(task.title, task.to, found_by),
        reference=spec.reference() if spec.reference else None,
    )


def _key(task: NewTask, spec: TaskSpec, args: Sequence[Any]) -> str | None:
    return make_key(spec, args, task.kwargs) if task.options.key is None else task.options.key
