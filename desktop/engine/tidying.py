"""What is done while nobody waits: forgetting old tasks, and giving their room back."""

from __future__ import annotations

from typing import Final

from desktop.engine.group import Group
from desktop.engine.pruner import prune
from desktop.engine.space import give_back

PAUSE_MS: Final = 20
"""Between two steps, so that most of the time disk and interpreter are free for others."""
EVERY_MS: Final = 60_000
"""How often there is a look whether there is something to do."""


def tidy(group: Group) -> None:
    """Do a little of it, and note when to go on."""
    memory = group.memory
    if group.now < memory.next_tidy:
        return
    memory.next_tidy = group.now + EVERY_MS
    if prune(group) or give_back(group):
        memory.next_tidy = group.now + PAUSE_MS
