"""How much memory a process holds."""

from __future__ import annotations

import os
from pathlib import Path


def resident(process: int | None = None) -> float:
    """Read the resident size of a process (this one unless one is given) in MiB; Linux."""
    pages = int(Path(f"/proc/{process or 'self'}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
