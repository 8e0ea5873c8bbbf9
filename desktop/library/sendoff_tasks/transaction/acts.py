"""Acts in the writer: each is written in the transaction of what somebody asked for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sendoff_tasks.store.tables import acts as table
from sendoff_tasks.store.tables.pending import PackedIds
from sendoff_tasks.transaction.parts import Part

if TYPE_CHECKING:
    from sendoff_tasks.transaction.group import Group

LONGEST: Final = 1_000
"""Runs of numbers that are kept of an act; its count is always whole."""


@dataclass(slots=True)
class Asked:
    """What somebody asks for, and who; ``act`` is the number of its row once that is on disk."""

    who: str
    verb: str
    kind: str = "task"
    name: str = ""
    tasks: tuple[int, ...] = ()
    act: int = 0


ASKED: Final[ContextVar[Asked | None]] = ContextVar("asked", default=None)
"""What is asked for in this context: the engine is given it with each verb."""


def name_act(verb: str) -> None:
    """Say more exactly what is asked for in this context."""
    asked = ASKED.get()
    if asked is not None:
        asked.verb = verb


class Acts(Part):
    """The act that is under way, and those that the group writes.

    A verb that knows its tasks tells them by :meth:`note`; of any other that changes something, the
    act is written as it was asked for.
    """

    def __init__(self) -> None:
        self._asked: Asked | None = None
        self._is_noted = False
        self._written: dict[int, Asked] = {}
        self.collected = (self._written,)

    def commit(self, group: Group) -> None:
        """Remember which acts are on disk."""
        for number, asked in self._written.items():
            asked.act = number

    @contextmanager
    def of(self, group: Group, asked: Asked | None) -> Iterator[None]:
        """Do in the block what is ``asked``, of which an act is written if it changes something."""
        self._asked, self._is_noted = asked, False
        before = None if asked is None else group.changes()
        try:
            yield
            if asked is not None and not self._is_noted and group.changes() != before:
                self.note(group, PackedIds.of(asked.tasks))
        finally:
            self._asked = None

    def write_none(self) -> None:
        """Write no act of what is under way: a program cleans up, and no person asked for it."""
        self._is_noted = True

    def note(
        self,
        group: Group,
        tasks: Iterable[int],
        *,
        verb: str = "",
        count: int | None = None,
        about: tuple[str, str] | None = None,
    ) -> None:
        """Write of the act under way to which ascending tasks it was done, some at a time.

        ``verb`` and ``about`` (kind and name) say more than was asked for. ``count`` is that of the
        tasks if they have no number yet. What the engine does by itself is no act.
        """
        asked, self._is_noted = self._asked, True
        if asked is None:
            return
        packed = tasks if isinstance(tasks, PackedIds) else PackedIds.of(tasks)
        n = len(packed) if count is None else count
        if not (n or asked.kind != "task" or about):
            return
        number = asked.act or next((i for i, each in self._written.items() if each is asked), 0)
        known = group.cursor.execute(table.READ_ACT, (number,)).fetchone() if number else None
        if known is not None:
            packed = PackedIds(json.loads(known[0])).joined(packed)
            group.cursor.execute(table.SET_ACT, (_json(packed), known[1] + n, number))
            return
        kind, name = about or (asked.kind, asked.name)
        row = (None, group.now, asked.who, verb or asked.verb, kind, name, _json(packed), n)
        group.insert(table.acts, [row])
        self._written[group.cursor.execute(table.LAST_ACT).fetchone()[0]] = asked


def leave_out(group: Group, tasks: Iterable[int]) -> None:
    """Leave the numbers of forgotten tasks out of all acts; they still count."""
    gone = sorted(tasks)
    for number, runs in group.cursor.execute(table.WITH_NUMBERS).fetchall():
        packed = PackedIds(json.loads(runs))
        if named := [each for each in gone if each in packed]:
            group.cursor.execute(table.SET_NUMBERS, (_json(packed.without(named)), number))


def _json(packed: PackedIds) -> str:
    return json.dumps([*packed.runs][:LONGEST], separators=(",", ":"))
