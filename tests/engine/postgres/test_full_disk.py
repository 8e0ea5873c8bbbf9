"""The server's disk is full: what comes is refused with a sentence, what was accepted stays."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from desktop.engine.attempts.outcomes import Succeeded
from desktop.engine.errors import NotWritable
from tests.engine.postgres.stepped import PostgresStepped
from tests.engine.stepped import registry
from tests.engine.survival.test_full_disk import fill, submit_many

FULL = "The database server's disk is full, so nothing new can be kept."
SIZE = "16m"
"""A new database takes half of it."""


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """Mount a small file system for the server's user."""
    mount = shutil.which("mount")
    if not sys.platform.startswith("linux") or os.geteuid() != 0 or mount is None:
        pytest.skip("only root can mount a small file system")
    user = pwd.getpwnam("postgres")
    rights = f"size={SIZE},mode=0700,uid={user.pw_uid},gid={user.pw_gid}"
    with tempfile.TemporaryDirectory(prefix="sendoff-small-disk-") as folder:
        Path(folder).chmod(0o755)
        disk = Path(folder) / "disk"
        disk.mkdir()
        subprocess.run([mount, "-t", "tmpfs", "-o", rights, "tmpfs", disk], check=True)
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
    engine.clock.time += 1
    engine.settle()
    crossing.result(0)
    assert engine.state(running) == "succeeded"
    assert engine.states().keys() == known.keys()
    assert engine.journal.board.active == []
    engine.restart()
    assert engine.states().keys() == known.keys()
    engine.end(other, Succeeded("1"))
    assert engine.add() not in known
