"""Sweeping the folders of mails: what is older than its task is kept goes, as its task has."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Final

from desktop.backend.serving.leaving import Beside
from desktop.engine.duties.pruner import KEPT
from desktop.engine.errors import EngineError

if TYPE_CHECKING:
    from desktop.backend.parts.letters import Letters
    from desktop.engine.engine import Engine

log = logging.getLogger(__name__)

AGE_S: Final = min(KEPT) / 1000
"""No mail is swept that is younger; one that is older only when its task is there no more."""
FIRST_S: Final = 60.0
"""How long after the start, which is to have the disk for itself."""
EVERY_S: Final = 24 * 3600.0
END_WITHIN_S: Final = 2.0
"""What is not swept by then is left for another day."""


class Sweeper(Beside):
    """Sweeps the outbox and the sent mails daily, in a thread of its own."""

    def __init__(self, engine: Engine, letters: Letters) -> None:
        super().__init__("sweeper", END_WITHIN_S)
        self._engine = engine
        self._letters = letters

    def sweep(self) -> None:
        """Remove the old mails whose tasks were forgotten; those of test mails have none."""
        before = time.time() - AGE_S
        wanted = self._engine.references(before)
        for folder in (self._letters.outbox, self._letters.sent):
            folder.sweep(before, wanted, self._over.is_set)

    def _run(self) -> None:
        pause = FIRST_S
        while not self._over.wait(pause):
            pause = EVERY_S
            try:
                self.sweep()
            except (EngineError, OSError) as error:
                log.warning("Old mails are swept another day: %s", error)
