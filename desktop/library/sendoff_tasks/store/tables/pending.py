"""The table of pending actions, and their statements."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import accumulate, chain
from typing import Any, Final, overload

from sqlalchemy import Column, Integer, Table, Text

from sendoff_tasks.model.tasks import UNDOABLE, PendingVerb
from sendoff_tasks.store.tables.cursor import insert_rows
from sendoff_tasks.store.tables.schema import metadata

pending = Table(
    # An action on tasks or a batch that can be undone until it is due; times are epoch ms. The row
    # of one that was undone is deleted. One that was carried out stays a while, without its tasks.
    "pending",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("action", Text, nullable=False),
    Column("tasks", Text, nullable=False),  # JSON: the first and last number of each run
    Column("count", Integer, nullable=False),  # of tasks, or of rows of a batch
    Column("asked", Text, nullable=False),  # JSON: what else was asked for, see ActionOptions
    Column("due_at", Integer, nullable=False),
    Column("done_at", Integer),
    Column("answer", Text),  # JSON: the progress once it has begun, then the BulkAnswer
    sqlite_strict=True,
)


class PackedIds(Sequence[int]):
    """Ascending numbers of tasks, kept as the first and the last of each run."""

    def __init__(self, runs: Sequence[Sequence[int]]) -> None:
        self.runs = runs
        self._before = [0, *accumulate(last - first + 1 for first, last in runs)]

    @classmethod
    def of(cls, numbers: Iterable[int]) -> PackedIds:
        """Compress ascending numbers."""
        runs: list[list[int]] = []
        for number in numbers:
            if runs and number == runs[-1][1] + 1:
                runs[-1][1] = number
            else:
                runs.append([number, number])
        return cls(runs)

    def without(self, numbers: Iterable[int]) -> PackedIds:
        """Return the rest without some numbers, which ascend and are among these."""
        left: list[Sequence[int]] = []
        at, begin = 0, None
        for number in numbers:
            run = bisect_right(self.runs, number, lo=at, key=_first) - 1
            if run > at:
                left += [*_rest(self.runs[at], begin), *self.runs[at + 1 : run]]
                at, begin = run, None
            first = self.runs[at][0] if begin is None else begin
            if first < number:
                left.append([first, number - 1])
            begin = number + 1
        if self.runs:
            left += [*_rest(self.runs[at], begin), *self.runs[at + 1 :]]
        return PackedIds(left)

    def joined(self, numbers: Iterable[int]) -> PackedIds:
        """Return these and others, which ascend."""
        others = numbers if isinstance(numbers, PackedIds) else PackedIds.of(numbers)
        runs: list[list[int]] = []
        for first, last in sorted([*self.runs, *others.runs], key=_first):
            if runs and first <= runs[-1][1] + 1:
                runs[-1][1] = max(runs[-1][1], last)
            else:
                runs.append([first, last])
        return PackedIds(runs)

    def __len__(self) -> int:
        return self._before[-1]

    def __iter__(self) -> Iterator[int]:
        return chain.from_iterable(range(first, last + 1) for first, last in self.runs)

    def __contains__(self, number: object) -> bool:
        if not isinstance(number, int):
            return False
        run = bisect_right(self.runs, number, key=_first) - 1
        return run >= 0 and number <= self.runs[run][1]

    @overload
    def __getitem__(self, place: int) -> int: ...

    @overload
    def __getitem__(self, place: slice) -> list[int]: ...

    def __getitem__(self, place: int | slice) -> int | list[int]:
        places = range(len(self))[place]
        if isinstance(places, range):
            return [self._at(each) for each in places]
        return self._at(places)

    def _at(self, place: int) -> int:
        run = bisect_right(self._before, place) - 1
        return self.runs[run][0] + place - self._before[run]


def _first(run: Sequence[int]) -> int:
    return run[0]


def _rest(run: Sequence[int], begin: int | None) -> list[Sequence[int]]:
    """Return what is left of a run from a number on; of the whole run, if there is none."""
    if begin is None:
        return [run]
    return [[begin, run[1]]] if begin <= run[1] else []


LONGEST_TOLD: Final = 420_000
"""The most characters of ``tasks`` that clients are told: at least those of 10,000 runs."""


@dataclass(frozen=True, slots=True)
class ActionOptions:
    """What else an action was asked for with.

    ``key`` is that of the call. ``filter`` chose its tasks, as the request has it. Repeated tasks
    go to the ``addressee``, if any. ``spares_kept`` leaves those alone that were only kept. An
    action on a batch has its ``batch_id`` and no tasks; it leaves alone those in the runs ``left``,
    which later actions mean. ``subject`` is the number of what it is about, of a feature.
    """

    key: str = ""
    filter: Mapping[str, Any] | None = None
    addressee: Mapping[str, Any] | None = None
    spares_kept: bool = False
    batch_id: int | None = None
    left: Sequence[Sequence[int]] = ()
    subject: int | None = None

    def encode(self) -> str:
        """Return it as JSON."""
        return json.dumps({name: value for name, value in asdict(self).items() if value})


PLAINLY: Final = ActionOptions()


@dataclass(slots=True)
class PendingRecord:
    """An action that can be undone; ``so_far`` is its progress once it has begun."""

    id: int
    action: PendingVerb
    tasks: PackedIds
    asked: ActionOptions
    due_at: int
    so_far: dict[str, Any] | None = None

    @property
    def was_done(self) -> bool:
        """Whether it was done when it was asked for, and only its undo is pending."""
        return self.action in UNDOABLE

    @property
    def beyond(self) -> int:
        """The last task that it was done to; 0 before it begins."""
        return 0 if self.so_far is None else int(self.so_far["beyond"])


OPEN_PENDING: Final = (
    "SELECT id, action, tasks, asked, due_at, answer FROM pending WHERE done_at IS NULL ORDER BY id"
)
_TOLD: Final = "SELECT id, action, tasks, count, asked, due_at, done_at, answer FROM pending"
"""What a ``tasks.PendingRow`` says."""
TELL_OPEN: Final = f"{_TOLD} WHERE done_at IS NULL ORDER BY due_at, id"
TELL_GIVEN: Final = f"{_TOLD} WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"  # noqa: S608
ANSWER: Final = "SELECT answer FROM pending WHERE id = ?"
INSERT_PENDING: Final = insert_rows(pending)
SET_TASKS: Final = "UPDATE pending SET tasks = ?, count = ? WHERE id = ?"
SET_ASKED: Final = "UPDATE pending SET asked = ? WHERE id = ?"
TOLD_PENDING: Final = "SELECT id, asked, answer FROM pending"
SET_TOLD: Final = "UPDATE pending SET asked = ?, answer = ? WHERE id = ?"
SET_ANSWER: Final = "UPDATE pending SET answer = ? WHERE id = ?"
SET_DONE: Final = "UPDATE pending SET tasks = '[]', asked = ?, done_at = ?, answer = ? WHERE id = ?"
MOVE_DUE: Final = "UPDATE pending SET due_at = due_at + ? WHERE done_at IS NULL"
DELETE_PENDING: Final = "DELETE FROM pending WHERE id = ?"
DELETE_OPEN: Final = "DELETE FROM pending WHERE done_at IS NULL"
DELETE_DONE: Final = "DELETE FROM pending WHERE done_at < ?"
