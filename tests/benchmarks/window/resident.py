"""How much memory a process holds."""

from __future__ import annotations

import os
from pathlib import Path


def resident(process: int | None = None) -> float:
    """Read the resident size of a process (this one unless one is given) in MiB; Linux."""
    pages = int(Path(f"/proc/{process or 'self'}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def most_resident(process: int | None = None) -> float:
    """Read the largest resident size of a process since it ``forget_most``, in MiB; Linux."""
    lines = Path(f"/proc/{process or 'self'}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 2**10


def forget_most() -> None:
    """Let ``most_resident`` begin at the size of now."""
    Path("/proc/self/clear_refs").write_text("5")
