"""Messages that need a template, and the references of messages."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Final

from desktop.contract.items import CONFIRMATION
from desktop.contract.rules.templates import DEFAULT
from desktop.contract.states import OPEN, State
from desktop.engine.store.tables.cursor import Source
from desktop.engine.store.tables.records import Hold
from desktop.items.tables.item_statements import BODY


class NeedOf(Enum):
    """Which messages need a template: open ones, open ones not running, held ones, or ended ones.

    ``FIXED`` means held messages whose problem is fixed, so they only have to be started.
    ``AGAIN`` means messages whose newest task failed, was cancelled or is uncertain: sending them
    again needs the template.
    """

    OPEN = "open"
    NOT_RUNNING = "not_running"
    HELD = "held"
    FIXED = "fixed"
    AGAIN = "again"


COUNTED: Final = 1000
"""Most tasks counted, where only a person sees the count."""
_WITH_TEMPLATE: Final = f"""
SELECT tasks.id, tasks.item_id FROM tasks JOIN items ON items.id = tasks.item_id
JOIN functions ON functions.id = tasks.function
WHERE coalesce(json_extract({BODY}, '$.template'), '{DEFAULT}') = ?
AND functions.name = '{CONFIRMATION}' AND {{}} LIMIT {COUNTED}
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
    return _WITH_TEMPLATE.format(f"tasks.state IN ({words}){also}")


_IS_HELD: Final = f"tasks.held = '{Hold.PERSON}' AND tasks.held <> ''"  # the index's condition
WITH_TEMPLATE: Final = {
    NeedOf.OPEN: _in_states(OPEN),
    NeedOf.NOT_RUNNING: _in_states(OPEN - {State.RUNNING}),
    NeedOf.HELD: _WITH_TEMPLATE.format(_IS_HELD),
    NeedOf.FIXED: _WITH_TEMPLATE.format(
        f"{_IS_HELD} AND json_extract(tasks.reason_data, '$.fixed') IS NOT NULL"
    ),
    NeedOf.AGAIN: _in_states({State.FAILED, State.CANCELLED, State.UNCERTAIN}, _IS_NEWEST),
}
_NEEDED: Final = ", ".join(f"'{state}'" for state in sorted({*OPEN, State.UNCERTAIN}))
REFERENCES: Final = (
    "SELECT reference FROM tasks "  # noqa: S608
    f"WHERE created_at < ? AND reference IS NOT NULL AND state IN ({_NEEDED})"
)


def read_with_template(connection: Source, name: str, need: NeedOf) -> list[tuple[int, int]]:
    """Return the confirmations that use a template, with their items.

    At most :data:`COUNTED` are found. Only held ones are found by an index.
    """
    found = connection.execute(WITH_TEMPLATE[need], (name,))
    return sorted((task, item) for task, item in found)


def read_references(connection: Source, before: int) -> set[str]:
    """Return the references of tasks accepted before a time, epoch ms, that are still needed.

    They are open or uncertain: a kept message is evidence of what was sent.
    """
    return {reference for (reference,) in connection.execute(REFERENCES, (before,))}
