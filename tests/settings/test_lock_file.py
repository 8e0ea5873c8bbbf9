"""One holder at a time; the lock ends with its holder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sendoff_tasks.folder.lock_file import LockFile, is_held
from sendoff_tasks.folder.safe_files import NotOwn
from tests.looking import eventually

HOLD = """
import os, pathlib, sys
from sendoff_tasks.folder.lock_file import LockFile
is_ours = LockFile(pathlib.Path(sys.argv[1])).take()
if len(sys.argv) < 3 or os.fork():
    print(is_ours, flush=True)
sys.stdin.read()
"""


def test_a_second_holder_is_refused_until_the_first_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    assert not is_held(path)
    assert not path.exists()  # asking takes nothing and makes no file
    first, second = LockFile(path), LockFile(path)
    assert first.take()
    assert is_held(path)
    assert not second.take()
    first.release()
    first.release()
    assert not is_held(path)
    assert second.take()
    second.release()


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == b"True"
        assert is_held(path)
        assert not LockFile(path).take()
        holder.kill()
        holder.wait()
    assert not is_held(path)


@pytest.mark.skipif(sys.platform == "win32", reason="nothing is forked there")
def test_a_fork_of_a_killed_holder_does_not_keep_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    command = [sys.executable, "-c", HOLD, str(path), "forks"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == b"True"
        holder.kill()
        holder.wait()
        eventually(lambda: not is_held(path))


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such rights")
def test_what_others_have_put_there_is_not_locked(tmp_path: Path) -> None:
    path, elsewhere = tmp_path / "lock", tmp_path / "elsewhere"
    path.symlink_to(elsewhere)
    with pytest.raises(NotOwn, match="it is a link"):
        LockFile(path).take()
    assert not elsewhere.exists()
    path.unlink()
    path.touch()
    path.chmod(0o666)
    lock = LockFile(path)
    with pytest.raises(NotOwn, match="chmod go-w"):
        lock.take()
    assert not lock.is_ours
