"""Joins what the frame does for all rooms: backend, queues, database, help and folders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.gui.frame.help.help_sheets import FoldersAndLauncher, HelpSheets
from desktop.gui.frame.notices.backend_notices import BackendNotices
from desktop.gui.frame.queues import Pausing, TryingNow
from desktop.gui.frame.repair import Repair
from desktop.gui.frame.retention import RetentionSettings

if TYPE_CHECKING:
    from desktop.client.api import ApiSource
    from desktop.client.drafts import DraftBox
    from desktop.gui.frame.exports import Exports
    from desktop.gui.frame.grace_period import GracePeriod
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.notifications import Notifier
    from desktop.gui.link.connection import BackendLink, Live
    from desktop.gui.link.jobs import Jobs
    from desktop.settings.paths import DataFolder


@dataclass(frozen=True, slots=True)
class RoomServices:
    """The backend (``source``, ``link``, ``live``), threads, and what the frame does for all.

    ``box_jobs`` runs on one thread, so that what is typed is written to its ``box`` in order.
    """

    source: ApiSource
    jobs: Jobs
    box: DraftBox
    box_jobs: Jobs
    live: Live
    link: BackendLink
    grace: GracePeriod
    exports: Exports
    notifier: Notifier


class FrameRoom(QObject):
    """Connects the parts of the window that belong to no feature."""

    def __init__(self, window: MainWindow, services: RoomServices, data: DataFolder) -> None:
        super().__init__(window)
        source, jobs, live, link = services.source, services.jobs, services.live, services.link
        notices = BackendNotices(window, live)
        notices.watch(link)
        self.repair = Repair(window, data.db, jobs, self)
        self.pausing = Pausing(window, source, jobs, self)
        self.tries = TryingNow(window, source, jobs, live)
        self.folders = FoldersAndLauncher(window, data, jobs)
        self.retention = RetentionSettings(window, source, jobs, self)
        self.help = HelpSheets(window, live, data, window.themes)
        notices.database_damaged.connect(self.repair.offer)
        self.pausing.try_wanted.connect(self.tries.try_queue)
        live.notices_changed.connect(self.pausing.follow)
        link.ready.connect(self.pausing.carry_out)
        for answers in (link.ready, live.heard):
            answers.connect(source.go_on)
        source.on_back = window.sheets.forget_absence
