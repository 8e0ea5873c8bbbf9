"""One engine at a time on a database."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from desktop.engine.store.errors import StoreInUse
from desktop.engine.store.lock import StoreLock

HOLD = """
import sys
from pathlib import Path
from desktop.engine.store.lock import StoreLock
lock = StoreLock(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_a_second_lock_is_refused_and_a_released_one_is_free(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    lock = StoreLock(path)
    with pytest.raises(StoreInUse, match="already in use"):
        StoreLock(path)
    lock.release()
    StoreLock(path).release()


def test_a_process_that_is_killed_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"held\n"
        with pytest.raises(StoreInUse):
            StoreLock(path)
        child.kill()
        child.wait()
    StoreLock(path).release()
