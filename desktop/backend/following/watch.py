"""Detects changes of the settings and the task files in the data folder."""

from __future__ import annotations

import logging
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from desktop.backend.following.background_thread import BackgroundThread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from os import stat_result
    from pathlib import Path

    from desktop.backend.following.task_files import TaskFiles
    from desktop.backend.shared.services import Services
    from desktop.settings.paths import DataFolder

log = logging.getLogger(__name__)

LOOK_EVERY: Final = 2.0
"""Seconds. A ``stat`` costs microseconds and works on every system and on every file system."""
LOOK_AGAIN: Final = 1.0
"""Seconds between two looks after a change was seen."""

_Stamp = frozenset[tuple[str | int, ...]]


@contextmanager
def following(services: Services, folder: DataFolder, files: TaskFiles) -> Iterator[Services]:
    """Apply changes of settings and task files to the running engine while the block runs."""
    effects = services.effects
    services.settings.on_change = effects.apply
    effects.apply()
    watch = Watch(folder.tasks, files.follow, effects.look)
    files.follow()  # files may have changed while the engine started
    with watch:
        yield services


class Watch(BackgroundThread):
    """Calls ``tell``, in a thread, when a folder has changed.

    Its own rights and the files directly in it count. A change is reported once two looks in a row
    find the same state, so a file that is half written is not read. ``also`` is called at each
    look, and returns whether what it looks at is still changing. A failing callback is logged, and
    the watch continues.
    """

    def __init__(
        self, folder: Path, tell: Callable[[], object], also: Callable[[], bool] = lambda: False
    ) -> None:
        super().__init__("watch")
        self._folder = folder
        self._tell = tell
        self._also = also
        self._told = self._seen = _stamp(folder)

    def look(self) -> bool:
        """Look once, and report a finished change; true while something is unfinished."""
        is_changing = self._followed("the settings", self._also)
        before, self._seen = self._seen, _stamp(self._folder)
        if self._seen == before != self._told:
            self._told = self._seen
            self._followed(self._folder, self._tell)
        return is_changing or self._seen != self._told

    def _followed(self, what: Path | str, tell: Callable[[], object]) -> bool:
        try:
            return tell() is True
        except BaseException:  # the other files are still followed
            log.exception("The change of %s could not be followed", what)
            return False

    def _run(self) -> None:
        is_changing = False
        while not self._over.wait(LOOK_AGAIN if is_changing else LOOK_EVERY):
            is_changing = self.look()


def _stamp(folder: Path) -> _Stamp:
    """Return a value that differs after each change of a folder and its files."""
    stamp: set[tuple[str | int, ...]] = set()
    with suppress(OSError):
        stamp.add(_rights(folder.stat()))
        for file in folder.iterdir():
            with suppress(OSError):  # it was deleted meanwhile, or is a broken link
                found = file.stat()
                if stat.S_ISREG(found.st_mode):
                    written = found.st_mtime_ns, found.st_size, found.st_ino
                    stamp.add((file.name, *written, *_rights(found)))
    return frozenset(stamp)


def _rights(found: stat_result) -> tuple[int, int, int]:
    return found.st_mode, found.st_uid, found.st_gid
