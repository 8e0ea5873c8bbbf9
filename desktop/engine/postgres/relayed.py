"""Parts of exchanges that processes relay to each other through the database, each read once.

An exchange is a request with its answer. A process that serves requests and does not run the tasks
relays them to the process that does, which may be on another machine. The table is not in the
server's log: a crash of the server loses the parts on their way, and their sender asks again.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Part(NamedTuple):
    """A part of an exchange; ``sender`` and ``recipient`` are names of processes.

    ``number`` counts the parts that one end sends to the other; ``head`` is JSON.
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
"""Writes parts, given column by column, and wakes their recipients."""
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
"""Deletes the parts for processes that are gone; those for the process that asks stay."""
ABSENT: Final = (
    "SELECT name FROM unnest(%s::text[]) AS name"
    " WHERE name NOT IN (SELECT application_name FROM pg_stat_activity)"
)
"""Returns which of these processes are gone."""
