"""``sendoff tasks``: the table from a shell."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from desktop.client.api import TaskQuery
from desktop.contract.states import State
from desktop.contract.tasks import PAGE_LIMIT
from desktop.shell.session import with_backend
from desktop.shell.terminal import say, say_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop.client.api import Api
    from desktop.contract.tasks import TaskRow


AHEAD: Final = frozenset({State.SCHEDULED, State.QUEUED, State.RUNNING})
"""Here it says what a task waits for, a pause perhaps, and not how its last attempt ended."""


def show(folder: str | None, states: tuple[str, ...], text: str, as_json: bool) -> int:
    """Print the tasks in these states (all, when none is named) that hold these words."""
    query = TaskQuery(states=states, text=text)

    def command(api: Api) -> int:
        if as_json:
            print(json.dumps(list(_walk(api, query)), indent=1))
            return 0
        row = None
        for row in _walk(api, query):
            say_row(line(row))
        if row is not None and State.UNCERTAIN in states:
            say("`sendoff resolve ID` shows what one handed over, and how to settle it.")
        return 0

    return with_backend(folder, command)


def line(row: TaskRow) -> str:
    """Put one row in one line: number, state, item, task, recipient, and why it is there."""
    item = "" if row["item_id"] is None else str(row["item_id"])
    reasons = (row["why"], row["error"]) if row["state"] in AHEAD else (row["error"], row["why"])
    reason = reasons[0] or reasons[1] or ""
    columns = f"{row['id']:>8}  {row['state']:<9}  {item:>8}  {row['title']:<22}"
    return f"{columns}  {row['to'] or '':<32}  {reason}".rstrip()


def _walk(api: Api, query: TaskQuery) -> Iterator[TaskRow]:
    after: str | None = None
    while True:
        page = api.page(query, after=after, limit=PAGE_LIMIT)
        yield from page["tasks"]
        after = page["next"]
        if after is None:
            return
