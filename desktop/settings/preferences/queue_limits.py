"""The settings of a queue: its limits, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from desktop.contract.problems import FieldError
from desktop.contract.rules.text import NAME_LIMIT, line_problem
from desktop.contract.rules.times import COUNT_LIMIT, Rate

CONCURRENCY_LIMIT: Final = 10_000


@dataclass(frozen=True, slots=True)
class QueueSettings:
    """The limits of a queue; with ``None``, the limit that its tasks declare applies."""

    concurrency: int | None = None
    """The number of its tasks that run at once."""
    rate: str | None = None
    """The rate at which its tasks start, as in ``30/min``."""
    per_day: int | None = None
    """The number of its tasks that start in any 24 hours."""


def queue_problems(queues: Mapping[str, QueueSettings]) -> Iterator[FieldError]:
    """Yield an error for each limit that cannot be used; types are checked before."""
    for name, queue in queues.items():
        path = f"queues.{name}"
        problem = line_problem(name, NAME_LIMIT)
        if problem or not name:
            yield {"path": path, "message": problem or "A queue needs a name."}
        if queue.concurrency is not None and not 1 <= queue.concurrency <= CONCURRENCY_LIMIT:
            message = f"This must be a number from 1 to {CONCURRENCY_LIMIT:,}."
            yield {"path": f"{path}.concurrency", "message": message}
        if queue.per_day is not None and not 1 <= queue.per_day <= COUNT_LIMIT:
            message = f"This must be a number from 1 to {COUNT_LIMIT:,}."
            yield {"path": f"{path}.per_day", "message": message}
        try:
            Rate.parse(queue.rate or "1/s")
        except ValueError as error:
            yield {"path": f"{path}.rate", "message": str(error)}
