"""When the last of many leaves: what rates allow, by what has begun already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import repeat
from typing import Final

from desktop.contract.rules.rates import Rate
from desktop.engine.store.tables.cursor import Source

STARTS_SINCE: Final = "SELECT at, n FROM starts WHERE queue = ? AND at > ? ORDER BY at"
NEWEST_STARTS: Final = "SELECT at, n FROM starts WHERE queue = ? ORDER BY at DESC"


def leaves_at(rate: Rate, past: Sequence[int], n: int, now: int) -> int:
    """Tell when the ``n``-th from now on begins at the earliest, epoch ms; ``n`` ≥ 1.

    ``past`` are the moments of the begins that count for the rate at ``now``, oldest first. As in
    any sliding window, each begins a whole period after the one ``rate.count`` before it.
    """
    room = max(0, rate.count - len(past))
    rounds, place = divmod(n - 1, rate.count)
    first = now if place < room else past[len(past) - rate.count + place] + rate.period_ms
    return max(first, now) + rounds * rate.period_ms


def last_leaves_at(source: Source, asked: Iterable[tuple[str, Rate, int]], now: int) -> int | None:
    """Tell when the last of several begins, epoch ms; ``None`` where no rate keeps it.

    ``asked`` are the names under which begins are counted, with a rate and how many are to come.
    """
    moments = [
        leaves_at(rate, _past(source, name, now - rate.period_ms), n, now)
        for name, rate, n in asked
        if n > 0
    ]
    return max(moments, default=None)


def room_at(source: Source, name: str, rate: Rate) -> int | None:
    """Tell when a rate that allows none now lets one more begin, epoch ms; ``None``: it does."""
    newest = source.execute(NEWEST_STARTS, (name,))
    count = 0
    for at, n in newest:
        count += n
        if count >= rate.count:
            moment: int = at + rate.period_ms
            return moment
    return None


def _past(source: Source, name: str, after: int) -> list[int]:
    begun = source.execute(STARTS_SINCE, (name, after))
    return [moment for at, n in begun for moment in repeat(at, n)]
