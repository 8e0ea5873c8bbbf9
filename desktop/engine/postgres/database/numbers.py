"""The numbers of tasks that the process has for itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from desktop.engine.postgres.cursor import PostgresCursor, PostgresRows
from desktop.engine.postgres.database.schema import NUMBERS

NEXT_NUMBERS: Final = "SELECT nextval('tasks_id_seq')"


class TaskNumbers:
    """Gives numbers, and has the server reserve more; those that are not used are lost.

    A group that finds none left waits for the server, and for all that was sent to it: so one that
    leaves few asks for more with all that it writes.
    """

    def __init__(self, read: Callable[[str], PostgresRows]) -> None:
        self._read = read
        self._next = self._end = 0
        self._asked: PostgresRows | None = None  # for more

    @property
    def last(self) -> int:
        """The last one that was given, 0 for none; the next ones may follow it."""
        return max(0, self._next - 1)

    def next(self) -> int:
        """Give one."""
        if self._next == self._end:
            asked, self._asked = self._asked or self._read(NEXT_NUMBERS), None
            self._next = asked.fetchall()[0][0]
            self._end = self._next + NUMBERS
        self._next += 1
        return self._next - 1

    def reserve(self, cursor: PostgresCursor) -> None:
        """Ask for more where few are left; ``cursor`` waits for no answer now."""
        if self._asked is None and self._end and self._end - self._next < NUMBERS // 2:
            self._asked = cursor.execute(NEXT_NUMBERS)

    def forget_asked(self) -> None:
        """Know that what was asked for may not come: its group was not written."""
        self._asked = None
