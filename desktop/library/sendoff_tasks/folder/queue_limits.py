"""The limits of queues in ``settings.toml``, typed and checked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from sendoff_tasks.model.problems import FieldError
from sendoff_tasks.model.text import NAME_LIMIT
from sendoff_tasks.model.times import COUNT_LIMIT, parse_rates
from sendoff_tasks.words.table import ENGLISH
from sendoff_tasks.words.typed import line_problem, number_problem, rate_problem

CONCURRENCY_LIMIT: Final = 10_000


@dataclass(frozen=True, slots=True)
class QueueSettings:
    """The limits of a queue; with ``None``, the limit that its tasks declare applies."""

    concurrency: int | None = None
    """The number of its tasks that run at once."""
    rate: str | None = None
    """The rate at which its tasks start, as in ``30/min``, or two: ``30/min, 500/h``."""
    per_day: int | None = None
    """The number of its tasks that start in any 24 hours."""


def queue_problems(queues: Mapping[str, QueueSettings]) -> Iterator[FieldError]:
    """Yield an error for each limit that cannot be used; types are checked before."""
    for name, queue in queues.items():
        path = f"queues.{name}"
        problem = line_problem(name, NAME_LIMIT)
        if problem or not name:
            yield {"path": path, "message": problem or ENGLISH.say("value", "queue")}
        if queue.concurrency is not None and not 1 <= queue.concurrency <= CONCURRENCY_LIMIT:
            yield {"path": f"{path}.concurrency", "message": number_problem(CONCURRENCY_LIMIT)}
        if queue.per_day is not None and not 1 <= queue.per_day <= COUNT_LIMIT:
            yield {"path": f"{path}.per_day", "message": number_problem(COUNT_LIMIT)}
        try:
            parse_rates(queue.rate or "1/s")
        except ValueError as error:
            yield {"path": f"{path}.rate", "message": rate_problem(error)}


NO_LIMIT: Final = "none"
"""The word in place of a limit that says that there is none; an empty text says the same."""


class SettingsError(Exception):
    """The settings cannot be used; ``errors`` has the path of each bad value and a sentence."""

    def __init__(self, message: str, errors: list[FieldError] | None = None) -> None:
        super().__init__(message)
        self.errors = errors or []


ENCODING: Final = "utf-8-sig"
"""Some editors begin a file with a mark of its encoding."""
_MAY_GO_ON: Final = re.compile(r"""([^#"']|"(\\.|[^"\\])*"|'[^']*')*=\s*[\w.+:-]+""")
"""A last line that ends with a number; a ``#`` in quotes begins no comment."""


def may_be_cut(text: str) -> bool:
    """Tell whether a file ends with a number that may have more digits."""
    return _MAY_GO_ON.fullmatch(text.rpartition("\n")[2]) is not None


def gone_limits(
    queues: Mapping[str, Any], before: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, str]]:
    """Yield queue and key of each limit of ``before`` whose line is gone from a file's queues."""
    for name, limits in before.items():
        here = queues.get(name, {})
        for key, value in limits.items():
            if here.get(key, "") == "" and value is not None:
                yield name, key


def parse_queues(
    content: bytes, where: str, before: Mapping[str, Mapping[str, Any]]
) -> dict[str, QueueSettings]:
    """Parse the limits of a file; those of ``before`` whose lines are gone stay in force.

    Raises ``SettingsError`` if the file is no TOML, has a limit that cannot be used, or has changed
    and may be cut inside a number.
    """
    import tomllib  # the window does not need it

    errors: list[FieldError] = []
    try:
        text = content.decode(ENCODING)
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        why = ENGLISH.say("file", "unread", file=where, why=error)
        raise SettingsError(ENGLISH.both(why, ENGLISH.say("limits", "fix"))) from error
    said = dict(queues_of(data, errors))
    if not errors:
        for name, key in gone_limits(data.get("queues", {}), before):
            said[name] = replace(said.get(name, QueueSettings()), **{key: before[name][key]})
    try:
        refuse(errors or list(queue_problems(said)))
    except SettingsError as error:
        why = ENGLISH.both(f"{where}: {error}", ENGLISH.say("limits", "fix"))
        raise SettingsError(why, error.errors) from error
    if may_be_cut(text) and {name: asdict(each) for name, each in said.items()} != before:
        raise SettingsError(ENGLISH.say("limits", "cut", where=where))
    return said


def queues_of(
    data: Mapping[str, Any], errors: list[FieldError]
) -> Iterator[tuple[str, QueueSettings]]:
    """Yield the queues of a file's data with their limits; add what is wrong to ``errors``."""
    queues = table_of(data, "queues", "queues", errors)
    for name in queues:
        path = f"queues.{name}"
        queue = table_of(queues, name, path, errors)
        numbers, rate = (
            [_limit(queue, "concurrency"), _limit(queue, "per_day")],
            _limit(queue, "rate"),
        )
        wrong: list[FieldError] = [
            {"path": f"{path}.{key}", "message": ENGLISH.say("value", "int_type")}
            for key, number in zip(("concurrency", "per_day"), numbers, strict=True)
            if number is not None and type(number) is not int
        ]
        if rate is not None and not isinstance(rate, str):
            wrong.append({"path": f"{path}.rate", "message": ENGLISH.say("value", "rate")})
        errors += wrong
        if not wrong:
            yield name, QueueSettings(numbers[0], rate, numbers[1])


def _limit(queue: Mapping[str, Any], key: str) -> Any:
    """Return a limit, or ``None`` for the words that say that there is none."""
    value = queue.get(key)
    return None if value in ("", NO_LIMIT) else value


def table_of(
    data: Mapping[str, Any], name: str, path: str, errors: list[FieldError]
) -> Mapping[str, Any]:
    """Return a table of a file's data; add to ``errors`` if it is something else."""
    table = data.get(name, {})
    if isinstance(table, Mapping):
        return table
    errors.append({"path": path, "message": ENGLISH.say("value", "table", path=path)})
    return {}


def refuse(errors: list[FieldError]) -> None:
    """Raise ``SettingsError`` with these errors, if there are any."""
    if errors:
        raise SettingsError(" ".join(f"{e['path']}: {e['message']}" for e in errors), errors)
