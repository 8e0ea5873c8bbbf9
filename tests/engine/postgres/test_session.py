"""The session that writes may be lost at any moment: nothing is written twice, and nothing lost."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from typing import Any

import psycopg
import pytest

from desktop.engine.errors import NotWritable
from desktop.engine.postgres import writer_store as writing
from desktop.engine.postgres.connection import Connection
from desktop.engine.postgres.files import FileStore
from desktop.engine.postgres.opening import PostgresStore
from desktop.engine.store.errors import DatabaseInUse
from desktop.engine.submission import NewTask, Submission
from desktop.engine.verbs.submit import accept, prepare
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
