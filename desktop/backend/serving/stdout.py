"""The backend's stdout: one line goes there, and everything else that is printed goes to stderr."""

from __future__ import annotations

import os
import sys
from typing import Final

_STDOUT: Final = 1
_STDERR: Final = 2


def take_stdout() -> int:
    """Return a descriptor of stdout, and turn descriptor 1 to stderr for the rest of the process.

    So a ``print`` of a task file goes to stderr at once, and so does what a C library writes and
    what a program prints that a task starts. Call it before code of others is imported. Where
    stdout is closed, the descriptor is that of the null device.
    """
    try:
        ours = os.dup(_STDOUT)
    except OSError:
        ours = os.open(os.devnull, os.O_WRONLY)
    os.dup2(_STDERR, _STDOUT)
    sys.stdout = sys.stderr
    return ours
