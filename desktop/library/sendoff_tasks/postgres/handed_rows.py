"""Rows that other sessions hand to the process that runs the tasks; each is accepted once.

A row is one task, written in a transaction of the app itself, or all that another process submits
at one time; its kind says which. The COMMIT that accepts a row also deletes it.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from sendoff_tasks.errors import EngineError
from sendoff_tasks.model.states import Refusal
from sendoff_tasks.model.times import wire_time
from sendoff_tasks.store.tables.cursor import Source
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.replies import do_whole
from sendoff_tasks.verbs.lines import Line, accept_line, check_functions
from sendoff_tasks.verbs.submit import PreparedSubmission, accept

LINE: Final = "line"
"""The kind of a row with all that a process of the app submits at one time."""
TASK: Final = "task"
"""The kind of a row with one task, written in a transaction of the app."""
CHANNEL: Final = "sendoff_handed"
"""The channel that is notified when a transaction that hands something over is committed."""
HAND_OVER: Final = (
    "WITH handed AS (INSERT INTO sendoff.handed (sender, number, kind, token, wanted)"
    " VALUES (%(sender)s, %(number)s, %(kind)s, %(token)s, %(wanted)s)"
    " ON CONFLICT (sender, number) DO NOTHING RETURNING id)"
    " SELECT pg_notify('sendoff_handed', '') FROM handed"
)
"""Hands one row over, in any session."""
WAITING: Final = (
    f"SELECT id, sender, number, kind = '{LINE}', wanted FROM sendoff.handed"  # noqa: S608
    " WHERE error IS NULL AND sender IN (SELECT sender FROM sendoff.handed"
    " WHERE error IS NULL ORDER BY id LIMIT 200) ORDER BY id"
)
"""Reads all rows of up to 200 senders at a time, so no transaction and no line is cut."""
_HANDED_ONE: Final = (
    "SELECT (extract(epoch FROM created_at) * 1000)::bigint, error FROM handed WHERE token = ?"
)
"""Reads when a task was handed over, epoch ms, and why it could not be accepted."""
REFUSED: Final = "SELECT count(*) FROM handed WHERE error IS NOT NULL"
_LOCK: Final = "SELECT id FROM handed WHERE id = ANY(?) FOR UPDATE"
_DELETE: Final = "DELETE FROM handed WHERE id = ANY(?)"
_STORE_REFUSAL: Final = "UPDATE handed SET error = ? WHERE id = ANY(?)"
_ANSWERED: Final = "SELECT pg_notify(?, '')"
_FAILED: Final = "Could not accept the request of another process: %s"

log = logging.getLogger(__name__)


class UnacceptedTask(NamedTuple):
    """A task that an app's own transaction has committed and that has no number yet."""

    since: str
    """RFC 3339, UTC."""
    error: str | None
    """Why it could not be accepted; ``None`` if it still waits."""


def read_unaccepted(source: Source, token: str) -> UnacceptedTask | None:
    """Return the task with this token if it waits to be accepted or was refused."""
    row = source.execute(_HANDED_ONE, (token,)).fetchone()
    return None if row is None else UnacceptedTask(wire_time(row[0]), row[1])


@dataclass(slots=True)
class HandedRows:
    """Rows of one sender, by their ids in the table; ``wanted`` is ``None`` if unreadable."""

    rows: Sequence[int]
    wanted: Line | PreparedSubmission | None = None


def accept_handed(group: Group, handed: HandedRows) -> None:
    """Accept what was handed over, and delete its rows.

    If some of the rows are gone, those are done: the others stay, and are read again.
    """
    found = group.cursor.execute(_LOCK, (handed.rows,)).fetchall()
    if len(found) < len(handed.rows):
        return
    if isinstance(handed.wanted, Line):
        accept_line(group, handed.wanted)
        _answer(group, handed.wanted)
    elif handed.wanted is not None:
        try:
            check_functions(group, handed.wanted)
            do_whole(accept, group, handed.wanted)
        except EngineError as error:
            _store_refusal(group, handed, str(error))
            return
    group.cursor.execute(_DELETE, (handed.rows,))


def refuse_handed(group: Group, handed: HandedRows, why: str) -> None:
    """Refuse rows that could not be accepted; nothing of them was stored."""
    if isinstance(handed.wanted, Line):
        accept_line(group, handed.wanted, EngineError(Refusal.OTHER, text=why))
        _answer(group, handed.wanted)
        group.cursor.execute(_DELETE, (handed.rows,))
    else:
        _store_refusal(group, handed, why)


def delete_handed(group: Group, process: str) -> None:
    """Delete the rows of a process whose lines were accepted without them."""
    group.cursor.execute("DELETE FROM handed WHERE sender = ?", (process,))


def _answer(group: Group, line: Line) -> None:
    group.cursor.execute(_ANSWERED, (channel_of(line.process),)).fetchall()


def _store_refusal(group: Group, handed: HandedRows, why: str) -> None:
    """Keep the rows with the reason; their transaction is over, and no caller waits."""
    log.error(_FAILED, why)
    group.cursor.execute(_STORE_REFUSAL, (why, handed.rows))


def channel_of(process: str) -> str:
    """Return the channel on which a process hears that its line was answered."""
    return f"sendoff_{process.rpartition(' ')[2]}"


def answer_text(number: str, answers: str) -> bytes:
    """Encode the stored answers to a line for the process that sent it."""
    return json.dumps({"number": int(number), "answers": json.loads(answers)}).encode()
