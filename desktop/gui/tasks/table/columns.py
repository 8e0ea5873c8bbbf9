"""The table's columns: their titles, sort keys, cell texts and widths."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from desktop.gui.kit.words.ages import day_and_time, whole_moment
from desktop.gui.kit.words.states import (
    attempts_words,
    progress_words,
    put_aside_word,
    took_words,
)
from desktop.gui.kit.words.verbs import carried_out, coming

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from desktop.contract.tasks import SortKey
    from desktop.gui.kit.words.task_row import Row
    from desktop.gui.tasks.acting.pending_actions import PendingAction

    Text = Callable[[Row, float], str]


translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class TaskColumn:
    """One column of the table.

    ``sort`` is the backend's sort key; ``None`` means that the column does not sort. ``width`` is
    the usual width, in digits. ``elastic`` columns share spare or missing room in these
    proportions, but keep the part ``keeps`` of their usual width. If that does not fit, columns are
    hidden, those with the lowest ``leaves`` first; 0 is never hidden. ``ink`` is the colour token
    of the text; ``state`` means the colour of the task's state.
    """

    key: str
    title: str
    sort: SortKey | None
    width: float
    text: Text
    ink: Literal["text", "soft text", "state"] = "text"
    right: bool = False
    elastic: int = 0
    keeps: float = 0.4
    leaves: int = 0
    shown: bool = True
    moment: Callable[[Row], float | None] | None = None
    """The moment that the cell shows, epoch s. Its tooltip and a copy include the second."""

    def tip(self, row: Row) -> str:
        """Return the cell's tooltip: the whole moment, or empty."""
        moment = None if self.moment is None else self.moment(row)
        return "" if moment is None else whole_moment(moment)


COLUMNS: Final = (
    TaskColumn(
        "state",
        str(QT_TRANSLATE_NOOP("columns", "State")),
        "state",
        14.5,
        lambda row, _: put_aside_word(row),
        ink="state",
    ),
    TaskColumn(
        "item",
        str(QT_TRANSLATE_NOOP("columns", "Item")),
        "item_id",
        7.5,
        lambda row, _: "" if row.item_id is None else str(row.item_id),
        ink="soft text",
        leaves=3,
    ),
    TaskColumn(
        "task",
        str(QT_TRANSLATE_NOOP("columns", "Task")),
        "task",
        18.5,
        lambda row, _: row.title,
        elastic=1,
        keeps=1.0,
        leaves=4,
    ),
    TaskColumn(
        "to",
        str(QT_TRANSLATE_NOOP("columns", "To")),
        "to",
        29,
        lambda row, _: row.to or "",
        elastic=2,
        keeps=0.7,
    ),
    TaskColumn(
        "progress",
        str(QT_TRANSLATE_NOOP("columns", "Progress")),
        None,
        20,
        progress_words,
        ink="soft text",
        elastic=3,
    ),
    TaskColumn(
        "queued",
        str(QT_TRANSLATE_NOOP("columns", "Added")),
        "id",
        14,
        lambda row, now: day_and_time(row.created, now),
        ink="soft text",
        leaves=2,
        moment=lambda row: row.created,
    ),
    TaskColumn(
        "took",
        str(QT_TRANSLATE_NOOP("columns", "Took")),
        "took",
        10,
        took_words,
        ink="soft text",
        right=True,
        leaves=1,
    ),
    TaskColumn(
        "finished",
        str(QT_TRANSLATE_NOOP("columns", "Finished")),
        "finished_at",
        14,
        lambda row, now: "" if row.finished is None else day_and_time(row.finished, now),
        ink="soft text",
        shown=False,
        moment=lambda row: row.finished,
    ),
    TaskColumn(
        "attempts",
        str(QT_TRANSLATE_NOOP("columns", "Attempts")),
        None,
        11,
        lambda row, _: attempts_words(row),
        ink="soft text",
        shown=False,
    ),
)

BY_KEY: Final = {column.key: number for number, column in enumerate(COLUMNS)}
STATE: Final = BY_KEY["state"]
TASK: Final = BY_KEY["task"]
SHORTER: Final = 0.3
"""The part of its least width that *Progress* gives up before an address is cut."""
TO: Final = BY_KEY["to"]
PROGRESS: Final = BY_KEY["progress"]


def texts(row: Row, now: float, started: PendingAction | None = None) -> tuple[str, ...]:
    """Return the texts of a row's cells at epoch second ``now``, with its pending action."""
    if started is None:
        return tuple([column.text(row, now) for column in COLUMNS])
    said = {PROGRESS: (carried_out if started.is_due else coming)(started.said)}
    return tuple([said.get(n) or column.text(row, now) for n, column in enumerate(COLUMNS)])


def copies(row: Row, now: float) -> tuple[str, ...]:
    """Return the texts of a row's cells for the clipboard; moments include the second."""
    return tuple([_copied(column, row, now) for column in COLUMNS])


def _copied(column: TaskColumn, row: Row, now: float) -> str:
    moment = None if column.moment is None else column.moment(row)
    return column.text(row, now) if moment is None else day_and_time(moment, now, seconds=True)


def title_of(number: int) -> str:
    """Return the title of a column."""
    return translate("columns", COLUMNS[number].title)


def sort_words(column: TaskColumn, sort: str) -> str:
    """Say what a click on a column's title does; empty if the column does not sort."""
    if column.sort is None:
        return ""
    if column.sort != sort.removeprefix("-"):
        return translate("columns", "Click to sort by this column")
    if sort.startswith("-"):
        return translate("columns", "Sorted in descending order. Click to reverse it.")
    return translate("columns", "Sorted in ascending order. Click to reverse it.")


def column_of_sort(sort: str) -> int | None:
    """Return the column whose sort key is in ``sort``, as ``[-]key``."""
    key = sort.removeprefix("-")
    return next((n for n, column in enumerate(COLUMNS) if column.sort == key), None)


def fitted(
    wanted: Mapping[int, int], least: Sequence[int], own: Mapping[int, int], room: int
) -> dict[int, int]:
    """Return the widths of the columns that fit; the others are hidden.

    Args:
        wanted: the width each chosen column needs.
        least: the least width of every column.
        own: the widths that the person has set. They are kept. If such a column is wider than it
            needs to be, no other column is hidden for it: the table scrolls instead.
        room: the width of the table. All in logical pixels.
    """
    needed = {n: least[n] if COLUMNS[n].elastic else width for n, width in wanted.items()}
    needed |= {n: min(own[n], needed[n]) for n in own.keys() & wanted.keys()}
    gone = leaving(needed, own, room)
    for number in [n for n in gone if COLUMNS[n].elastic]:  # it is cut to half before it is hidden
        others = sum(width for n, width in needed.items() if n not in gone)
        if others + needed[number] // 2 <= room:
            gone.remove(number)
    stay = {n: own.get(n, width) for n, width in wanted.items() if n not in gone}
    elastic = {n: COLUMNS[n].elastic for n in sorted(stay) if COLUMNS[n].elastic and n not in own}
    keep = dict(enumerate(least))
    missing = sum(keep[n] if n in elastic else width for n, width in stay.items()) - room
    in_turn = sorted(elastic, key=lambda n: n != PROGRESS)  # its bar can shrink
    shares = [(n, SHORTER if n == PROGRESS else 0.5) for n in in_turn]
    for number, share in [*shares, *((n, 0.5) for n in in_turn)]:
        most = keep[number] - round(least[number] * (1 - share))
        cut = min(max(missing, 0), max(most, 0))  # the table then fits
        keep[number] -= cut
        missing -= cut
    if STATE in stay and STATE not in own:  # its width fits the longest state, so it can shrink
        stay[STATE] -= min(max(missing, 0), max(stay[STATE] - least[STATE], 0))
    return shared(stay, keep, elastic, room)


def leaving(needed: Mapping[int, int], kept: Collection[int], room: int) -> set[int]:
    """Return the columns to hide: as few as possible, so the others fit.

    Args:
        needed: the least width of each chosen column.
        kept: the columns that are never hidden.
        room: the width of the table. All in logical pixels.
    """
    gone: set[int] = set()
    can_leave = [number for number in needed if COLUMNS[number].leaves and number not in kept]
    for number in sorted(can_leave, key=lambda each: COLUMNS[each].leaves):
        if sum(needed.values()) - sum(needed[each] for each in gone) <= room:
            break
        gone.add(number)
    return gone


def shared(
    wanted: Mapping[int, int], least: Mapping[int, int], elastic: Mapping[int, int], room: int
) -> dict[int, int]:
    """Return widths that fill ``room``, or the least widths if it is too small.

    Args:
        wanted: the width each shown column needs.
        least: the least width of each column.
        elastic: the elastic columns with their shares of spare room. If room is missing, the widest
            of them shrink first. The last one takes the rounding.
        room: the width of the table. All in logical pixels.
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
