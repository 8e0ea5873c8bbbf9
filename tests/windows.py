"""Real windows in processes of their own, offscreen."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop.settings.office_folder import OfficeFolder
from tests.looking import eventually

QUIET = {"QT_QPA_PLATFORM": "offscreen", "QT_LOGGING_RULES": "default.warning=false"}
"""The environment of a window that says nothing of its size on a screen that is none."""


@contextmanager
def window(data: OfficeFolder, program: Path | None = None) -> Iterator[subprocess.Popen[str]]:
    """Open a window, of the ``program`` in a folder or of this one; it is killed at the end."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "desktop", "--data-dir", str(data.root)],
        env={**os.environ, **QUIET, **path_of(program)},
        text=True,
        stderr=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def path_of(program: Path | None) -> dict[str, str]:
    """Return the environment that has Python import the program in a folder."""
    if program is None:
        return {}
    return {"PYTHONPATH": os.pathsep.join([str(program), str(program / "desktop" / "library")])}


def await_calls(data: OfficeFolder) -> None:
    """Wait until the window can be called by a second one: its loop runs."""
    eventually(lambda: b"{" in data.window_lock.read_bytes() if data.window_lock.exists() else None)
