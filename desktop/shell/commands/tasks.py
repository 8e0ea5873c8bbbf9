"""``sendoff tasks``: list tasks, one a line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from desktop.client.api import TaskQuery
from desktop.contract.reasons import Reason
from desktop.contract.states import State
from desktop.contract.tasks import PAGE_LIMIT
from desktop.shell.session import pages, with_backend
from desktop.shell.terminal import UNSEEN, cut, row_width, say, say_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop.client.api import Api
    from desktop.contract.tasks import TaskRow
    from desktop.shell.backend_address import BackendPlace


AHEAD: Final = frozenset({State.SCHEDULED, State.QUEUED, State.RUNNING})
"""In these states the line says what the task waits for, not how its last attempt ended."""
TITLE: Final = 22
TO: Final = 32
REASON: Final = 24
"""Columns of title, recipient and reason in a wide table."""
OTHERS: Final = 35
"""Columns of everything else in a line."""
LEAST: Final = 6
"""Columns of a title or recipient on the narrowest terminal."""


def show(place: BackendPlace, states: tuple[str, ...], text: str, as_json: bool) -> int:
    """Print the tasks in these states (in all if none is named) that contain this text."""
    query = TaskQuery(states=states, text=text)

    def command(api: Api) -> int:
        if as_json:
            print(json.dumps(list(_walk(api, query)), indent=1))
            return 0
        row = None
        for row in _walk(api, query):
            say_row(line(row, row_width()))
        if row is not None and State.UNCERTAIN in states:
            say("`sendoff resolve ID` shows what one handed over, and how to settle it.")
        return 0

    return with_backend(place, command)


def line(row: TaskRow, width: int = UNSEEN) -> str:
    """Format a task as one line: number, state, item, task, recipient, reason.

    Cut task and recipient if ``width`` would leave too few columns for the reason.
    """
    item = "" if row["item_id"] is None else str(row["item_id"])
    waits = row["state"] == State.WAITING and row["run_at"] is None
    is_held = waits and row["reason"] != Reason.AFTER_TASK
    state = "held" if is_held else row["state"]
    says_why = waits or row["state"] in AHEAD
    reasons = (row["why"], row["error"]) if says_why else (row["error"], row["why"])
    reason = reasons[0] or reasons[1] or ""
    missing = OTHERS + TITLE + TO + REASON - width
    title = _column(row["title"], TITLE, missing * TITLE // (TITLE + TO))
    to = _column(row["to"] or "", TO, missing * TO // (TITLE + TO))
    return f"{row['id']:>8}  {state:<9}  {item:>8}  {title}  {to}  {reason}".rstrip()


def _column(text: str, columns: int, fewer: int) -> str:
    """Pad a text to its column; cut it only if the column has ``fewer`` columns than usual."""
    if fewer <= 0:
        return text.ljust(columns)
    room = max(columns - fewer, LEAST)
    return cut(text, room).ljust(room)


def _walk(api: Api, query: TaskQuery) -> Iterator[TaskRow]:
    for page in pages(lambda after: api.page(query, after=after, limit=PAGE_LIMIT)):
        yield from page["tasks"]
