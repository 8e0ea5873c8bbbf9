"""Start times of attempts in rate-limited queues: an exact sliding window for each queue."""

from __future__ import annotations

import operator
from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from itertools import accumulate, takewhile
from typing import TYPE_CHECKING, Final, Protocol

from sendoff_tasks.model.times import DAY_MS, Rate
from sendoff_tasks.store.tables.cursor import Cursor, Source
from sendoff_tasks.store.tables.statements import (
    BEGUN,
    BEGUN_OF_BATCH,
    COUNT_STARTS,
    DELETE_NO_STARTS,
    DELETE_OLD_STARTS,
    DELETE_STARTS,
    DROP_STARTS,
    STARTS,
)
from sendoff_tasks.transaction.parts import Part

if TYPE_CHECKING:
    from sendoff_tasks.transaction.group import Group

LONGEST_MS: Final = DAY_MS
"""The longest period of a rate."""


class Moment(Protocol):
    """The part of a group used here: its time, epoch ms, and a cursor in its transaction."""

    now: int
    cursor: Cursor


class Starts(Part):
    """Counts starts; a group's changes are written in the group's transaction."""

    def __init__(self) -> None:
        # By queue: the (time, number) of starts, oldest first, and their total.
        self._starts: defaultdict[str, deque[tuple[int, int]]] = defaultdict(deque)
        self._used: Counter[str] = Counter()

    def load(self, source: Source) -> None:
        """Load the starts from the store."""
        self._starts.clear()
        self._used.clear()
        for queue, at, n in source.execute(STARTS):
            self._starts[queue].append((at, n))
            self._used[queue] += n

    def room(self, moment: Moment, queue: str, rates: Sequence[Rate]) -> int:
        """Return how many attempts may start now under all ``rates``, of which there is a first."""
        starts = self._starts.get(queue)
        if not starts:
            return min(rate.count for rate in rates)
        longest = _longest(rates)
        while starts and starts[0][0] <= moment.now - longest:
            self._used[queue] -= starts.popleft()[1]
        return min(rate.count - self._count_within(moment, queue, rate, longest) for rate in rates)

    def full(
        self, moment: Moment, queue: str, rates: Sequence[Rate], n: int = 1
    ) -> tuple[int, Rate] | None:
        """Return when ``n`` may start together, epoch ms, and the limiting rate; ``None``: now.

        More than a rate allows at all may start once it has none to count.
        """
        if not rates or self.room(moment, queue, rates) >= n:
            return None
        longest = _longest(rates)
        besides = {rate: max(0, rate.count - n) for rate in rates}
        moments = [
            (self._next_start(queue, rate, longest, most), rate)
            for rate, most in besides.items()
            if self._count_within(moment, queue, rate, longest) > most
        ]
        return max(moments, key=operator.itemgetter(0), default=None)

    def _count_within(self, moment: Moment, queue: str, rate: Rate, longest: int) -> int:
        """Return how many started less than a period of the rate ago."""
        if rate.period_ms == longest:
            return self._used[queue]
        after = moment.now - rate.period_ms
        newest = takewhile(lambda start: start[0] > after, reversed(self._starts[queue]))
        return sum(n for _, n in newest)

    def _next_start(self, queue: str, rate: Rate, longest: int, most: int) -> int:
        """Return when at most ``most`` of a rate's starts count, of which more do now; epoch ms.

        That is one period after the start whose expiry leaves room.
        """
        starts = self._starts[queue]
        if rate.period_ms == longest:  # all starts count; mostly the first is the one
            over = self._used[queue] - most
            gone = accumulate(n for _, n in starts)
            last = next(at for (at, _), n in zip(starts, gone, strict=True) if n >= over)
        else:
            newest = accumulate(n for _, n in reversed(starts))
            both = zip(reversed(starts), newest, strict=True)
            last = next(at for (at, _), n in both if n > most)
        return last + rate.period_ms

    def count(self, queue: str, now: int, n: int = 1) -> None:
        """Count ``n`` starts."""
        starts = self._starts[queue]
        before = starts.pop()[1] if starts and starts[-1][0] == now else 0
        starts.append((now, before + n))
        self._used[queue] += n

    def take_back(self, moment: Moment, queue: str, at: int, less: int = 1) -> None:
        """Count ``less`` starts fewer at ``at`` (epoch ms), because they came to nothing."""
        starts = self._starts.get(queue) or deque()
        n = next((n for began, n in starts if began == at), None)
        if n is None:
            return
        place, less = starts.index((at, n)), min(n, less)
        if n > less:
            starts[place] = (at, n - less)
        else:
            del starts[place]
        self._used[queue] -= less
        moment.cursor.execute(COUNT_STARTS, (queue, at, -less))
        moment.cursor.execute(DELETE_NO_STARTS, (queue, at))

    def look_back(self, moment: Moment, name: str, batch: int | None = None) -> None:
        """Add the starts that the store knows of the longest period, when a limit is new.

        ``name`` is a queue, or stands for a ``batch``. Starts that are counted already are not
        counted twice.
        """
        since = moment.now - LONGEST_MS
        statement, which = (BEGUN, name) if batch is None else (BEGUN_OF_BATCH, batch)
        begun = moment.cursor.execute(statement, (which, since, which, since)).fetchall()
        both: Counter[int] = Counter(dict(begun))
        both |= Counter(dict(self._starts[name]))  # the greater of each
        self._replace(moment, name, sorted(both.items()))
        self._used[name] = both.total()

    def write(self, moment: Moment, queue: str, rates: Sequence[Rate], n: int) -> None:
        """Write the starts of this group, and delete those that no longer count."""
        before = moment.now - _longest(rates)
        moment.cursor.execute(DELETE_STARTS, (queue, before))
        moment.cursor.execute(COUNT_STARTS, (queue, moment.now, n))

    def shift(self, group: Group, ms: int) -> None:
        """Shift all starts."""
        for queue, starts in self._starts.items():
            self._replace(group, queue, [(at + ms, n) for at, n in starts])

    def clamp_to_now(self, moment: Moment) -> None:
        """Move starts in the future to now; after a clock set back they would block for longer."""
        for queue, starts in self._starts.items():
            if starts and starts[-1][0] > moment.now:
                past = [(at, n) for at, n in starts if at < moment.now]
                rest = self._used[queue] - sum(n for _, n in past)
                self._replace(moment, queue, [*past, (moment.now, rest)])

    def _replace(self, moment: Moment, queue: str, starts: list[tuple[int, int]]) -> None:
        kept = self._starts[queue]
        kept.clear()
        kept.extend(starts)
        moment.cursor.execute(DROP_STARTS, (queue,))
        rows = [(queue, at, n) for at, n in starts]
        moment.cursor.executemany(COUNT_STARTS, rows)


def _longest(rates: Sequence[Rate]) -> int:
    return max(rate.period_ms for rate in rates)


def forget_old_starts(moment: Moment) -> None:
    """Delete the starts that no rate counts any more, also in queues without a rate."""
    moment.cursor.execute(DELETE_OLD_STARTS, (moment.now - LONGEST_MS,))
