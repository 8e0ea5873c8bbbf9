"""Messages that need a template, and the references of messages."""

from __future__ import annotations

import json
from collections.abc import Iterable
from enum import Enum
from typing import Final, NamedTuple

from desktop.contract.items import CONFIRMATION
from desktop.contract.office import OfficeCure
from desktop.contract.rules.templates import DEFAULT
from desktop.items.tables.item_statements import BODY
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.states import OPEN, State
from sendoff_tasks.store.tables.cursor import Source
from sendoff_tasks.store.tables.records import Hold


class NeedOf(Enum):
    """Which messages need a template: open ones, open ones not running, held ones, or ended ones.

    ``KEPT`` means those that practice mode kept, which can still be sent.
    ``FIXED`` means held messages whose problem is fixed, so they only have to be started.
    ``AGAIN`` means messages whose newest task failed, was cancelled or is uncertain: sending them
    again needs the template.
    """

    OPEN = "open"
    NOT_RUNNING = "not_running"
    HELD = "held"
    KEPT = "kept"
    FIXED = "fixed"
    AGAIN = "again"


COUNTED: Final = 1000
"""Most tasks counted, where only a person sees the count."""
_WITH_TEMPLATE: Final = f"""
SELECT {{columns}} FROM tasks JOIN items ON items.id = tasks.item_id
JOIN functions ON functions.id = tasks.function
WHERE coalesce(json_extract({BODY}, '$.template'), '{DEFAULT}') = ?
AND functions.name = '{CONFIRMATION}' AND {{meant}} LIMIT {COUNTED}
"""  # noqa: S608


_UNDONE: Final = "{0}.state = 'cancelled' AND {0}.attempt = 0 AND {0}.resend_of IS NOT NULL"
_IS_NEWEST: Final = f"""
    AND NOT ({_UNDONE.format("tasks")}) AND NOT EXISTS (
    SELECT 1 FROM tasks AS later WHERE later.item_id = tasks.item_id AND later.id > tasks.id
    AND later.function = tasks.function
    AND coalesce(later.addressee, '') = coalesce(tasks.addressee, '')
    AND NOT ({_UNDONE.format("later")}))"""  # noqa: S608
"""The newest task of a message; a resend that was undone does not count."""


def _in_states(states: Iterable[State], also: str = "") -> str:
    words = ", ".join(f"'{state}'" for state in sorted(states))
    return f"tasks.state IN ({words}){also}"


_IS_HELD: Final = f"tasks.held = '{Hold.PERSON}' AND tasks.held <> ''"  # the index's condition
_IS_FIXED: Final = "json_extract(tasks.reason_data, '$.fixed') IS NOT NULL"
_FOR_TEMPLATE: Final = (
    f"({_IS_FIXED} OR EXISTS (SELECT 1 FROM causes "  # noqa: S608
    f"WHERE causes.id = tasks.cause AND causes.cure = '{OfficeCure.EDIT_TEMPLATE}'))"
)
_MEANT: Final = {
    NeedOf.OPEN: _in_states(OPEN),
    NeedOf.NOT_RUNNING: _in_states(OPEN - {State.RUNNING}),
    NeedOf.HELD: _IS_HELD,
    NeedOf.KEPT: f"tasks.reason = '{Reason.KEPT}' AND tasks.reason IS NOT NULL{_IS_NEWEST}",
    NeedOf.FIXED: f"{_IS_HELD} AND {_IS_FIXED}",
    NeedOf.AGAIN: _in_states({State.FAILED, State.CANCELLED, State.UNCERTAIN}, _IS_NEWEST),
}
WITH_TEMPLATE: Final = {
    need: _WITH_TEMPLATE.format(
        columns="tasks.id, tasks.item_id, tasks.edition, tasks.run_at", meant=meant
    )
    for need, meant in _MEANT.items()
}
WITH_OLDER_EDITION: Final = {
    need: _WITH_TEMPLATE.format(columns="tasks.*", meant=f"tasks.edition <> ? AND {meant}")
    for need, meant in (
        (NeedOf.NOT_RUNNING, _MEANT[NeedOf.NOT_RUNNING]),
        (NeedOf.KEPT, _MEANT[NeedOf.KEPT]),
        (NeedOf.HELD, f"{_IS_HELD} AND {_FOR_TEMPLATE}"),
    )
}
"""Messages that are made of another edition than the newest; held ones for a fault of theirs."""
EDITIONS: Final = (
    "SELECT DISTINCT edition FROM tasks WHERE edition IS NOT NULL "
    "UNION SELECT DISTINCT editions FROM batches WHERE state IN ('running', 'paused')"
)
"""The editions of tasks, and by template as JSON those of started batches."""
_NEEDED: Final = ", ".join(f"'{state}'" for state in sorted({*OPEN, State.UNCERTAIN}))
REFERENCES: Final = (
    "SELECT reference FROM tasks "  # noqa: S608
    f"WHERE created_at < ? AND reference IS NOT NULL AND state IN ({_NEEDED})"
)


class MessageOf(NamedTuple):
    """A message that needs a template: its task, item and edition, and when it starts, epoch ms."""

    task: int
    item: int
    edition: str | None
    run_at: int | None


def read_with_template(connection: Source, name: str, need: NeedOf) -> list[MessageOf]:
    """Return the confirmations that use a template.

    At most :data:`COUNTED` are found. Only held and kept ones are found by an index.
    """
    found = (MessageOf(*row) for row in connection.execute(WITH_TEMPLATE[need], (name,)))
    return sorted(found, key=lambda each: each.task)


def read_editions(connection: Source) -> set[str]:
    """Return the editions of templates of which messages are made."""
    found: set[str] = set()
    for (edition,) in connection.execute(EDITIONS).fetchall():
        found |= {*json.loads(edition).values()} if edition[:1] == "{" else {edition}
    return found - {""}


def read_references(connection: Source, before: int) -> set[str]:
    """Return the references of tasks accepted before a time, epoch ms, that are still needed.

    They are open or uncertain: a kept message is evidence of what was sent.
    """
    return {reference for (reference,) in connection.execute(REFERENCES, (before,))}
