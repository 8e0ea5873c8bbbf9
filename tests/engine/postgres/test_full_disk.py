"""The server's disk is full: what comes is refused with a sentence, what was accepted stays."""

from __future__ import annotations

import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from sendoff_tasks.attempts.outcomes import Succeeded
from sendoff_tasks.errors import NotWritable
from sendoff_tasks.postgres.connection import Connection
from tests.benchmarks.peers.services import free_port, new_cluster, postgres_on
from tests.engine.postgres.stepped import PostgresStepped
from tests.engine.stepped import BACKOFF, registry
from tests.engine.survival.test_full_disk import submit_many
from tests.looking import eventually
from tests.small_disk import CAN_MOUNT, WHY_NOT, fill

FULL = "The database server's disk is full, so nothing new can be kept."
SIZE = "16m"
"""A new database takes half of it; the server's log as much of the other one."""


@pytest.fixture
def small_disk(request: pytest.FixtureRequest) -> Iterator[Path]:
    """Mount a small file system for the server's user."""
    size = getattr(request, "param", SIZE)
    if not CAN_MOUNT:
        pytest.skip(WHY_NOT)
    user = pwd.getpwnam("postgres")
    rights = f"size={size},mode=0700,uid={user.pw_uid},gid={user.pw_gid}"
    with tempfile.TemporaryDirectory(prefix="sendoff-small-disk-") as folder:
        Path(folder).chmod(0o755)
        disk = Path(folder) / "disk"
        disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", rights, "tmpfs", disk], check=True)
        yield disk
        subprocess.run(["umount", "--lazy", disk], check=True)


@pytest.fixture
def on_small_disk(small_disk: Path, server: Any) -> Iterator[PostgresStepped]:
    """Give an engine whose database is on a small disk; the server's log is on another one."""
    (small_disk / "space").mkdir()
    shutil.chown(small_disk / "space", "postgres", "postgres")
    with psycopg.connect(server.url, autocommit=True) as admin:
        admin.execute(f"CREATE TABLESPACE small LOCATION '{small_disk}/space'".encode())
        url: Any = server.database("TABLESPACE small")
        engine = PostgresStepped(url, registry())
        admin.execute("CHECKPOINT")  # else a part of the new database is in memory only
        yield engine
        engine.check()
        engine.close()
        admin.execute(f"DROP DATABASE {url.rpartition('/')[2]}".encode())
        admin.execute("DROP TABLESPACE small")


def test_a_full_disk_refuses_with_a_sentence_and_recovers(
    on_small_disk: PostgresStepped, small_disk: Path
) -> None:
    engine, accepted = on_small_disk, list[int]()
    running, other = engine.add(), engine.add()
    ballast = fill(small_disk)
    for _ in range(3):
        with pytest.raises(NotWritable) as refused:
            submit_many(engine, accepted)
        assert str(refused.value) == FULL
    (notice,) = engine.journal.board.active
    assert (notice["text"], notice["level"]) == (FULL, "error")
    known = engine.states()
    assert known.keys() == {running, other, *accepted}
    crossing = engine.cross(running)
    engine.end(running, Succeeded(f'"{"x" * 300_000}"'))
    assert engine.state(running) == "running"
    ballast.unlink()
    engine.wait(1)
    crossing.result(0)
    assert engine.state(running) == "succeeded"
    assert engine.states().keys() == known.keys()
    assert engine.journal.board.active == []
    engine.restart()
    assert engine.states().keys() == known.keys()
    engine.end(other, Succeeded("1"))
    assert engine.add() not in known


def submit_until_refused(engine: PostgresStepped, accepted: list[int]) -> None:
    while True:
        submit_many(engine, accepted)


def is_answered(url: str) -> bool:
    with suppress(psycopg.OperationalError):
        psycopg.connect(url).close()
        return True
    return False


@pytest.mark.parametrize("small_disk", ["12m"], indirect=True)
def test_a_full_disk_of_the_server_s_log_refuses_until_the_server_is_there_again(
    small_disk: Path,
) -> None:
    """The server crashes where it cannot write its log; its operator makes room and starts it."""
    options = ["-c", "fsync=off", "-c", "max_wal_size=4MB", "-c", "min_wal_size=2MB"]
    made = ["--no-sync", "--wal-segsize=1", "--waldir", str(small_disk / "log")]
    with new_cluster(*made) as cluster, ExitStack() as stack:
        port = free_port()
        with postgres_on(cluster, port, *options) as url:
            eventually(lambda: is_answered(url))
            place: Any = url
            engine, accepted = PostgresStepped(place, registry()), list[int]()
            stack.callback(engine.close)
            running = engine.add()
            ballast = fill(small_disk)
            with pytest.raises(NotWritable) as refused:
                submit_until_refused(engine, accepted)
            assert str(refused.value).startswith("The database server ")
            crossing = engine.cross(running)
            engine.end(running, Succeeded("1"))
        with pytest.raises(NotWritable) as refused:
            engine.add()
        assert str(refused.value).startswith("The database server ")
        ballast.unlink()
        with postgres_on(cluster, port, *options):
            eventually(lambda: is_answered(url))
            engine.connection.close()
            engine.connection = Connection(url)
            engine.wait(BACKOFF)
            crossing.result(0)
            states = engine.states()
            assert states[running] == "succeeded"
            assert states.keys() >= set(accepted)
            assert engine.add() not in states
            assert engine.journal.board.active == []
            stack.close()
