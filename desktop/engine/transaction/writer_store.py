"""The writer's port to its store, SQLite or PostgreSQL; only the writer thread uses it."""

from __future__ import annotations

from random import Random
from typing import Protocol

from desktop.engine.errors import EngineError
from desktop.engine.functions.registry import Registry
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.memory import Memory


class WriterStore(Protocol):
    """A store as the writer uses it."""

    @property
    def store(self) -> str:
        """The name that tells this store from every other."""

    def group(self, memory: Memory, registry: Registry, random: Random, now: int) -> Group:
        """Return the next group; ``now`` in epoch ms."""

    def load(self, group: Group) -> None:
        """Load the writer's memory from the store, in the transaction of a group."""

    def adopt(self, group: Group) -> None:
        """Take over the attempts that workers run from the store's previous writer."""

    def give_back(self) -> bool:
        """Give a little room back to the disk, in a group; return whether there may be more."""

    def roll_back(self) -> None:
        """Roll a group back, wherever it failed."""

    def is_refusal(self, error: Exception) -> bool:
        """Return whether the store accepts nothing now: the group is retried, callers are told.

        Any other error is a bug of ours: each request and note is written alone, to find the one
        that fails.
        """

    def refusal(self, error: Exception) -> EngineError | None:
        """Translate an error of the store for callers; ``None`` for an error of another kind."""
