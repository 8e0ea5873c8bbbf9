"""What processes of a database pass to each other through it: parts of exchanges, each read once.

An exchange is a request with its answer. A process that serves requests and does not run the tasks
relays them to the one that does, which may be on another machine. The table is not in the server's
log: what was on its way when the server crashed is asked again by who asked it.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Part(NamedTuple):
    """A part of an exchange; ``sender`` and ``recipient`` are names of processes.

    ``number`` counts the parts that one end tells the other; ``head`` is JSON.
    """

    recipient: str
    sender: str
    exchange: int
    number: int
    head: str
    body: bytes


class RelayedPart(NamedTuple):
    """A part as it arrives; ``id`` is its number in the table."""

    id: int
    sender: str
    exchange: int
    number: int
    head: str
    body: bytes


RELAY: Final = (
    "WITH relayed AS (INSERT INTO sendoff.relayed"
    " (recipient, sender, exchange, number, head, body) SELECT * FROM unnest(%s::text[],"
    " %s::text[], %s::bigint[], %s::bigint[], %s::text[], %s::bytea[]))"
    " SELECT pg_notify(channel, '') FROM unnest(%s::text[]) AS channel"
)
"""Passes parts on, column by column, and wakes their recipients."""
READ_AT_ONCE: Final = 200
ARRIVED: Final = (
    "SELECT id, sender, exchange, number, head, body FROM sendoff.relayed"  # noqa: S608
    f" WHERE recipient = %s ORDER BY id LIMIT {READ_AT_ONCE}"
)
FORGET_PARTS: Final = "DELETE FROM sendoff.relayed WHERE id = ANY(%s)"
FORGET_LOST: Final = (
    "DELETE FROM sendoff.relayed WHERE recipient <> %s AND recipient NOT IN"
    " (SELECT application_name FROM pg_stat_activity)"
)
"""Forgets what is for processes that are gone, but not for the one that asks."""
ABSENT: Final = (
    "SELECT name FROM unnest(%s::text[]) AS name"
    " WHERE name NOT IN (SELECT application_name FROM pg_stat_activity)"
)
"""Tells which processes are gone."""
