"""Limits the number of open connections, and the time a client may leave one unfinished."""

from __future__ import annotations

import asyncio
import math
from enum import Enum, auto
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Phase(Enum):
    """What a connection waits for."""

    HEAD = auto()
    """The rest of a request's head, or of a refused body."""
    BODY = auto()
    """The rest of the body of a request that is being answered."""
    ANSWER = auto()
    """The beginning of the backend's answer."""
    STREAM = auto()
    """The rest of the backend's answer."""
    READER = auto()
    """A client that does not read its answer."""
    STRANGER = auto()
    """The next request of a client that has not shown the token."""
    IDLE = auto()
    """The next request of a client that has shown the token."""


PATIENCE: Final[Mapping[Phase, float]] = MappingProxyType(
    {Phase.HEAD: 10.0, Phase.BODY: 60.0, Phase.READER: 60.0}
)
"""Seconds after which a connection in this phase is closed. uvicorn closes idle ones."""
FRESH: Final = 0.5
"""Seconds that a new client gets to send its request before it may be closed for another one."""


class CountedConnection(Protocol):
    """A connection that can be counted; ``phase`` is ``None`` while it is not."""

    phase: Phase | None

    def abort(self) -> None:
        """Close the connection at once."""


class Connections:
    """The connections of one server, at most ``limit`` of them; used on its loop only.

    ``within`` has the seconds that a connection may stay in a phase.

    Clients without the token can open connections too, and leave requests half sent. When there is
    one connection too many, the first of these is closed: the oldest half-sent request (after
    ``FRESH`` seconds), the stranger that is idle the longest, a younger half-sent request, an idle
    connection of a client with the token, the new connection. A request that is being
    answered is never dropped for another one.
    """

    def __init__(self, limit: int, within: Mapping[Phase, float]) -> None:
        self._limit = limit
        self._in = {phase: _Members(within.get(phase), self._abort) for phase in Phase}

    def __len__(self) -> int:
        return sum(map(len, self._in.values()))

    def open(self, connection: CountedConnection) -> None:
        """Count a new connection, and close one if there are too many now."""
        self._put(connection, Phase.HEAD)
        if len(self) > self._limit:
            self._abort(self._least_wanted(connection))

    def move(self, connection: CountedConnection, phase: Phase) -> None:
        """Move a connection to another phase; in the same phase its time continues to run."""
        if connection.phase is not phase and connection.phase is not None:
            self.forget(connection)
            self._put(connection, phase)

    def forget(self, connection: CountedConnection) -> None:
        """Stop counting a connection."""
        if connection.phase is not None:
            self._in[connection.phase].remove(connection)
            connection.phase = None

    def _put(self, connection: CountedConnection, phase: Phase) -> None:
        connection.phase = phase
        self._in[phase].add(connection)

    def _least_wanted(self, newest: CountedConnection) -> CountedConnection:
        phases = [Phase.HEAD, Phase.STRANGER, Phase.HEAD, Phase.IDLE]
        if self._in[Phase.HEAD].age < FRESH:
            del phases[0]
        for phase in phases:
            oldest = self._in[phase].oldest
            if oldest is not None and oldest is not newest:
                return oldest
        return newest

    def _abort(self, connection: CountedConnection) -> None:
        self.forget(connection)
        connection.abort()


class _Members:
    """The connections in one phase, oldest first; ``close`` is called after ``within`` seconds."""

    def __init__(self, within: float | None, close: Callable[[CountedConnection], None]) -> None:
        self._within = within
        self._close = close
        self._since: dict[CountedConnection, float] = {}
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._since)

    @property
    def oldest(self) -> CountedConnection | None:
        return next(iter(self._since), None)

    @property
    def age(self) -> float:
        """How many seconds the oldest connection has been in this phase."""
        since = next(iter(self._since.values()), math.inf)
        return asyncio.get_running_loop().time() - since

    def add(self, connection: CountedConnection) -> None:
        loop = asyncio.get_running_loop()
        self._since[connection] = loop.time()
        if self._within is not None and self._timer is None:
            self._timer = loop.call_later(self._within, self._close_late, self._within)

    def remove(self, connection: CountedConnection) -> None:
        del self._since[connection]

    def _close_late(self, within: float) -> None:
        """Close connections whose time is over, and set the timer for the next one."""
        loop = asyncio.get_running_loop()
        self._timer = None
        while (oldest := self.oldest) is not None and self._timer is None:
            due = self._since[oldest] + within
            if due <= loop.time():
                self._close(oldest)
            else:
                self._timer = loop.call_at(due, self._close_late, within)
