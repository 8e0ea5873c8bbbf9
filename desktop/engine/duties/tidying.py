"""What is done mostly in quiet moments: forgetting old tasks, and giving their room back."""

from __future__ import annotations

from typing import Final

from desktop.engine.batches.undoing import forget_batches
from desktop.engine.duties.pruner import prune
from desktop.engine.transaction.group import Group

PAUSE_MS: Final = 20
"""Between two steps, so that most of the time disk and interpreter are free for others."""
EVERY_MS: Final = 60_000
"""How often there is a look whether there is something to do."""
BUSY: Final = 8
"""Under constant load every eighth group still does one step, or the store would grow for ever."""


SPARE: Final = 1024
"""Free pages (4 MiB) that stay in the file for what comes next."""
STEP: Final = 128
"""Pages moved to the front of the file in one group; its end is cut off with the checkpoint."""


def tidy(group: Group, *, alone: bool) -> None:
    """Do one step, and note when the next is due; ``alone``: no caller waits for the group."""
    memory = group.memory
    if group.now < memory.next_tidy:
        return
    memory.put_off = 0 if alone else memory.put_off + 1
    if memory.put_off % BUSY:
        return
    memory.next_tidy = group.now + EVERY_MS
    if prune(group) or forget_batches(group) or give_back(group):
        memory.next_tidy = group.now + PAUSE_MS


def give_back(group: Group) -> bool:
    """Make the file a little smaller; returns whether there may be more to give back.

    Only a file that was made for it (``auto_vacuum``) can be; in another, free pages are used again
    for what comes next.
    """
    before = _free(group)
    for _ in range(min(STEP, before - SPARE)):
        group.cursor.execute(
            "PRAGMA incremental_vacuum(1)"
        )  # the driver frees only one page per call
    return before > SPARE and _free(group) < before


def _free(group: Group) -> int:
    return int(group.cursor.execute("PRAGMA freelist_count").fetchone()[0])
