"""TaskNumbers of tasks are there before a group needs them."""

from __future__ import annotations

from contextlib import closing

from desktop.engine.postgres.connection import Connection
from desktop.engine.postgres.cursor import PostgresRows
from desktop.engine.postgres.schema import NUMBERS
from desktop.engine.postgres.writer_store import TaskNumbers


def test_numbers_that_run_low_are_asked_for_with_what_a_group_writes(url: str) -> None:
    waits = 0

    def read(statement: str) -> PostgresRows:
        nonlocal waits
        waits += 1
        return session.cursor().execute(statement)

    with closing(Connection(url)) as session:
        cursor, numbers = session.cursor(), TaskNumbers(read)
        given = []
        for _ in range(3 * NUMBERS):
            given.append(numbers.next())
            with cursor.together():
                numbers.reserve(cursor)
        first = given[0]
        assert given == [*range(first, first + 3 * NUMBERS)], "none is left out"
        assert (waits, numbers.last) == (1, given[-1])
        numbers.forget_asked()
        later = [numbers.next() for _ in range(NUMBERS)]
        assert waits == 2, "what was asked for did not come"
        assert later == sorted(later)
        assert later[0] > given[-1]
