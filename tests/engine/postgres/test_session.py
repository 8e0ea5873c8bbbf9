"""The session that writes may be lost at any moment; a group waits for the server once."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from sendoff_tasks.attempts.outcomes import Failed, Succeeded
from sendoff_tasks.errors import NotWritable
from sendoff_tasks.postgres import writer_store as writing
from sendoff_tasks.postgres.connection import LASTING, Connection
from sendoff_tasks.postgres.cursor import PostgresRows
from sendoff_tasks.postgres.files import FileStore
from sendoff_tasks.postgres.opening import PostgresStore
from sendoff_tasks.postgres.schema import NUMBERS
from sendoff_tasks.postgres.writer_store import PostgresGroup, TaskNumbers
from sendoff_tasks.processes.server_link import connected
from sendoff_tasks.store.errors import DatabaseInUse
from sendoff_tasks.store.tables import statements
from sendoff_tasks.submission import NewTask, Submission
from sendoff_tasks.transaction.group import OVERWRITTEN, Group
from sendoff_tasks.verbs.submit import accept, prepare
from tests.engine.postgres.stepped import PostgresStepped
from tests.engine.stepped import BACKOFF, Stepped
from tests.looking import eventually

GONE = psycopg.OperationalError("the connection is lost")


@contextmanager
def losing_the_answer(stepped: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have the session end between the next COMMIT and its answer."""
    done = stepped.fuse.done

    def name() -> Any:
        return stepped.connection.execute("SELECT value FROM meta WHERE key = 'group'").fetchone()

    before = name()

    def lose(statement: str) -> None:
        done(statement)
        if statement == "COMMIT":
            patch.undo()
            eventually(lambda: name() != before)
            stepped.writer_store.connection.close()
            raise GONE

    with monkeypatch.context() as patch:
        patch.setattr(stepped.fuse, "done", lose)
        yield


def ask(stepped: Stepped) -> Any:
    prepared = prepare(Submission(tasks=[NewTask("work")]), stepped.registry)
    return stepped.ask(lambda group: accept(group, prepared))


def come_back(stepped: Stepped) -> None:
    """Let time pass until the store is tried again."""
    for _ in range(3):
        stepped.wait(BACKOFF)


def test_a_lost_session_that_the_server_has_not_noticed_yet_is_waited_for(
    stepped: Any, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = stepped.writer_store.connection
    old, close = connection.real.info.backend_pid, connection.close

    def close_unnoticed() -> None:
        os.kill(old, signal.SIGSTOP)
        close()

    def is_waited_for() -> bool:
        with psycopg.connect(url) as other:
            waits = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'BackendTermination'"
            return other.execute(waits).fetchone() is not None

    def wake_when_waited_for() -> None:
        try:
            eventually(is_waited_for)
        finally:
            os.kill(old, signal.SIGCONT)

    with losing_the_answer(stepped, monkeypatch):
        monkeypatch.setattr(connection, "close", close_unnoticed)
        asked = ask(stepped)
        with ThreadPoolExecutor(1) as pool:
            woken = pool.submit(wake_when_waited_for)
            stepped.step()
    woken.result()
    assert asked.result(0).task_ids


def test_a_group_that_changes_nothing_leaves_the_server_s_disk_alone(stepped: Any) -> None:
    def name() -> Any:
        return stepped.connection.execute(
            "SELECT value, xmin FROM meta WHERE key = 'group'"
        ).fetchone()

    stepped.add("work", "a")
    before = name()
    stepped.ask(lambda group: None)
    stepped.settle()
    assert name() == before
    stepped.add("work", "b")
    assert name() != before


def test_what_cannot_be_told_is_refused_and_its_claims_are_given_back(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise GONE

    with losing_the_answer(stepped, monkeypatch):
        monkeypatch.setattr(writing, "Connection", refuse)
        asked = ask(stepped)
        stepped.step()
    assert isinstance(asked.exception(0), NotWritable)
    assert not stepped.lane.started
    monkeypatch.setattr(writing, "Connection", Connection)
    come_back(stepped)
    ((number, attempt),) = stepped.lane.started
    assert (stepped.states(), attempt) == ({number: "running"}, 2)
    del stepped.core.memory.running[number]  # as that of an end that could not be written
    stepped.ask(refuse)
    come_back(stepped)
    assert stepped.task(number)["attempt"] == 2, "what was in doubt is settled once"


def test_what_the_server_lost_in_a_crash_is_not_taken_for_committed(
    stepped: Any, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a crash the server gives numbers of transactions again that it had given before."""
    commit = writing.PostgresGroup.put_on_disk
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("CREATE TABLE others (number int)")
        other.execute("CHECKPOINT")

    def crash(group: writing.PostgresGroup) -> None:
        stepped.connection.close()
        with closing(psycopg.connect(url, autocommit=True)) as another:
            os.kill(stepped.writer_store.connection.real.info.backend_pid, signal.SIGKILL)
            eventually(lambda: is_ended(another))  # as all are, once the server has noticed
        monkeypatch.setattr(writing.PostgresGroup, "put_on_disk", commit)
        monkeypatch.setattr(writing, "Connection", connect)
        commit(group)

    def is_ended(session: psycopg.Connection) -> bool:
        with suppress(psycopg.OperationalError):
            session.execute("SELECT 1")
        return session.closed

    def is_up() -> bool:
        with suppress(psycopg.OperationalError), psycopg.connect(url) as other:
            other.execute("INSERT INTO others VALUES (1)")
            return True
        return False

    def connect(url: str) -> Connection:
        eventually(is_up)
        return Connection(url)

    monkeypatch.setattr(writing.PostgresGroup, "put_on_disk", crash)
    asked = ask(stepped)
    stepped.step()
    stepped.connection = Connection(url)
    assert isinstance(asked.exception(0), NotWritable)
    come_back(stepped)
    assert stepped.states() == {}


@pytest.mark.parametrize("code", ["08006", "40003"])
def test_an_error_that_leaves_a_commit_open_is_asked_about(
    stepped: Any, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    """A pooler answers so for a server that it has lost."""
    asked = ask(stepped)
    commit = writing.PostgresGroup.put_on_disk

    def answer_late(group: writing.PostgresGroup) -> None:
        commit(group)
        group.cursor.settle()
        group._commit = None
        error = psycopg.errors.lookup(code)("server conn crashed?")
        error.sqlstate = code
        monkeypatch.setattr(writing.PostgresGroup, "put_on_disk", commit)
        raise error

    monkeypatch.setattr(writing.PostgresGroup, "put_on_disk", answer_late)
    stepped.step()
    assert asked.result(0).task_ids


def test_what_the_promises_need_is_set_in_each_session(url: str) -> None:
    limits = dict.fromkeys(LASTING, "2s") | {"synchronous_commit": "off"}

    def found(connection: Any) -> list[str]:
        names = [*LASTING, "synchronous_commit"]
        return [connection.execute(f"SHOW {name}".encode()).fetchone()[0] for name in names]

    async def linked() -> list[str]:
        async with connected(url) as link:
            names = [*LASTING, "synchronous_commit"]
            read = [await link._asking.execute(f"SHOW {name}".encode()) for name in names]
            return [row[0] for each in read if (row := await each.fetchone())]

    with psycopg.connect(url, autocommit=True) as admin:
        for name, value in limits.items():
            admin.execute(f"ALTER DATABASE {admin.info.dbname} SET {name} = '{value}'".encode())
        with closing(Connection(url)) as session:
            assert found(session.real) == ["0", "0", "0", "0", "on"]
        assert asyncio.run(linked()) == ["0", "0", "0", "0", "on"]
        name = admin.info.dbname
        admin.execute(f"ALTER DATABASE {name} SET synchronous_commit = remote_apply".encode())
        with closing(Connection(url)) as session:
            assert found(session.real)[-1] == "remote_apply"


def test_what_is_beyond_a_limit_of_the_server_costs_only_itself(
    stepped: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    beyond = psycopg.errors.ProgramLimitExceeded("index row size exceeds the maximum")
    beyond.sqlstate = "54000"
    number, other = stepped.add("work"), stepped.add("work")
    log = Group.end_attempt

    def limited(group: Group, record: Any, outcome: Any, error: Any, trace: str) -> None:
        if trace == "too long":
            raise beyond
        log(group, record, outcome, error, trace)

    monkeypatch.setattr(Group, "end_attempt", limited)
    stepped.end(number, Failed("", "too long", final=True))
    stepped.end(other, Succeeded("1"))
    assert stepped.states() == {number: "failed", other: "succeeded"}


def test_a_session_that_cannot_be_set_up_ends(url: str) -> None:
    others = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> %s"
    with pytest.raises(psycopg.Error) as failed:
        Connection(url, unknown="1")
    with psycopg.connect(url, autocommit=True) as other:
        own = (other.info.backend_pid,)
        eventually(lambda: other.execute(others, own).fetchone() is None)
    assert "unknown" in str(failed.value)


def test_one_process_at_a_time(stepped: PostgresStepped, url: str) -> None:
    with pytest.raises(DatabaseInUse):
        PostgresStore(url)


def test_a_nul_which_no_text_there_has_is_asked_for_as_another_character(url: str) -> None:
    with closing(Connection(url)) as session:
        session.execute("INSERT INTO meta VALUES (?, ?)", ("a\0b", "1"))
        assert session.execute("SELECT key FROM meta WHERE key = ?", ("a\0b",)).fetchall() == [
            ("a\ufffdb",)
        ]
        with pytest.raises(psycopg.DataError):
            session.execute("SELECT ?::int", ("x",))
    with closing(FileStore(url)) as files:
        assert files.read("a\0b") is None


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
    monkeypatch.setattr("sendoff_tasks.postgres.cursor.PREPARED", 4)
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


def test_what_was_committed_stays_so_where_the_session_ends_behind_it_and_no_other_opens(
    stepped: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_on_disk = PostgresGroup.put_on_disk

    def refuse(_: str) -> None:
        raise GONE

    def put_and_end(group: PostgresGroup) -> None:
        monkeypatch.undo()
        monkeypatch.setattr(writing, "Connection", refuse)
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
            given.append(numbers.next(0))
            with cursor.together():
                numbers.reserve(cursor)
        first = given[0]
        assert given == [*range(first, first + 3 * NUMBERS)], "none is left out"
        assert (waits, numbers.last) == (1, given[-1])
        numbers.forget_asked()
        later = [numbers.next(0) for _ in range(NUMBERS)]
        assert waits == 2, "what was asked for did not come"
        assert later == sorted(later)
        assert later[0] > given[-1]
