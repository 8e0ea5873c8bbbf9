"""What the backend does beside requests, in threads of its own.

They follow task files and settings, check the rows of drafts, and delete old files.
"""

from __future__ import annotations

import logging
import threading
import time
from abc import ABC, abstractmethod
from collections import deque
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

from desktop.backend.batches import forget_deleted
from desktop.backend.forgetting import missing_of
from desktop.backend.http.log_files import forget_in_logs
from desktop.engine.clock import DAY_S
from desktop.engine.errors import Conflict, EngineError, UnknownId
from desktop.engine.functions.plugins import OwnTasks
from desktop.engine.log_rate_limit import LogRateLimit
from desktop.engine.store.reads.waits import begins_paused
from desktop.items.forgetting import read_uploads
from desktop.items.reads.messages import read_editions, read_references
from desktop.settings.safe_files import sweep_uploads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Self

    from desktop.backend.services import Services
    from desktop.engine.events.notices import Notices
    from desktop.engine.functions.plugins import PluginError
    from desktop.engine.functions.registry import Registry
    from desktop.settings.paths import DataFolder

log = logging.getLogger(__name__)
log.addFilter(LogRateLimit())

END_WITHIN: Final = 5.0
"""Seconds that a stop waits for a thread; an interrupted check or sweep is done another time."""


class BackgroundThread(ABC):
    """Calls ``_run`` in a thread named ``name`` while the block runs.

    At the end of the block the thread is asked to end and gets ``END_WITHIN`` seconds: what it does
    may never return. It is a daemon thread, so the process never waits longer.
    """

    def __init__(self, name: str) -> None:
        self._over = threading.Event()
        self.thread = threading.Thread(target=self._run, name=name, daemon=True)

    def __enter__(self) -> Self:
        """Start the thread."""
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Ask the thread to end, and wait for it."""
        self._ask_to_end()
        self.thread.join(END_WITHIN)

    @abstractmethod
    def _run(self) -> None:
        """Work until ``_over`` is set."""

    def _ask_to_end(self) -> None:
        self._over.set()


def _go_on(failed: str, do: Callable[[], object], level: int = logging.ERROR) -> object:
    """Call ``do`` in a thread that goes on if it fails: that is logged, a fault with its trace."""
    try:
        return do()
    except BaseException as error:
        is_passing = isinstance(error, (EngineError, OSError))
        log.log(level, "%s: %s", failed, error, exc_info=None if is_passing else error)
    return None


LOOK_EVERY: Final = 2.0
"""Seconds. A ``stat`` costs microseconds and works on every system and on every file system."""
LOOK_AGAIN: Final = 1.0
"""Seconds until the next look while the settings are being written."""


@contextmanager
def following(services: Services, files: TaskFiles) -> Iterator[Services]:
    """Apply changes of settings and task files to the running engine while the block runs."""
    effects = services.effects
    services.settings.on_change = effects.apply
    effects.apply()
    with Watch(files.follow, effects.look):
        yield services


class Watch(BackgroundThread):
    """Looks at the task files and the settings, in a thread: calls ``follow`` and ``look``.

    ``look`` returns whether the settings are still being written. A call that fails is logged, and
    the watch continues.
    """

    def __init__(self, follow: Callable[[], object], look: Callable[[], bool]) -> None:
        super().__init__("watch")
        self._follow = follow
        self._look = look

    def look(self) -> bool:
        """Look once; true while the settings are being written."""
        _go_on("The change of the task files could not be followed", self._follow)
        return _go_on("The change of the settings could not be followed", self._look) is True

    def _run(self) -> None:
        is_changing = self.look()  # files may have changed while the engine started
        while not self._over.wait(LOOK_AGAIN if is_changing else LOOK_EVERY):
            is_changing = self.look()


class TaskFiles:
    """Registers own tasks, and shows a notice for each file or package that cannot be used."""

    def __init__(self, folder: DataFolder, registry: Registry, notices: Notices) -> None:
        self._own = OwnTasks(folder.tasks, registry)
        self._notices = notices

    def load(self) -> None:
        """Register all own tasks; call it before the engine starts, so none is held."""
        self.follow()
        for error in self._own.load_packages():
            self._tell(error)

    def follow(self) -> None:
        """Register the files that changed in the folder."""
        for file, error in self._own.look().items():
            if error is None:
                self._notices.take_back(_notice_id(file))
            else:
                self._tell(error)

    def _tell(self, error: PluginError) -> None:
        log.warning("%s\n%s", error.sentence, error.trace)
        self._notices.tell(
            {
                "id": _notice_id(error.file),
                "level": "error",
                "text": error.sentence,
                "action": "tasks_folder",
                "active": True,
            }
        )


def _notice_id(file: str) -> str:
    return f"own tasks {file}"


FIRST_S: Final = 60.0
"""The first sweep waits until the start no longer needs the disk."""
EVERY_S: Final = 24 * 3600.0
UPLOAD_HOLDS_S: Final = 7 * 24 * 3600.0
"""Seconds in which an item can name an upload: as long as the key of its call is remembered."""


class Sweeper(BackgroundThread):
    """Sweeps in a thread: uploads once, the outbox and the sent messages daily."""

    def __init__(self, services: Services, folder: DataFolder) -> None:
        super().__init__("sweeper")
        self._services = services
        self._engine = services.engine
        self._letters = services.letters
        self._settings = services.settings
        self._upload_folders = (folder.templates, folder.batches, folder.uploads)
        self._made_at = time.time()

    def sweep_uploads(self) -> None:
        """Delete the unfinished uploads of a backend that was killed."""
        for folder in self._upload_folders:
            sweep_uploads(folder, self._made_at)

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
        _go_on("Half uploads are deleted at another start", self.sweep_uploads, logging.WARNING)
        pause = FIRST_S
        while not self._over.wait(pause):
            pause = EVERY_S
            _go_on("Old messages are deleted another day", self.sweep, logging.WARNING)


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
        if self._services.io is not None:
            self._services.io.warm_up()  # while it imports Qt, no other import may run
        from desktop.backend.rows import check_some

        try:
            return check_some(self._services, batch_id, beyond)
        except (UnknownId, Conflict):
            return None  # it was deleted or started meanwhile

    def _run(self) -> None:
        while not self._over.is_set():
            self._unchecked.clear()
            _go_on("Rows of drafts are checked later", self.look, logging.INFO)
            self._unchecked.wait(DRAFTS_EVERY)

    def _ask_to_end(self) -> None:
        super()._ask_to_end()
        self._unchecked.set()
