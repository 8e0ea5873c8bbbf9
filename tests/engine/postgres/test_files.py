"""Files of a database: a lost session loses none, and large ones come back whole."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from sendoff_tasks.errors import NotWritable
from sendoff_tasks.postgres.files import DatabaseFiles, FileStore
from tests import WITHIN

PART = 1_000_000
"""Bytes that arrive from a process that freezes while it sends more."""
TAKEN = "database.taken"
END_ALL = (
    "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
)


@pytest.fixture
def store(url: str) -> Iterator[FileStore]:
    with closing(FileStore(url)) as made:
        yield made


@pytest.mark.parametrize("in_term", [False, True])
def test_sessions_that_were_lost_are_replaced(
    store: FileStore, url: str, tmp_path: Path, in_term: bool
) -> None:
    files = DatabaseFiles(store, tmp_path)
    if in_term:
        with psycopg.connect(url) as connection:
            connection.execute("INSERT INTO sendoff.meta VALUES ('term', '7')")
        store.write_in_term("7", pytest.fail)
    files.write("a/b", b"one")
    for content in (b"two", b"three"):
        with psycopg.connect(url) as connection:
            connection.execute(f"{END_ALL} AND datname = current_database()")
        files.write("a/b", content)
        assert files.read("a/b") == content


def test_without_a_server_files_can_be_neither_read_nor_written(tmp_path: Path) -> None:
    files = DatabaseFiles(FileStore("postgresql://127.0.0.1:1/none"), tmp_path)
    with pytest.raises(NotWritable):
        files.read("a")
    with pytest.raises(NotWritable):
        files.write("a", b"")


def test_a_large_upload_comes_back_whole_and_leaves_nothing_here(
    store: FileStore, tmp_path: Path
) -> None:
    files, content = (
        DatabaseFiles(store, tmp_path / "uploads").below("a"),
        bytes(range(256)) * 40_000,
    )
    upload = files.place("b/plan.pdf").with_name(".upload-1")
    upload.write_bytes(content)
    files.take_in(upload, "b/plan.pdf")
    assert (files.read("b/plan.pdf"), files.size("b/plan.pdf")) == (content, len(content))
    assert list((tmp_path / "uploads").iterdir()) == []


def test_a_folder_s_neighbour_is_not_in_it(store: FileStore, tmp_path: Path) -> None:
    files = DatabaseFiles(store, tmp_path)
    for path in ("a/1", "a/c/2", "a b/3", "a0/4", "b/5"):
        files.write(path, b"x")
    assert (files.names("a"), files.folders("a")) == (["1"], ["c"])
    assert files.folders() == ["a b", "a", "a0", "b"]
    files.copy("a", "b")
    files.remove("a")
    assert files.folders() == ["a b", "a0", "b"]
    assert files.below("b").names() == ["1", "5"]


def test_what_others_write_is_seen_but_where_this_process_writes_alone(
    store: FileStore, url: str, tmp_path: Path
) -> None:
    store.write_alone(["templates"])
    files = DatabaseFiles(store, tmp_path)
    assert (files.names("templates"), files.names("sent")) == ([], [])
    with closing(FileStore(url)) as other:
        for folder in ("templates", "sent"):
            DatabaseFiles(other, tmp_path).write(f"{folder}/1", b"x")
    assert (files.names("templates"), files.names("sent")) == ([], ["1"])
    files.write("templates/2", b"x")
    assert files.names("templates") == ["1", "2"]


def test_once_another_process_has_the_tasks_nothing_is_written_here(
    store: FileStore, url: str, tmp_path: Path
) -> None:
    files, told = DatabaseFiles(store, tmp_path), list[bool]()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("INSERT INTO sendoff.meta VALUES ('term', '7')")
        store.write_in_term("7", lambda: told.append(True))
        files.write("a/b", b"one")
        connection.execute("UPDATE sendoff.meta SET value = '8' WHERE key = 'term'")
    assert not told
    writes: list[Callable[[], None]] = [
        lambda: files.write("a/b", b"two"),
        lambda: files.write("a/c", b"two"),
        lambda: files.copy("a", "b"),
        lambda: files.remove("a"),
    ]
    for write in writes:
        with pytest.raises(NotWritable) as refused:
            write()
        assert refused.value.refusal == TAKEN
    assert (len(told), files.names("a"), files.folders()) == (4, ["b"], ["a"])
    assert files.read("a/b") == b"one"


@contextmanager
def stalling(url: str, frozen: Event, thaw: Event) -> Iterator[str]:
    """Give an address of the server where a part of what is sent arrives, the rest after ``thaw``.

    It takes one connection.
    """

    def answer(server: socket.socket, client: socket.socket) -> None:
        while data := server.recv(65_536):
            client.sendall(data)

    def serve() -> None:
        client, _ = listener.accept()
        arrived = 0
        with client, socket.create_connection(there) as server, ThreadPoolExecutor(1) as back:
            back.submit(answer, server, client)
            while data := client.recv(65_536):
                server.sendall(data)
                arrived += len(data)
                if arrived > PART:
                    frozen.set()
                    thaw.wait(WITHIN)
            server.shutdown(socket.SHUT_WR)

    there = ("127.0.0.1", urlsplit(url).port)
    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as pool:
        pool.submit(serve)
        yield url.replace(f":{there[1]}/", f":{listener.getsockname()[1]}/")


def test_a_process_that_freezes_while_it_sends_a_file_holds_up_no_takeover(
    url: str, tmp_path: Path
) -> None:
    frozen, thaw = Event(), Event()
    with (
        psycopg.connect(url, autocommit=True) as other,
        stalling(url, frozen, thaw) as slow,
        closing(FileStore(slow)) as store,
        ThreadPoolExecutor(1) as pool,
    ):
        other.execute("INSERT INTO sendoff.meta VALUES ('term', '7')")
        store.write_in_term("7", lambda: None)
        writing = pool.submit(DatabaseFiles(store, tmp_path).write, "a", bytes(10 * PART))
        try:
            assert frozen.wait(WITHIN)
            other.execute("SET lock_timeout = '1s'")
            other.execute("UPDATE sendoff.meta SET value = '8' WHERE key = 'term'")
        finally:
            thaw.set()
        with pytest.raises(NotWritable) as refused:
            writing.result(WITHIN)
        assert refused.value.refusal == TAKEN


def test_no_more_is_remembered_than_there_is_room_for(
    store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sendoff_tasks.postgres.files.REMEMBERED", 5)
    store.write_alone(["a"])
    files = DatabaseFiles(store, tmp_path).below("a")
    files.write("7", b"seven")
    for number in range(20):
        assert files.has(str(number)) == (number == 7)
        assert len(store._known["a"]) <= 5


def test_what_many_messages_carry_travels_once_and_counts_at_once(
    store: FileStore, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sendoff_tasks.postgres.files.ROOM", 8)
    files, travelled, run = DatabaseFiles(store, tmp_path), list[bytes](), FileStore._run

    def noted(store: FileStore, *statements: Any) -> Any:
        rows = run(store, *statements)
        travelled.extend(row[1] for row in rows if row[1] is not None)
        return rows

    for name in ("a", "b"):
        files.write(name, b"12345")
    monkeypatch.setattr(FileStore, "_run", noted)
    assert [files.read(name) for name in "aabbaa"] == [b"12345"] * 6
    assert travelled == [b"12345"] * 3
    with closing(FileStore(url)) as other:
        monkeypatch.setattr(FileStore, "_run", run)
        DatabaseFiles(other, tmp_path).write("a", b"67890")
    assert files.read("a") == b"67890"


def test_files_of_older_writes_are_found_by_their_moment(store: FileStore, tmp_path: Path) -> None:
    files = DatabaseFiles(store, tmp_path)
    for path in ("sent/old", "sent/older"):
        assert store.bring(path, b"x", 1000.5)
        assert not store.bring(path, b"y", 1000.5)
    files.write("sent/older", b"new")
    assert files.names("sent", before=2000) == ["old"]
    assert files.names("sent", before=1000.5) == []
    assert files.read("sent/old") == b"x"
