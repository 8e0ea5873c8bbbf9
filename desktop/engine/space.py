"""Giving the room of what was forgotten back to the disk, a few pages a group."""

from __future__ import annotations

from typing import Final

from desktop.engine.group import Group

SPARE: Final = 1024
"""Free pages (4 MiB) that stay in the file for what comes next."""
STEP: Final = 128
"""Pages moved to the front of the file in one group; its end is cut off with the checkpoint."""


def give_back(group: Group) -> bool:
    """Make the file a little smaller; returns whether there may be more to give back.

    A file of before version 0002 has no room to find its pages' places: its free pages are used
    again, and go when a backup of it is restored.
    """
    (free,) = group.cursor.execute("PRAGMA freelist_count").fetchone()
    if free <= SPARE:
        return False
    group.cursor.execute(f"PRAGMA incremental_vacuum({min(STEP, free - SPARE)})").fetchall()
    return bool(group.cursor.execute("PRAGMA freelist_count").fetchone()[0] < free)
