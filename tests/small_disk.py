"""A small disk, and what fills it."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

MAY_MOUNT: Final = 1 << 21
"""Linux's right of a process to mount; root in a container may lack it."""
WHY_NOT: Final = "only who may mount on Linux can make a small disk"


def _can_mount() -> bool:
    if not sys.platform.startswith("linux"):
        return False
    rights = re.search(r"CapEff:\s*(\w+)", Path("/proc/self/status").read_text())
    return rights is not None and bool(int(rights[1], 16) & MAY_MOUNT)


CAN_MOUNT: Final = _can_mount()


@contextmanager
def small_disk(place: Path, size: str) -> Iterator[Path]:
    """Mount a disk of this size, such as ``4m``, on a new folder."""
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", place], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


def fill(disk: Path) -> Path:
    """Take all the room that a small disk has; return the file to remove."""
    assert disk.is_mount()  # no other disk is filled
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 20, 4096, 1):
            with suppress(OSError):
                while True:
                    file.write(bytes(size))
    return ballast
