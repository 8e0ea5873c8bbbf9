"""Giving room back to the disk: the file shrinks, a few pages a group."""

from __future__ import annotations

from typing import Final

from desktop.engine.store.tables.cursor import Source

SPARE: Final = 1024
"""Free pages (4 MiB) that stay in the file for what comes next."""
STEP: Final = 128
"""Pages moved to the front of the file in one group; its end is cut off with the checkpoint."""


def give_back(source: Source) -> bool:
    """Make the file a little smaller; returns whether there may be more to give back.

    Only a file that was made for it (``auto_vacuum``) can be; in another, free pages are used again
    for what comes next.
    """
    before = _free(source)
    for _ in range(min(STEP, before - SPARE)):  # the driver frees only one page per call
        source.execute("PRAGMA incremental_vacuum(1)")
    return before > SPARE and _free(source) < before


def _free(source: Source) -> int:
    return int(source.execute("PRAGMA freelist_count").fetchone()[0])
