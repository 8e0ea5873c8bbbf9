"""What a task's result leads to: a page, a file, or the folder of a program; nothing else."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

LENGTH_LIMIT: Final = 2000
"""Characters of the longest text that is taken for an address or a path."""
_PROGRAMS: Final = re.compile(
    r"\.(app|bat|cmd|com|command|cpl|desktop|exe|hta|jar|js|jse|lnk|msc|msi|pif|ps1|py|pyw|reg|scf"
    r"|scr|sh|url|vbe|vbs|wsf|wsh)",
    re.IGNORECASE,
)
"""Endings of files that a system would run."""


class Opens(Enum):
    """What opening it shows."""

    PAGE = auto()
    FILE = auto()
    FOLDER = auto()
    """The folder of a file that would run if it were opened."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a result leads: an address, or a path of this computer."""

    opens: Opens
    where: str


def target_of(result: Any) -> Target | None:
    """Say where a result leads, if it is an address or a file that is there; reads the disk."""
    if not isinstance(result, str) or not result or len(result) > LENGTH_LIMIT:
        return None
    if not result.isprintable():
        return None
    return _page(result) or _file(result)


def _page(text: str) -> Target | None:
    try:
        parts = urlsplit(text)
        is_page = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return None
    return Target(Opens.PAGE, text) if is_page and " " not in text else None


def _file(text: str) -> Target | None:
    """Find a file by its whole path; one of another computer is not asked for."""
    if text.startswith(("//", "\\\\")):
        return None
    path = Path(text)
    try:
        if not path.is_absolute() or not (path.is_file() or path.is_dir()):
            return None
        runs = _PROGRAMS.fullmatch(path.suffix) is not None or (
            path.is_file() and os.name == "posix" and os.access(path, os.X_OK)
        )
    except OSError:
        return None
    return Target(Opens.FOLDER, str(path.parent)) if runs else Target(Opens.FILE, str(path))
