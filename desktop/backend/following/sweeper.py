"""Deletes unfinished uploads at the start, and once a day messages and files of deleted tasks."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Final

from desktop.backend.following.background_thread import BackgroundThread
from desktop.engine.duties.pruner import KEPT
from desktop.engine.errors import EngineError, UnknownId
from desktop.engine.store.reads.messages import read_references
from desktop.settings.atomic import sweep_uploads

if TYPE_CHECKING:
    from desktop.backend.shared.mail.letters import Letters
    from desktop.engine.facade.engine import Engine
    from desktop.settings.paths import DataFolder

log = logging.getLogger(__name__)

AGE_S: Final = min(KEPT) / 1000
"""Younger messages stay; older ones are deleted once their task no longer exists."""
FIRST_S: Final = 60.0
"""The first sweep waits until the start no longer needs the disk."""
EVERY_S: Final = 24 * 3600.0


class Sweeper(BackgroundThread):
    """Sweeps in a thread: uploads once, the outbox and the sent messages daily."""

    def __init__(self, engine: Engine, letters: Letters, folder: DataFolder) -> None:
        super().__init__("sweeper")
        self._engine = engine
        self._letters = letters
        self._upload_folders = (folder.templates, folder.batches, folder.uploads)
        self._made_at = time.time()

    def sweep_uploads(self) -> None:
        """Delete the unfinished uploads of a backend that was killed."""
        for folder in self._upload_folders:
            sweep_uploads(folder, self._made_at)

    def sweep(self) -> None:
        """Delete files of deleted batches and, unless the clock may be wrong, what is old."""
        if not self._engine.is_clock_doubted:
            self._sweep_old()
        self._sweep_batches()

    def _sweep_old(self) -> None:
        """Delete old messages without a task, as test messages are, and files of unsaved edits."""
        from desktop.mail.templates.folder import KEPT_S  # it imports Jinja

        before = time.time() - AGE_S
        wanted = self._engine.read(read_references, round(before * 1000))
        for folder in (self._letters.outbox, self._letters.sent):
            folder.sweep(before, wanted, self._over.is_set)
        self._letters.templates.staged.sweep(time.time() - KEPT_S)

    def _sweep_batches(self) -> None:
        sheets = (int(name) for name in self._letters.sheets.folders() if name.isdecimal())
        for number in {*self._letters.batch_files.batches(), *sheets}:
            try:
                self._engine.batches.get(number)
            except UnknownId:
                self._letters.forget_batch(number)

    def _run(self) -> None:
        try:
            self.sweep_uploads()
        except OSError as error:
            log.warning("Half uploads are deleted at another start: %s", error)
        pause = FIRST_S
        while not self._over.wait(pause):
            pause = EVERY_S
            try:
                self.sweep()
            except (EngineError, OSError) as error:
                log.warning("Old messages are deleted another day: %s", error)
