"""Detects changes of the settings and the task files in the data folder."""

from __future__ import annotations

import logging
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from desktop.backend.following.background_thread import BackgroundThread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
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
    watch = Watch({folder.tasks: files.follow}, effects.look)
    files.follow()  # files may have changed while the engine started
    with watch:
        yield services


class Watch(BackgroundThread):
    """Calls back, in a thread, when a file or a folder has changed.

    Of a folder, only its own rights and the files directly in it count. A change is reported once
    two looks in a row find the same state, so a file that is half written is not read. ``also`` is
    called at each look, and returns whether what it looks at is still changing. A failing callback
    is logged, and the watch continues.
    """

    def __init__(
        self, tell: Mapping[Path, Callable[[], object]], also: Callable[[], bool] = lambda: False
    ) -> None:
        super().__init__("watch")
        self._tell = tell
        self._also = also
        self._told = {path: _stamp(path) for path in tell}
        self._seen = dict(self._told)

    def look(self) -> bool:
        """Look once at each path and report finished changes; true while one is unfinished."""
        is_changing = self._followed("the settings", self._also)
        for path, tell in self._tell.items():
            before, now = self._seen[path], _stamp(path)
            self._seen[path] = now
            if now == before and now != self._told[path]:
                self._told[path] = now
                self._followed(path, tell)
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


def _stamp(path: Path) -> _Stamp:
    """Return a value that differs after each change of a file, or of a folder and its files."""
    stamp: set[tuple[str | int, ...]] = {
        (name, found.st_mtime_ns, found.st_size, found.st_ino, *_rights(found))
        for name, found in _files(path)
    }
    with suppress(OSError):
        stamp.add(_rights(path.stat()))
    return frozenset(stamp)


def _rights(found: stat_result) -> tuple[int, int, int]:
    return found.st_mode, found.st_uid, found.st_gid


def _files(path: Path) -> Iterator[tuple[str, stat_result]]:
    try:
        if not path.is_dir():
            yield path.name, path.stat()
            return
        files = list(path.iterdir())
    except OSError:
        return
    for file in files:
        try:
            found = file.stat()
        except OSError:  # it was deleted meanwhile, or is a broken link
            continue
        if stat.S_ISREG(found.st_mode):
            yield file.name, found
