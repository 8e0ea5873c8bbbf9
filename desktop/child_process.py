"""How the program starts itself again, as a child process."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def program() -> list[str]:
    """Return the beginning of a command line of this program."""
    is_frozen = getattr(sys, "frozen", False)
    return [sys.executable] if is_frozen else [sys.executable, "-P", "-m", "desktop"]


def start(
    *arguments: str,
    stderr: int | IO[bytes],
    stdout: int = subprocess.PIPE,
    env: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start this program, with a pipe as its stdin; Ctrl+C in a terminal does not reach it.

    Raises ``OSError``.
    """
    return subprocess.Popen(  # noqa: S603 - our own program
        [*program(), *arguments],
        stdin=subprocess.PIPE,
        stdout=stdout,
        stderr=stderr,
        env=env,
        start_new_session=os.name == "posix",
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
