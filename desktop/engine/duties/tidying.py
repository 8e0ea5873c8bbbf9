"""What is done mostly in quiet moments: forgetting old tasks, and giving their room back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from desktop.engine.batches.undoing import forget_batches
from desktop.engine.duties.pruner import prune
from desktop.engine.transaction.group import Group

PAUSE_MS: Final = 20
"""Between two steps, so most of the time disk and interpreter are free for others."""
EVERY_MS: Final = 60_000
"""How often there is a look whether there is something to do."""
BUSY: Final = 8
"""Under constant load every eighth group still does one step, or the store would grow for ever."""


def tidy(group: Group, give_back: Callable[[], bool], *, alone: bool) -> None:
    """Do one step, and note when the next is due; ``alone``: no caller waits for the group.

    ``give_back`` gives some room back to the disk; it returns whether there may be more to give.
    """
    memory = group.memory
    if group.now < memory.next_tidy:
        return
    memory.put_off = 0 if alone else memory.put_off + 1
    if memory.put_off % BUSY:
        return
    memory.next_tidy = group.now + EVERY_MS
    if prune(group) or forget_batches(group) or give_back():
        memory.next_tidy = group.now + PAUSE_MS
