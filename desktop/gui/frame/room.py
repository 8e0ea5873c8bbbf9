"""What the frame does for all rooms: backend, undo of new tasks, queues, database, help."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from desktop.builds import BUILD, on_disk
from desktop.gui.frame.about import AboutSendoff, TasksFolder
from desktop.gui.frame.cases import CaseFact
from desktop.gui.frame.help import Help
from desktop.gui.frame.open_page import OpenPage
from desktop.gui.frame.queues import Pausing, QueueTries
from desktop.gui.frame.repair import Repair
from desktop.gui.frame.retention import RetentionSettings
from desktop.gui.kit.widgets.texts import forget_absence
from desktop.gui.kit.words.notices import paused_words
from desktop.gui.kit.words.table import say
from desktop.settings.preferences import WindowSettings
from sendoff_tasks.client.health import GaveUp, Ready
from sendoff_tasks.model.events import NoticeId

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desktop.gui.frame.exports import Exports
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.notes import WindowNote
    from desktop.gui.frame.notifications import Notifier
    from desktop.gui.link.connection import BackendLink, Live
    from desktop.gui.link.drafts import DraftBox
    from desktop.gui.link.jobs import ApiSource, Jobs
    from desktop.gui.link.outbox import Outbox
    from desktop.settings.office_folder import OfficeFolder
    from sendoff_tasks.client.health import BackendState
    from sendoff_tasks.model.events import Notice


OTHER_BUILD: Final = "other_build"


class BackendNews(QObject):
    """Lets the parts of the window know how the backend is, beside the sentence.

    ``database_damaged`` says that no backend can start before a repair.
    """

    database_damaged = Signal()

    def __init__(self, window: MainWindow, live: Live, link: BackendLink) -> None:
        super().__init__(window)
        self._window = window
        live.stats_changed.connect(window.show_stats)
        live.notices_changed.connect(self._on_notices)
        live.notice_came.connect(self._on_notice)
        notes = window.notes
        link.state_changed.connect(self._on_state)
        link.ready.connect(lambda: notes.hold(is_away=False))
        link.was_lost.connect(lambda goes_on: notes.hold(is_away=True, goes_on=goes_on))

    def _on_state(self, state: BackendState) -> None:
        cases = self._window.cases
        match state:
            case Ready(backend=backend, own=own):
                self._window.closing.ends_backend = own
                cases.take_back_all(OTHER_BUILD)
                if not own and backend.build not in {"", BUILD, on_disk()}:
                    cases.tell(CaseFact(OTHER_BUILD, about=backend.build.partition("+")[0]))
            case GaveUp(damaged=True):
                self.database_damaged.emit()

    def _on_notices(self, notices: Mapping[str, Notice]) -> None:
        pauses = [name for name in notices if name.startswith(NoticeId.PAUSED)]
        self._window.show_paused(paused_words(pauses))

    def _on_notice(self, notice: Notice) -> None:
        """Say once what happened once."""
        if notice["id"] == NoticeId.PAGE and notice["active"]:
            self._window.notes.warn(notice["text"])


@dataclass
class UndoTime:
    """For how many ``seconds`` what the person does can be undone, as the settings say."""

    seconds: float = WindowSettings().grace_seconds  # the default until settings are read


class WaitingChanges(QObject):
    """Says how much waits for the backend."""

    def __init__(self, window: MainWindow, outbox: Outbox) -> None:
        super().__init__(window)
        self._window, self._outbox = window, outbox
        self._notes = window.notes
        self._waiting = {"kept": 0, "waits": 0}
        self._waits: WindowNote | None = None
        outbox.changed.connect(self._on_changed)

    def _on_changed(self) -> None:
        saved = self._outbox.saved
        self._window.closing.set_waiting(saved, self._outbox.unanswered)
        before = sum(self._waiting.values())
        self._waiting = {"kept": saved, "waits": self._outbox.untold}
        count = sum(self._waiting.values())
        if count == 0:
            self._notes.close(self._waits)
        elif self._waits in self._notes.shown:
            self._waits.say(self._words())
        elif count > before:
            self._notes.close(self._waits)
            self._waits = self._notes.stay(self._words(), icon="clock")

    def _words(self) -> str:
        return "\n".join(say("outbox", name, n=n) for name, n in self._waiting.items() if n)


@dataclass(frozen=True, slots=True)
class RoomServices:
    """The backend (``source``, ``link``, ``live``), threads, and what the frame does for all.

    ``source`` is for what is read, ``outbox`` for what is to change. ``box_jobs`` runs on one
    thread, so that what is typed is written to its ``box`` in order.
    """

    source: ApiSource
    outbox: Outbox
    box: DraftBox
    box_jobs: Jobs
    live: Live
    link: BackendLink
    grace: UndoTime
    exports: Exports
    notifier: Notifier


class FrameRoom(QObject):
    """Connects the parts of the window that belong to no feature."""

    def __init__(self, window: MainWindow, services: RoomServices, data: OfficeFolder) -> None:
        super().__init__(window)
        source, live, link = services.source, services.live, services.link
        news = BackendNews(window, live, link)
        outbox = services.outbox
        self.waiting = WaitingChanges(window, outbox)
        self.repair = Repair(window, data.db, source.jobs)
        self.pausing = Pausing(window, outbox)
        self.tries = QueueTries(window, source, outbox, live)
        self.folders = TasksFolder(window, data)
        self.retention = RetentionSettings(window, source, outbox)
        self.page = OpenPage(window, source)
        self.about = AboutSendoff(window, live, data, window.themes)
        self.help = Help(window, data)
        news.database_damaged.connect(self.repair.offer)
        self.pausing.try_wanted.connect(self.tries.try_queue)
        live.notices_changed.connect(self.pausing.follow)
        for answers in (link.ready, live.heard):
            answers.connect(source.go_on)
        source.on_back = partial(forget_absence, window)
        window.dialogs.on_closed = outbox.withdraw  # what was asked from a dialog is about it
