"""Registers the person's own task files as they change, with a notice for each that fails."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from desktop.tasks.plugins import OwnTasks

if TYPE_CHECKING:
    from desktop.engine.events.notices import Notices
    from desktop.engine.functions.registry import Registry
    from desktop.settings.paths import DataFolder
    from desktop.tasks.plugins import PluginError

log = logging.getLogger(__name__)


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
