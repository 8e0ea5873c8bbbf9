"""What is done beside requests, in threads of its own: task files and settings are followed."""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Final

from sendoff_tasks.errors import EngineError
from sendoff_tasks.functions.plugins import OwnTasks
from sendoff_tasks.log_rate_limit import LogRateLimit
from sendoff_tasks.model.events import NoticeId

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

    from sendoff_tasks.events.notices import Notices
    from sendoff_tasks.folder.paths import DataFolder
    from sendoff_tasks.functions.plugins import PluginError
    from sendoff_tasks.functions.registry import Registry

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


def go_on(failed: str, do: Callable[[], object], level: int = logging.ERROR) -> object:
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
        go_on("The change of the task files could not be followed", self._follow)
        return go_on("The change of the settings could not be followed", self._look) is True

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
        self._notices.show(_notice_id(error.file), error.sentence, "tasks_folder")


def _notice_id(file: str) -> str:
    return f"{NoticeId.OWN_TASKS}{file}"
