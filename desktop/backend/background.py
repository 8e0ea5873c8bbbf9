"""What the backend does beside requests: it checks the rows of drafts, and deletes old files."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

from desktop.backend.batches import forget_deleted
from desktop.backend.forgetting import missing_of, sweep_left_over
from desktop.items.person import read_uploads
from desktop.items.reads.messages import read_editions, read_references
from sendoff_tasks.clock import DAY_S
from sendoff_tasks.errors import Conflict, UnknownId
from sendoff_tasks.http.background import BackgroundThread, TaskFiles, Watch, go_on
from sendoff_tasks.http.log_files import forget_in_logs
from sendoff_tasks.store.reads.waits import begins_paused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop.backend.services import Services


@contextmanager
def following(services: Services, files: TaskFiles) -> Iterator[Services]:
    """Apply changes of settings and task files to the running engine while the block runs."""
    effects = services.effects
    services.settings.on_change = effects.apply
    effects.apply()
    with Watch(files.follow, effects.look):
        yield services


FIRST_S: Final = 60.0
"""The first sweep waits until the start no longer needs the disk."""
EVERY_S: Final = 24 * 3600.0
UPLOAD_HOLDS_S: Final = 7 * 24 * 3600.0
"""Seconds in which an item can name an upload: as long as the key of its call is remembered."""


class Sweeper(BackgroundThread):
    """Sweeps in a thread: unfinished files once, the outbox and the sent messages daily."""

    def __init__(self, services: Services) -> None:
        super().__init__("sweeper")
        self._services = services
        self._engine = services.engine
        self._letters = services.letters
        self._settings = services.settings

    def sweep(self) -> None:
        """Delete files of deleted batches, what logs say of deleted tasks, and old messages.

        Old messages stay while the clock may be wrong.

        A store that may be older than its files waits for a person first: the newer one may come
        back.
        """
        if self._engine.read(begins_paused):
            return
        now = time.time()
        self._engine.settled()  # the writer has seen whether the clock jumped before that
        if not self._engine.is_clock_doubted:
            self._sweep_old(now)
        forget_deleted(self._services)
        forget_in_logs(partial(missing_of, self._services))

    def _sweep_old(self, now: float) -> None:
        """Delete old messages, unless their task is open or uncertain, and what no item needs.

        That are editions of templates, and uploads.
        """
        before = now - self._settings.keep.messages_days * DAY_S
        wanted = self._engine.read(read_references, round(before * 1000))
        self._letters.templates.forget_editions(self._engine.read(read_editions))
        named = partial(self._engine.read, read_uploads)
        self._letters.batch_files.forget_uploads(now - UPLOAD_HOLDS_S, named)
        for folder in (self._letters.outbox, self._letters.sent):
            folder.sweep(before, wanted, self._over.is_set)

    def _run(self) -> None:
        go_on(
            "Unfinished files could not be deleted (will retry at the next start)",
            partial(sweep_left_over, self._services),
            logging.WARNING,
        )
        pause = FIRST_S
        while not self._over.wait(pause):
            pause = EVERY_S
            go_on("Old messages could not be deleted (will retry)", self.sweep, logging.WARNING)


DRAFTS_EVERY: Final = 10.0
"""Seconds between two looks without a signal: one that failed is repeated."""


class DraftChecks(BackgroundThread):
    """Checks unchecked rows in a thread whenever ``unchecked`` is set."""

    def __init__(self, services: Services, unchecked: threading.Event) -> None:
        super().__init__("draft checks")
        self._services = services
        self._unchecked = unchecked
        self._default: str | None = None
        self._is_first = True

    def look(self) -> None:
        """Check all unchecked rows, some of each draft in turn: no small one waits for a large."""
        self._follow_settings()
        # Rows that become unchecked again before these places wait for the next look.
        left = deque((batch_id, 0) for batch_id in self._services.batches.unchecked_drafts())
        while left and not self._over.is_set():
            batch_id, beyond = left.popleft()
            if (place := self._check(batch_id, beyond)) is not None:
                left.append((batch_id, place))

    def _follow_settings(self) -> None:
        """Have all drafts checked again when the default recipient has changed."""
        default = self._services.settings.default_recipient()
        if default != self._default and not self._is_first:
            from desktop.backend.batches import check_drafts_again

            check_drafts_again(self._services)  # if this fails, the next look repeats it
        self._default, self._is_first = default, False

    def _check(self, batch_id: int, beyond: int) -> int | None:
        """Check some rows as :func:`check_some` does; ``None`` also if it is no draft any more."""
        self._services.io.warm_up()  # while it imports Qt, no other import may run
        from desktop.backend.rows import check_some

        try:
            return check_some(self._services, batch_id, beyond)
        except (UnknownId, Conflict):
            return None  # it was deleted or started meanwhile

    def _run(self) -> None:
        while not self._over.is_set():
            self._unchecked.clear()
            go_on("Rows of drafts could not be checked (will retry)", self.look, logging.INFO)
            self._unchecked.wait(DRAFTS_EVERY)

    def _ask_to_end(self) -> None:
        super()._ask_to_end()
        self._unchecked.set()
