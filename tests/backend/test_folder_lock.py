"""One backend on a folder; the lock ends with its holder."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from desktop.backend.errors import StartError
from desktop.backend.folder_lock import locked

if TYPE_CHECKING:
    from pathlib import Path

HOLD = """
import pathlib, sys
from desktop.backend.folder_lock import locked
with locked(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_holder_is_refused_and_told_of_the_folder(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with locked(path), pytest.raises(StartError, match=tmp_path.name), locked(path):
        pass
    with locked(tmp_path / "lock"):
        pass


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path / "lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == b"held"
        with pytest.raises(StartError), locked(tmp_path / "lock"):
            pass
        holder.kill()
        holder.wait()
    with locked(tmp_path / "lock"):
        pass
