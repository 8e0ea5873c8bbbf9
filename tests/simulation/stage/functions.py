"""The tasks of the simulated program; none of them is ever called, the lane plays them."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, Final

from sendoff_tasks.functions.backoff import Retry
from sendoff_tasks.functions.registry import Registry, task

BACKOFF: Final = 10.0
"""Seconds between the attempts of every task."""


def backoff(attempt: int, random: Random) -> float:
    return BACKOFF


RETRY: Final = Retry(attempts=3, backoff=backoff)
DEADLINES: Final = {"urgent": 90.0}
"""Seconds after their acceptance."""


@task(retry=RETRY)
def plain(*args: Any) -> None: ...


@task(queue="narrow", concurrency=2, retry=RETRY)
def narrow(*args: Any) -> None: ...


_REFERENCES: Final[list[str]] = []
"""Those that were given to letters; each scene counts from the beginning."""


def _reference() -> str:
    _REFERENCES.append(f"<{len(_REFERENCES)}@x.org>")
    return _REFERENCES[-1]


@task(queue="post", concurrency=3, retry=RETRY, reference=_reference)
def letter(*args: Any) -> None: ...


@task(deadline=DEADLINES["urgent"], retry=RETRY)
def urgent(*args: Any) -> None: ...


@task(rate="3/min", retry=RETRY)
def news(*args: Any) -> None: ...


@task(queue="post", retry=RETRY)
def guest(*args: Any) -> None: ...


@task(every="10 min", retry=RETRY)
def chime() -> None: ...


CHIME: Final = chime.__name__
"""Runs by itself, in the histories that have it."""
CHIME_S: Final = 600

FUNCTIONS: Final[dict[str, Callable[..., Any]]] = {
    fn.__name__: fn for fn in (plain, narrow, letter, urgent, news, guest)
}
QUEUES: Final = ("plain", "narrow", "post", "urgent", "news")
FUNCTIONS_OF: Final = __name__
"""The module of them all."""
LETTER: Final = letter.__name__
"""Sends a message."""
MARKING: Final = frozenset({LETTER, "urgent"})
"""Those that declare a point of no return."""


def registry(*, chimes: bool) -> Registry:
    """Return a registry that knows them all."""
    _REFERENCES.clear()
    known = Registry()
    known.exchange({}, (*FUNCTIONS.values(), *([chime] if chimes else [])))
    return known
