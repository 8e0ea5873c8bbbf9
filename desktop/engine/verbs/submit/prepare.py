"""The part of a submission that needs no store; it runs in the caller's thread."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
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
"""Characters of bodies and arguments that weigh as much as one row."""


@dataclass(slots=True)  # a frozen one takes three times as long to make
class PreparedTask:
    """A task with checked arguments and its words.

    If its item has no number yet, ``arguments`` and ``key`` are made later.
    """

    task: NewTask
    spec: TaskSpec
    arguments: str
    key: str | None
    words: str
    reference: str | None
    place: tuple[int, int] | None = None
    """Its batch, and its row there."""

    def numbered(self, item_id: int) -> PreparedTask:
        """Return the task with its item's number; raise ``BadCall`` for a bad key."""
        args = (item_id, *self.task.args)
        key = _key(self.task, self.spec, args)
        return replace(self, arguments=encode(args, self.task.kwargs), key=key)


@dataclass(frozen=True, slots=True)
class PreparedItem:
    """An item whose body is canonical JSON."""

    item_id: int | None
    body: str
    tasks: list[PreparedTask]

    def numbered(self, item_id: int) -> PreparedItem:
        """Return the item with its number; raise ``BadCall`` for a bad key of a task."""
        return PreparedItem(item_id, self.body, [task.numbered(item_id) for task in self.tasks])


@dataclass(frozen=True, slots=True)
class PreparedSubmission:
    """The input of :func:`desktop.engine.verbs.submit.accept.accept`."""

    items: list[PreparedItem]
    tasks: list[PreparedTask]
    idempotency: Idempotency | None
    partial: bool

    @property
    def weight(self) -> int:
        """The size in rows; long rows count several times, because waiting ones take memory."""
        tasks = [*self.tasks, *chain.from_iterable(item.tasks for item in self.items)]
        size = sum(len(item.body) for item in self.items)
        size += sum(len(task.arguments or "") for task in tasks)
        return max(len(self.items) + len(tasks), size // ROW) or 1


def loose(tasks: list[PreparedTask]) -> PreparedSubmission:
    """Return a submission of loose tasks that were prepared where they were added."""
    return PreparedSubmission([], tasks, None, partial=False)


def prepare(submission: Submission | PreparedSubmission, registry: Registry) -> PreparedSubmission:
    """Check and encode a submission, unless that is done.

    Raises ``UnknownTask``, ``BadCall`` or ``ValueError``.
    """
    if isinstance(submission, PreparedSubmission):
        return submission
    items = []
    for new in submission.items:
        _check_id(new.item_id)
        title = new.body.get("title")
        tasks = [prepare_task(t, registry, (new.item_id,), title) for t in new.tasks]
        items.append(PreparedItem(new.item_id, written(new.body), tasks))
    return PreparedSubmission(
        items,
        [prepare_task(task, registry) for task in submission.tasks],
        submission.idempotency,
        submission.partial,
    )


def written(body: Mapping[str, Any], *, in_order: bool = False) -> str:
    """Return JSON with keys in the given order, or sorted if ``in_order``; ``2.0`` becomes ``2``.

    Messages list an item's fields in this order: as a person typed them, or as the columns of a
    spreadsheet.
    """
    text = json.dumps(_whole(body), ensure_ascii=False, sort_keys=in_order, separators=(",", ":"))
    text.encode()  # a message is never sent with other characters: a ValueError for half a one
    return text


def canonical(body: Mapping[str, Any]) -> str:
    """Return JSON in which equal values have equal text."""
    return written(body, in_order=True)


def is_same_body(one: str, other: str) -> bool:
    """Return whether two encoded bodies are equal apart from the order of their keys."""
    return one == other or canonical(json.loads(one)) == canonical(json.loads(other))


def _whole(value: Any) -> Any:
    match value:
        case str():  # the usual case, ten times as fast as the test for a mapping
            return value
        case float() if value.is_integer():
            return int(value)
        case dict() | Mapping():
            return {key: _whole(each) for key, each in value.items()}
        case list() | tuple():
            return [_whole(each) for each in value]
    return value


def prepare_task(
    task: NewTask,
    registry: Registry,
    item: Sequence[int | None] = (),
    item_title: str | None = None,
) -> PreparedTask:
    """Check and encode a task, loose or of an ``item``; raise as :func:`prepare` does."""
    spec = registry.get(task.task)
    if spec is None:
        raise UnknownTask(task.task, registry.why_unknown(task.task))
    _check_id(task.item_id)
    args = (*item, *task.args)
    spec.check_arguments(args, task.kwargs)
    arguments = encode(args, task.kwargs, spec.parameters)
    return PreparedTask(
        task,
        spec,
        arguments=arguments,
        key=None if item == (None,) else _key(task, spec, args),
        words=words(task.title, task.to, item_title),
        reference=spec.reference() if spec.reference else None,
    )


def _key(task: NewTask, spec: TaskSpec, args: Sequence[Any]) -> str | None:
    return make_key(spec, args, task.kwargs) if task.options.key is None else task.options.key


def _check_id(number: int | None) -> None:
    if number is not None and not 1 <= number <= ID_LIMIT:
        raise ValueError(f"an item's number is 1 … {ID_LIMIT}, not {number}")
