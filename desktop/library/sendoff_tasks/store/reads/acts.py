"""Reads who asked for what, page by page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from sendoff_tasks.model.acts import Act, ActFilter, ActPage
from sendoff_tasks.model.times import wire_time
from sendoff_tasks.store.tables.acts import NEWEST_ACTS
from sendoff_tasks.store.tables.cursor import Source
from sendoff_tasks.store.tables.pending import PackedIds

STEP: Final = 1_000
"""Acts that are looked through for a page at a time."""
MOST: Final = 20
"""Such steps for one page, which may then be short, or empty, though more acts follow."""
_EVER: Final = 1 << 62


def read_acts(
    connection: Source, wanted: ActFilter, after: int | None = None, limit: int = 100
) -> ActPage:
    """Return the acts of a filter before the one ``after``, the newest first."""
    since = 0 if wanted.since is None else round(wanted.since * 1000)
    until = _EVER if wanted.until is None else round(wanted.until * 1000)
    below, found = after or _EVER, list[Act]()
    for _ in range(MOST):
        rows = connection.execute(NEWEST_ACTS, (below, since, until, STEP)).fetchall()
        for row in rows:
            below = row[0]
            if _is_meant(row, wanted):
                found.append(_act(*row))
                if len(found) == limit:
                    return ActPage(acts=found, next=below)
        if len(rows) < STEP:
            return ActPage(acts=found, next=None)
    return ActPage(acts=found, next=below)


def _is_meant(row: Sequence[Any], wanted: ActFilter) -> bool:
    _, _, who, verb, _, _, tasks, _ = row
    return (
        wanted.who.casefold() in who.casefold()
        and wanted.verb in {"", verb}
        and (wanted.task is None or wanted.task in PackedIds(json.loads(tasks)))
    )


def _act(
    number: int, at: int, who: str, verb: str, kind: str, name: str, tasks: str, count: int
) -> Act:
    return Act(
        id=number,
        at=wire_time(at),
        who=who,
        verb=verb,
        kind=kind,
        name=name,
        tasks=json.loads(tasks),
        count=count,
    )
