"""The task numbers that a process reserves for itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from desktop.engine.postgres.cursor import PostgresCursor, PostgresRows
from desktop.engine.postgres.database.schema import NUMBERS

NEXT_NUMBERS: Final = "SELECT nextval('tasks_id_seq')"


class TaskNumbers:
    """Gives task numbers, and reserves more on the server; unused numbers are lost.

    A group that finds none left waits for the server, and for all that was sent to it. To avoid
    that, a group that leaves few numbers asks for more together with all that it writes.
    """

    def __init__(self, read: Callable[[str], PostgresRows]) -> None:
        self._read = read
        self._next = self._end = 0
        self._asked: PostgresRows | None = None  # the request for more

    @property
    def last(self) -> int:
        """The last number that was given, 0 if there is none; the next ones may follow it."""
        return max(0, self._next - 1)

    def next(self) -> int:
        """Return the next number."""
        if self._next == self._end:
            asked, self._asked = self._asked or self._read(NEXT_NUMBERS), None
            self._next = asked.fetchall()[0][0]
            self._end = self._next + NUMBERS
        self._next += 1
        return self._next - 1

    def reserve(self, cursor: PostgresCursor) -> None:
        """Ask for more numbers if few are left; ``cursor`` must be sending without waiting."""
        if self._asked is None and self._end and self._end - self._next < NUMBERS // 2:
            self._asked = cursor.execute(NEXT_NUMBERS)

    def forget_asked(self) -> None:
        """Drop the request for more numbers, because its group was not written."""
        self._asked = None
