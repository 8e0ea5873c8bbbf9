"""How columns share the room there is."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def shared(
    wanted: Mapping[int, int], least: Mapping[int, int], elastic: Mapping[int, int], room: int
) -> dict[int, int]:
    """Return widths that fill ``room``, or the narrowest there are where it is too small.

    Args:
        wanted: what each column shown needs.
        least: what each must keep.
        elastic: the columns that give and take, with their shares of what is left over; where
            there is too little, the widest of them give first. The last one takes the rounding.
        room: of them all. All in logical pixels.
    """
    if not elastic:
        return dict(wanted)
    widths = dict(wanted)
    spare = room - sum(widths.values())
    if spare < 0:
        others = sum(width for number, width in wanted.items() if number not in elastic)

        def narrowed(widest: int) -> dict[int, int]:
            return {n: max(least[n], min(wanted[n], widest)) for n in elastic}

        levels = range(1, max(wanted.values()))
        level = bisect_right(levels, room, key=lambda each: others + sum(narrowed(each).values()))
        widths |= narrowed(level)
    for number in elastic:
        widths[number] += max(spare, 0) * elastic[number] // sum(elastic.values())
    widths[list(elastic)[-1]] += max(0, room - sum(widths.values()))
    return widths
