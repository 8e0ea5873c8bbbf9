"""Reads the tasks that match a query: the oldest, or all of them page by page."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from desktop.client.calls.tasks import TaskQuery
from desktop.client.errors import ClientError
from desktop.contract.rules.mailbox import parse_mailbox
from desktop.contract.tasks import BULK_LIMIT, PAGE_LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from desktop.client.api import Api
    from desktop.contract.tasks import TaskPage, TaskRow

_KEEPS_PLACE: Final = ("id", "item_id", "task")
"""Sort keys that never change, so no task is missed between two pages."""


def oldest(api: Api, *queries: TaskQuery) -> list[int]:
    """Read the numbers of the tasks that match queries, oldest first, one page of each."""
    return sorted(row["id"] for query in queries for row in _oldest(api, query))


def oldest_stuck(api: Api, query: TaskQuery) -> list[int]:
    """Read the numbers of matching tasks that still wait for their template to be corrected."""
    return [row["id"] for row in _oldest(api, query) if not row["reason_data"].get("fixed")]


def _oldest(api: Api, query: TaskQuery) -> list[TaskRow]:
    return api.page(replace(query, sort="id"), limit=PAGE_LIMIT)["tasks"]


def all_numbers(api: Api, query: TaskQuery) -> list[int] | None:
    """Read the numbers of all matching tasks; ``None`` if there are more than one call takes."""
    rows = all_rows(api, query)
    return None if rows is None else [row["id"] for row in rows]


def all_rows(api: Api, query: TaskQuery) -> list[TaskRow] | None:
    """Read all matching tasks; ``None`` if there are more than one call takes."""
    found: list[TaskRow] = []
    after: str | None = None
    while len(found) <= BULK_LIMIT:
        page = api.page(query, after=after, limit=PAGE_LIMIT)
        found += page["tasks"]
        after = page["next"]
        if after is None:
            return found if len(found) <= BULK_LIMIT else None
    return None


def walk(api: Api, query: TaskQuery) -> Iterator[TaskPage]:
    """Read all matching tasks page by page, in an order in which changes cannot hide a task."""
    keeps = query.sort.removeprefix("-") in _KEEPS_PLACE
    walked = query if keeps else replace(query, sort="-id")
    after: str | None = None
    while True:
        page = api.page(walked, after=after, limit=PAGE_LIMIT)
        yield page
        after = page["next"]
        if after is None:
            return


def next_addresses(api: Api, tasks: Sequence[int]) -> list[str]:
    """Read the next addresses of these tasks; empty if that fails."""
    with suppress(ClientError):  # the addresses are not essential
        rows = [api.task(task) for task in tasks]
        return [_address(to) for row in rows if (to := row["next_to"] or row["to"])]
    return []


def _address(to: str) -> str:
    try:
        return parse_mailbox(to).address
    except ValueError:  # written by another version
        return to
