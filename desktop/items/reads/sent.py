"""The e-mails that were sent after a moment, in the order in which they ended."""

from __future__ import annotations

import json
from typing import Final, NamedTuple

from desktop.contract.items import CONFIRMATION
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.states import State
from sendoff_tasks.store.tables.cursor import Source
from sendoff_tasks.store.tables.statements import PUT_META, read_meta
from sendoff_tasks.transaction.group import Group

AT_ONCE: Final = 50
"""E-mails of one read."""
SENT_AFTER: Final = f"""
SELECT tasks.id, reference, finished_at FROM tasks
CROSS JOIN functions ON functions.id = tasks.function
WHERE finished_at >= ? AND finished_at <= ? AND (finished_at > ? OR tasks.id > ?)
AND reference IS NOT NULL AND +tasks.state = '{State.SUCCEEDED}'
AND coalesce(reason, '') <> '{Reason.KEPT}' AND functions.name = '{CONFIRMATION}'
AND (batch_id IS NULL OR ? = 'all') ORDER BY finished_at, tasks.id LIMIT {AT_ONCE}
"""  # noqa: S608
_KEY: Final = "sent_copies"
"""The key in ``meta`` of the place that copies have reached."""


class SentMail(NamedTuple):
    """A sent e-mail: its task, its Message-ID, and when its task ended, epoch ms."""

    task: int
    reference: str
    at: int


class FiledUpTo(NamedTuple):
    """How far copies were filed for an account: of all e-mails that ended before ``at``.

    Of those that ended in that millisecond, up to ``task``. ``account`` tells its server, user and
    choice; another one begins again. It is empty while no copy is asked for.
    """

    account: str
    at: int
    task: int


def read_place(source: Source) -> FiledUpTo:
    """Return the place that was reached."""
    text = read_meta(source, _KEY)
    return FiledUpTo("", 0, 0) if text is None else FiledUpTo(*json.loads(text))


def put_place(group: Group, place: FiledUpTo) -> None:
    """Store the place that was reached."""
    group.cursor.execute(PUT_META, (_KEY, json.dumps(place)))


def read_sent(source: Source, place: FiledUpTo, until: int, copies: str) -> list[SentMail]:
    """Return the next e-mails that were sent, of those that ended ``until`` then (epoch ms).

    ``copies`` is that of the mail settings. What practice mode kept was not sent.
    """
    given = place.at, until, place.at, place.task, copies
    return [SentMail(*row) for row in source.execute(SENT_AFTER, given).fetchall()]
