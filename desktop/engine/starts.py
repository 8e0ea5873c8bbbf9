"""When the attempts of rate-limited queues began: an exact sliding window for each queue."""

from __future__ import annotations

import operator
import sqlite3
from collections import Counter, defaultdict, deque
from collections.abc import Mapping
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from desktop.contract.rate import Rate
from desktop.engine.clock import DAY_MS
from desktop.engine.store import control

if TYPE_CHECKING:
    from desktop.engine.group import Group

LONGEST_MS: Final = DAY_MS
"""The longest period a rate can have."""


class Starts:
    """Counts what began; what a group does to it is written in that group's transaction."""

    def __init__(self) -> None:
        # Of each queue when and how many, oldest first, and how many those are in all.
        self._starts: defaultdict[str, deque[tuple[int, int]]] = defaultdict(deque)
        self._used: Counter[str] = Counter()

    def load(self, connection: sqlite3.Connection) -> None:
        """Read what the store has kept."""
        self._starts.clear()
        self._used.clear()
        for queue, at, n in connection.execute(control.STARTS):
            self._starts[queue].append((at, n))
            self._used[queue] += n

    def room(self, group: Group, queue: str, rate: Rate) -> int:
        """Tell how many may begin now; what began a whole period ago counts no more."""
        starts = self._starts.get(queue)
        if not starts:
            return rate.count
        if starts[-1][0] > group.now:
            self._bring_back(group, queue, starts)
        while starts and starts[0][0] <= group.now - rate.period_ms:
            self._used[queue] -= starts.popleft()[1]
        return rate.count - self._used[queue]

    def next(self, queue: str, rate: Rate) -> int:
        """Tell when one may begin again where there is no room now, epoch ms."""
        left = accumulate(
            (n for _, n in self._starts[queue]), operator.sub, initial=self._used[queue]
        )
        over = sum(1 for used in left if used >= rate.count)
        return self._starts[queue][over - 1][0] + rate.period_ms

    def begin(self, queue: str, now: int) -> None:
        """Count one that begins."""
        starts = self._starts[queue]
        n = starts.pop()[1] if starts and starts[-1][0] == now else 0
        starts.append((now, n + 1))
        self._used[queue] += 1

    def write(self, group: Group, begun: Mapping[str, tuple[Rate, int]]) -> None:
        """Put on disk how many have begun in this group, and drop what counts no more."""
        for queue, (rate, n) in begun.items():
            before = group.now - rate.period_ms
            group.cursor.execute(control.DELETE_STARTS, (queue, before))
            group.cursor.execute(control.COUNT_STARTS, (queue, group.now, n))

    def move(self, group: Group, ms: int) -> None:
        """Follow the clock, which has jumped by ``ms``."""
        for queue, starts in self._starts.items():
            self._replace(group, queue, [(at + ms, n) for at, n in starts])

    def _bring_back(self, group: Group, queue: str, starts: deque[tuple[int, int]]) -> None:
        """Take what seems yet to come for now, or a clock set back would block for longer."""
        past = [(at, n) for at, n in starts if at < group.now]
        rest = self._used[queue] - sum(n for _, n in past)
        self._replace(group, queue, [*past, (group.now, rest)])

    def _replace(self, group: Group, queue: str, starts: list[tuple[int, int]]) -> None:
        kept = self._starts[queue]
        kept.clear()
        kept.extend(starts)
        group.cursor.execute(control.DROP_STARTS, (queue,))
        rows = [(queue, at, n) for at, n in starts]
        group.cursor.executemany(control.COUNT_STARTS, rows)


def forget_old_starts(group: Group) -> None:
    """Drop what no rate counts any more, of queues too that have none now."""
    group.cursor.execute(control.DELETE_OLD_STARTS, (group.now - LONGEST_MS,))
