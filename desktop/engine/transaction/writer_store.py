"""The writer's port to its store: SQLite or PostgreSQL; used in the writer's thread only."""

from __future__ import annotations

from enum import Enum, auto
from random import Random
from typing import Protocol

from desktop.engine.errors import EngineError
from desktop.engine.functions.registry import Registry
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.memory import Memory


class Fate(Enum):
    """What becomes of a group that was not written."""

    REFUSED = auto()
    """The store takes nothing now: it is tried again, and callers are told so."""
    MISTAKE = auto()
    """Ours: each of its requests and notes is written alone, to find the one that fails."""


class WriterStore(Protocol):
    """One kind of store, as the writer uses it."""

    @property
    def store(self) -> str:
        """The name that tells this store from every other."""

    def group(self, memory: Memory, registry: Registry, random: Random, now: int) -> Group:
        """Make the next group; ``now`` in epoch ms."""

    def load(self, group: Group) -> None:
        """Read all that the writer remembers of the store, in the transaction of a group."""

    def adopt(self, group: Group) -> None:
        """Go on with the attempts that workers run, as the store's writer before did."""

    def give_back(self) -> bool:
        """Give a little room back to the disk, in a group; returns whether there may be more."""

    def roll_back(self) -> None:
        """Undo a group, wherever it has failed."""

    def fate(self, error: Exception) -> Fate:
        """Tell what becomes of a group that has failed so."""

    def refusal(self, error: Exception) -> EngineError | None:
        """Translate an error of the store's for its callers; ``None`` for one of another kind."""
