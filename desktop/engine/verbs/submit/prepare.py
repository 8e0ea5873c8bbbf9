"""Everything about a submission that needs no store, done in the caller's thread."""

from __future__ import annotations

import json
import math
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
from desktop.engine.verbs.submit.unique import checked, make_key

ROW = 1024
"""Characters of bodies and arguments that count as one row."""
PRIORITY_LIMIT = 1 << 31
TIME_LIMIT = 253_402_300_800  # the year 10000, epoch s


@dataclass(slots=True)  # frozen it takes three times as long to make
class PreparedTask:
    """A task whose arguments, words and times were checked; times are epoch ms, delay ms.

    ``arguments`` and ``key`` are yet to be made where they need the item's number, still unknown.
    """

    task: NewTask
    spec: TaskSpec
    arguments: str
    key: str | None
    words: str
    reference: str | None
    delay: int
    run_at: int | None
    deadline: int | None
    place: tuple[int, int] | None = None
    """The batch it belongs to, and the row there."""

    def numbered(self, item_id: int) -> PreparedTask:
        """Return it with the number its item was given; ``BadCall`` for a bad key."""
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
        """Return it with the number it was given; ``BadCall`` for a bad key of a task."""
        return PreparedItem(item_id, self.body, [task.numbered(item_id) for task in self.tasks])


@dataclass(frozen=True, slots=True)
class PreparedSubmission:
    """What :func:`desktop.engine.verbs.submit.accept.accept` puts on disk."""

    items: list[PreparedItem]
    tasks: list[PreparedTask]
    idempotency: Idempotency | None
    partial: bool

    @property
    def weight(self) -> int:
        """How many rows it is, a long one counted as several: what waits is kept in memory."""
        tasks = [*self.tasks, *chain.from_iterable(item.tasks for item in self.items)]
        size = sum(len(item.body) for item in self.items)
        size += sum(len(task.arguments or "") for task in tasks)
        return max(len(self.items) + len(tasks), size // ROW) or 1


def prepare(submission: Submission, registry: Registry) -> PreparedSubmission:
    """Check and encode a submission; raises ``UnknownTask``, ``BadCall`` or ``ValueError``."""
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
    """Write JSON whose keys stand as they came, or ``in_order`` of the alphabet; ``2.0`` as ``2``.

    The fields of an item have the order in which a person typed them, or of a spreadsheet's
    columns: messages list them so.
    """
    text = json.dumps(_whole(body), ensure_ascii=False, sort_keys=in_order, separators=(",", ":"))
    text.encode()  # half characters cannot be kept: UnicodeEncodeError is a ValueError
    return text


def canonical(body: Mapping[str, Any]) -> str:
    """Write JSON in which equal values are equal text."""
    return written(body, in_order=True)


def is_same_body(one: str, other: str) -> bool:
    """Tell whether two written bodies are equal but for the order of their keys."""
    return one == other or canonical(json.loads(one)) == canonical(json.loads(other))


def _whole(value: Any) -> Any:
    match value:
        case str():  # as most are: to ask whether it is a mapping takes ten times as long
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
    """Check and encode a task, loose or of an ``item``; raises as :func:`prepare` does."""
    spec = registry.get(task.task)
    if spec is None:
        raise UnknownTask(task.task, registry.why_unknown(task.task))
    _check_id(task.item_id)
    args = (*item, *task.args)
    spec.check_arguments(args, task.kwargs)
    arguments = encode(args, task.kwargs, spec.parameters)
    for text in (task.to, task.title):
        (text or "").encode()
    if abs(task.priority) >= PRIORITY_LIMIT:
        raise ValueError(f"a priority of {task.priority} is out of bounds")
    return PreparedTask(
        task,
        spec,
        arguments=arguments,
        key=None if item == (None,) else _key(task, spec, args),
        words=words(task.title, task.to, item_title),
        reference=spec.reference() if spec.reference else None,
        delay=_ms(task.delay, "delay") or 0,
        run_at=_ms(task.run_at, "run_at"),
        deadline=_ms(task.deadline, "deadline"),
    )


def _key(task: NewTask, spec: TaskSpec, args: Sequence[Any]) -> str | None:
    if task.key is not None:
        return checked(spec, task.key)
    return make_key(spec, args, task.kwargs) if spec.key is not None else None


def _check_id(number: int | None) -> None:
    if number is not None and not 1 <= number <= ID_LIMIT:
        raise ValueError(f"an item's number is 1 … {ID_LIMIT}, not {number}")


def _ms(seconds: float | None, name: str) -> int | None:
    if seconds is None:
        return None
    if not (math.isfinite(seconds) and 0 <= seconds < TIME_LIMIT):
        raise ValueError(f"{name} is out of bounds: {seconds}")
    return math.ceil(seconds * 1000)
