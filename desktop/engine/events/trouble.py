"""What people and callers are told while the disk takes nothing, or the engine stands still."""

from __future__ import annotations

import logging
import sqlite3
from typing import Final

from desktop.contract.events import Notice
from desktop.engine.errors import EngineError
from desktop.engine.events.journal import Journal
from desktop.engine.store.file.errors import is_damage, not_writable
from desktop.engine.text import sentence

RETRY_S: Final = 1.0
"""How soon the disk is tried again after it refused, s."""

log = logging.getLogger(__name__)


class Trouble:
    """A notice as long as the disk refuses what is written."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._told: Notice | None = None

    @property
    def lasts(self) -> bool:
        """Whether nothing was written since the disk refused."""
        return self._told is not None

    def begin(self, error: sqlite3.Error) -> EngineError:
        """Return what the callers are told; people are told once."""
        refusal = self._journal.reader.note(error) if is_damage(error) else not_writable(error)
        told = Notice(id="store", level="error", text=str(refusal), action=None, active=True)
        if told != self._told:
            log.warning("The store cannot be written: %s", refusal)
            self._told = told
            self._journal.tell(told)
        return refusal

    def end(self) -> None:
        """Take the notice back; what was found damaged meanwhile stays said."""
        if self._told is not None and self._journal.reader.damage is None:
            self._journal.tell({**self._told, "active": False})
        self._told = None


class Standstill:
    """A notice as long as a mistake keeps the engine from starting tasks and keeping times."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._told: Notice | None = None

    def begin(self, error: Exception) -> None:
        """Tell people, once for each mistake."""
        why = sentence(error).rstrip(".")
        text = f"No task starts now ({why}); if this stays, start the program anew."
        told = Notice(id="engine", level="error", text=text, action=None, active=True)
        if told != self._told:
            self._told = told
            self._journal.tell(told)

    def end(self) -> None:
        """Take the notice back."""
        if self._told is not None:
            self._journal.tell({**self._told, "active": False})
            self._told = None
