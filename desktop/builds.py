"""Which build of Sendoff this process is, and whether another one lies in its place by now.

A package holds a file that names its build: the version and the time of its commit (s since 1970),
such as ``0.1.0+1764486000``. A checkout has none, and is its version.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Final

from desktop import __version__

BUILD_FILE: Final = Path(__file__).parent / "resources" / "build"
_OF_PARENT: Final = "SENDOFF_BUILD"
_SAME_BUILD: Final = frozenset({"--multiprocessing-fork", "sheet-reader", "bounce-reader"})
"""First arguments of the children that talk with their parent in pickles and frames of its own."""
REPLACED_WORDS: Final = "Sendoff was updated. Restart it to finish the update."


def on_disk() -> str | None:
    """Return the build whose files are there now; ``None`` if that is not known."""
    try:
        return BUILD_FILE.read_text(encoding="ascii").strip() or None
    except (OSError, ValueError):  # it is missing, or half of it is there
        return None


BUILD: Final = on_disk() or __version__
"""The build of this process."""


def is_packed() -> bool:
    """Tell whether this process is of a package, whose files an update may replace."""
    return __version__ != BUILD


def was_replaced() -> bool:
    """Tell whether the files of this process were replaced by those of another build."""
    return (on_disk() or BUILD) != BUILD


def is_newer(build: str, than: str) -> bool:
    """Tell whether a build is newer than another; no build is newer than one that is not known."""
    first, second = ([int(each) for each in re.findall(r"\d+", said)] for said in (build, than))
    return bool(second) and first > second


def fits_parent() -> bool:
    """Tell whether this process may serve the one that started it, and note its build for its own.

    A child that shares its parent's memory of types must be of its build.
    """
    parent = os.environ.get(_OF_PARENT, BUILD)
    os.environ[_OF_PARENT] = BUILD
    return parent == BUILD or not _SAME_BUILD & {*sys.argv[1:2]}
