"""What the page shows of a task: no secrets, and to lookers only the parts that they may see.

An answer is changed here, on its way to the page, so no part of the page has to know it.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Collection
from functools import partial
from typing import Any, Final, Literal, get_args

from sendoff_tasks.model.events import RESET, SEARCH, STATS, TASKS
from sendoff_tasks.model.secrets import is_secret, task_without_secrets, without_secrets
from sendoff_tasks.model.tasks import TaskDetail

ShownPart = Literal["arguments", "results", "errors", "logs"]
"""A part of a task that lookers may be shown, or not."""
ALL: Final[frozenset[ShownPart]] = frozenset(get_args(ShownPart))
_IN_TEXTS: Final[frozenset[ShownPart]] = frozenset({"arguments", "errors"})
"""The parts that words of a search are found in."""

_TOLD: Final = {kind.encode() for kind in (TASKS, STATS, SEARCH, RESET)}
"""The events that hold no text of an error, and no search."""

Alteration = Callable[[Any], Any]
"""Changes decoded JSON of an answer."""


def change_of(
    path: str, shown: Collection[ShownPart], unoffered: Collection[str] = ()
) -> Alteration | None:
    """Return what changes the answer of ``GET path``; ``None`` if it is passed on as it is.

    ``unoffered`` are the names of functions that nobody is offered to run.
    """
    if path == "functions":
        return partial(_functions, unoffered)
    if path.removeprefix("tasks/").isdigit():
        return partial(_whole, shown)
    if {*shown} >= ALL:
        return None
    changes: dict[str, Alteration] = {
        "tasks": lambda page: {**page, "tasks": [_row(shown, row) for row in page["tasks"]]},
        "causes": lambda found: found if "errors" in shown else {"causes": []},
        "queues": partial(_queues, shown),
        "overview": partial(_queues, shown),
    }
    return changes.get(path)


def may_search(query: Collection[str], shown: Collection[ShownPart]) -> bool:
    """Tell whether a search with these parameters finds only by what is shown."""
    return {*shown} >= _IN_TEXTS or not {"text", "error", "cause", "called"} & {*query}


async def events_shown(
    pieces: AsyncIterator[bytes], shown: Collection[ShownPart]
) -> AsyncIterator[bytes]:
    """Pass on the events of a stream, with the parts that are shown."""
    text = b""
    async for piece in pieces:
        *blocks, text = (text + piece).split(b"\n\n")
        for block in blocks:
            fields = dict(line.split(b": ", 1) for line in block.split(b"\n") if b": " in line)
            kind = fields.get(b"event")
            if kind == TASKS.encode():
                told = json.loads(fields[b"data"])
                told["rows"] = [_row(shown, row) for row in told["rows"]]
                fields[b"data"] = json.dumps(told).encode()
            if kind is None or kind in _TOLD:
                lines = [name + b": " + value for name, value in fields.items()]
                yield b"\n".join(lines) + b"\n\n"


def _row(shown: Collection[ShownPart], row: dict[str, Any]) -> dict[str, Any]:
    hidden: dict[str, Any] = {}
    if "arguments" not in shown:
        row = {name: each for name, each in row.items() if name in TaskDetail.__annotations__}
        hidden |= {"title": row["task"]}  # what else a row has is of what the task is about
    if "errors" not in shown:
        hidden |= {"error": None, "why": "", "reason": None, "reason_data": {}, "cause": None}
    if "logs" not in shown and row.get("progress"):
        hidden |= {"progress": {**row["progress"], "text": ""}}
    return {**row, **hidden}


def _functions(unoffered: Collection[str], told: dict[str, Any]) -> dict[str, Any]:
    offered = [each for each in told["functions"] if each["name"] not in unoffered]
    return {"functions": [_without_secret_defaults(each) for each in offered]}


def _without_secret_defaults(schema: Any) -> Any:
    """Return a JSON Schema without defaults that are secrets; those of a secret are write-only."""
    if isinstance(schema, list):
        return [_without_secret_defaults(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    told = {
        name: _without_secret_defaults(each)
        for name, each in schema.items()
        if name != "default" or without_secrets(each) == each
    }
    for name, each in told.get("properties", {}).items():
        if is_secret(name):
            each.pop("default", None)
            each["writeOnly"] = True
    return told


def _queues(shown: Collection[ShownPart], told: dict[str, Any]) -> dict[str, Any]:
    if "errors" in shown:
        return told
    queues = [
        {**each, "held": each["held"] and {**each["held"], "reason": ""}} for each in told["queues"]
    ]
    return {**told, "queues": queues}


def _whole(shown: Collection[ShownPart], task: dict[str, Any]) -> dict[str, Any]:
    told = task_without_secrets(_row(shown, task))
    if "arguments" not in shown:
        told |= {"args": [], "kwargs": {}, "parameters": [], "handed_over": None}
    if "results" not in shown:
        told |= {"result": None}
    if "logs" not in shown:
        told |= {"log": [], "steps": []}
    if "errors" not in shown:
        told["history"] = [{**each, "error": None, "traceback": None} for each in task["history"]]
    return told
