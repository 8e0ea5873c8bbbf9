"""Giving the room of what was forgotten back to the disk, a few pages a group."""

from __future__ import annotations

from typing import Final

from desktop.engine.transaction.group import Group

SPARE: Final = 1024
"""Free pages (4 MiB) that stay in the file for what comes next."""
STEP: Final = 128
"""Pages moved to the front of the file in one group; its end is cut off with the checkpoint."""


def give_back(group: Group) -> bool:
    """Make the file a little smaller; returns whether there may be more to give back.

    Only a file that was made for it (``auto_vacuum``) can be; in another, free pages are used again
    for what comes next.
    """
    before = _free(group)
    for _ in range(min(STEP, before - SPARE)):
        group.cursor.execute("PRAGMA incremental_vacuum(1)")  # of more, the driver does but one
    return before > SPARE and _free(group) < before


def _free(group: Group) -> int:
    return int(group.cursor.execute("PRAGMA freelist_count").fetchone()[0])
