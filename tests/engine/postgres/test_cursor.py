"""What is written in a group goes to the server together, and is waited for once."""

from __future__ import annotations

import json
import re
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from desktop.engine.postgres.connection import Connection
from desktop.engine.postgres.writer_store import PostgresGroup
from desktop.engine.store.tables import statements
from desktop.engine.submission import NewTask, Submission
from desktop.engine.transaction.group import OVERWRITTEN, Group
from desktop.engine.verbs.submit import accept, prepare


def test_what_is_sent_together_is_waited_for_at_the_end_and_fails_as_its_first_statement_does(
    url: str,
) -> None:
    put, change = "INSERT INTO meta VALUES (?, ?)", "UPDATE meta SET value = ? WHERE key = ?"
    with closing(Connection(url)) as session, closing(Connection(url)) as other:
        session.execute(put, ("a", "1"))
        cursor = session.cursor()
        other.execute("BEGIN")
        other.execute(change, ("2", "a"))
        with cursor.together():
            cursor.execute(change, ("3", "a"))  # that row is locked, and this goes on
            other.execute("COMMIT")
            assert cursor.rowcount == 1
            found = cursor.execute("SELECT value FROM meta WHERE key = ?", ("a",))
            assert found.fetchall() == [("3",)]
        cursor.execute("BEGIN")

        def fail() -> None:
            with cursor.together():
                for name in ("b", "a", "c"):
                    cursor.execute(put, (name, "4"))

        with pytest.raises(psycopg.errors.UniqueViolation):
            fail()
        cursor.execute("ROLLBACK")
        assert cursor.execute("SELECT 1 FROM meta WHERE key IN ('b', 'c')").fetchall() == []


def test_what_was_sent_in_vain_is_sent_again_and_the_server_keeps_few_statements(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.engine.postgres.cursor.PREPARED", 4)
    with closing(Connection(url)) as session:
        cursor = session.cursor()

        def run(*statements: str) -> list[Any]:
            cursor.begin()
            with cursor.together():
                sent = [cursor.execute(each) for each in (*statements, "COMMIT")][:-1]
            return [each.fetchall() for each in sent]

        for number in range(5):
            with pytest.raises(psycopg.errors.DivisionByZero):
                run("SELECT 0", "SELECT 1 / 0", f"SELECT {number}")
            cursor.roll_back()
            assert run(f"SELECT {number}", "SELECT 0") == [[(number,)], [(0,)]]
        kept = session.execute("SELECT name FROM pg_prepared_statements").fetchall()
        assert len(kept) < 10


def test_a_group_waits_for_the_server_once(stepped: Any, tmp_path: Path) -> None:
    """What is written goes with BEGIN and COMMIT; numbers of tasks are taken many at a time."""
    stepped.add("work")
    session = stepped.writer_store.connection.real.pgconn
    with (tmp_path / "messages").open("w") as messages:
        session.trace(messages.fileno())
        number = stepped.add("work")
        session.untrace()
    told = (tmp_path / "messages").read_text()
    assert re.findall(r'CommandComplete\t "(BEGIN|COMMIT)"', told) == ["BEGIN", "COMMIT"]
    assert told.count("ReadyForQuery") == 1
    assert stepped.state(number) == "running"


@pytest.mark.parametrize("is_read_first", [False, True])
def test_a_row_that_another_has_changed_is_not_written_over(
    stepped: Any, is_read_first: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """Whether the update is sent with all else, or waited for because something is read."""
    number = stepped.add("work")
    stepped.connection.execute("UPDATE tasks SET attempt = 7 WHERE id = ?", (number,))

    def change(group: Group) -> None:
        group.change(group.memory.running[number].record, progress="half")
        if is_read_first:
            group.select(statements.RUNNING)

    with pytest.raises(KeyError):  # once memory was read again, the attempt is over
        stepped.do(change)
    assert OVERWRITTEN in caplog.text
    told = "SELECT attempt, progress FROM tasks WHERE id = ?"
    assert stepped.connection.execute(told, (number,)).fetchall() == [(7, None)]


def test_what_was_committed_stays_so_where_the_session_ends_behind_it(
    stepped: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_on_disk = PostgresGroup.put_on_disk

    def put_and_end(group: PostgresGroup) -> None:
        monkeypatch.undo()
        put_on_disk(group)
        group.cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setattr(PostgresGroup, "put_on_disk", put_and_end)
    number = stepped.add("work")
    assert stepped.states() == {number: "running"}


def test_what_all_of_many_rows_have_is_sent_once(stepped: Any) -> None:
    sent = [(n % 5, "same") for n in range(20)]
    tasks = [NewTask("work", each, to=f"{each[0] % 2}@x.org") for each in sent]
    for _ in range(2):  # the driver has the server keep a statement that comes again
        prepared = prepare(Submission(tasks=tasks), stepped.registry)
        stepped.do(lambda group: accept(group, prepared))  # noqa: B023 - done at once
    told = "SELECT arguments, recipient, state, reference FROM tasks ORDER BY id"
    rows = stepped.connection.execute(told).fetchall()
    assert [tuple(json.loads(arguments)[0]) for arguments, *_ in rows] == sent * 2
    assert [recipient for _, recipient, *_ in rows] == [f"{n % 2}@x.org" for n, _ in sent * 2]
    assert {each[2:] for each in rows} == {("running", None), ("queued", None)}
    given = stepped.writer_store.connection.real.execute(
        "SELECT max(cardinality(parameter_types)) FROM pg_prepared_statements"
        " WHERE statement LIKE 'INSERT INTO tasks %'"
    )
    assert given.fetchone()[0] < 16 * 10
