"""What the frame does for all rooms: backend, undo of new tasks, queues, database, help."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from desktop.builds import BUILD, on_disk
from desktop.gui.frame.help_sheets import HelpSheets, TasksFolder
from desktop.gui.frame.notices.bars import DISMISS
from desktop.gui.frame.notices.notice_bar import HELD_QUEUE, PAUSED, stops_in_brief
from desktop.gui.frame.open_page import OpenPage
from desktop.gui.frame.queues import Pausing, QueueTries
from desktop.gui.frame.repair import Repair
from desktop.gui.frame.retention import RetentionSettings
from desktop.gui.kit.words.table import say
from desktop.gui.link.outbox import WAITS_S
from desktop.settings.preferences import WindowSettings
from sendoff_tasks.client.health import (
    Away,
    Finishing,
    GaveUp,
    Gone,
    Ready,
    ServerFault,
    Starting,
)
from sendoff_tasks.model.reasons import OUTAGES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop.contract.office import OfficeStats
    from desktop.gui.frame.exports import Exports
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.notices.toasts import Toast
    from desktop.gui.frame.notifications import Notifier
    from desktop.gui.link.connection import BackendLink, Live
    from desktop.gui.link.drafts import DraftBox
    from desktop.gui.link.jobs import ApiSource, Jobs
    from desktop.gui.link.outbox import Outbox, Posted
    from desktop.settings.office_folder import OfficeFolder
    from sendoff_tasks.client.health import BackendState
    from sendoff_tasks.model.events import Notice


class BackendNotices(QObject):
    """Follows the link and its events in the parts of the window that say how the backend is.

    A bar that was closed stays away while its notice says the same. ``database_damaged`` says that
    no backend can start before a repair.
    """

    database_damaged = Signal()

    def __init__(self, window: MainWindow, live: Live) -> None:
        super().__init__(window)
        self._window = window
        self._live = live
        self._put_away: dict[str, Notice] = {}
        window.notices.action_chosen.connect(self._on_action)
        live.was_cut.connect(window.strip.be_still)
        live.notices_gone.connect(self._on_gone)
        live.stats_changed.connect(self._on_stats)
        live.notice_came.connect(self._on_notice)

    def watch(self, link: BackendLink) -> None:
        """Say what the backend does."""
        toasts = self._window.toasts
        link.state_changed.connect(self._on_state)
        link.ready.connect(lambda: toasts.hold(is_away=False))
        link.was_lost.connect(lambda goes_on: toasts.hold(is_away=True, goes_on=goes_on))

    def _on_state(self, state: BackendState) -> None:
        self._window.strip.set_backend_state(state)
        bar = self._window.backend_notice
        match state:
            case Ready(backend=backend, own=own):
                self._window.closing.ends_backend = own
                bar.ready()
                if not own and backend.build not in {"", BUILD, on_disk()}:
                    bar.other_build(backend.build.partition("+")[0])
            case Starting(updating=float(done)):
                bar.updating(done)
            case Finishing():
                bar.finishing()
            case Away(missing=ServerFault.REPLACED):
                bar.ready()  # the bar of the update says more
            case Away():
                bar.away(state)
            case Gone(next_try_in=seconds):
                bar.gone(seconds)
            case GaveUp(damaged=True):
                bar.ready()  # another bar says more
                self.database_damaged.emit()
            case GaveUp(reason=reason):
                bar.gave_up(reason)

    def _on_gone(self, names: Iterable[str]) -> None:
        for name in names:
            self._window.notices.take_back(name)
            self._put_away.pop(name, None)
        self._show_pauses()

    def _on_stats(self, stats: OfficeStats) -> None:
        held = any(name.startswith((HELD_QUEUE, PAUSED)) for name in self._live.notices)
        self._window.strip.set_stats(stats, held=held)
        self._window.show_stats(stats)

    def _on_notice(self, notice: Notice) -> None:
        """Show a notice, or remove it if it is no longer active."""
        name = notice["id"]
        if name.startswith(PAUSED):
            self._show_pauses()
        elif not _is_same(notice, self._put_away.get(name)):
            self._put_away.pop(name, None)
            self._apply(notice)
        if name.startswith(HELD_QUEUE):
            self._show_stops()

    def _show_stops(self) -> None:
        """Show at the foot what is paused or on hold."""
        self._window.strip.show_stops(*stops_in_brief([*self._live.notices.values()]))

    def _show_pauses(self) -> None:
        """Show what is paused, and update the notices of queues that wait for a server."""
        self._show_stops()
        notices = self._live.notices
        pauses = [each for name, each in notices.items() if name.startswith(PAUSED)]
        self._window.notices.show_pauses(pauses)
        self._window.show_paused(stops_in_brief(pauses)[0])
        for name, notice in notices.items():
            if notice.get("reason") in OUTAGES and name not in self._put_away:
                self._apply(notice)

    def _apply(self, notice: Notice) -> None:
        queue = notice["id"].removeprefix(HELD_QUEUE)
        is_paused = PAUSED in self._live.notices or PAUSED + queue in self._live.notices
        self._window.notices.apply(notice, is_paused=is_paused)

    def _on_action(self, name: str, action: str) -> None:
        """Keep away the bar of a notice that is still active."""
        if action == DISMISS and name in self._live.notices:
            self._put_away[name] = self._live.notices[name]


def _is_same(notice: Notice, before: Notice | None) -> bool:
    """Tell whether a notice equals the hidden one; an outage may have another next attempt."""
    if before is None or not notice["active"]:
        return False
    if notice.get("reason") in OUTAGES:
        since = [each.get("reason_data", {}).get("since") for each in (notice, before)]
        return since[0] == since[1] and notice.get("reason") == before.get("reason")
    return notice["text"] == before["text"]


@dataclass
class UndoTime:
    """For how many ``seconds`` what the person does can be undone, as the settings say."""

    seconds: float = WindowSettings().grace_seconds  # the default until settings are read


class WaitingChanges(QObject):
    """Says how much waits for the backend, and what has ended without an answer."""

    def __init__(self, window: MainWindow, outbox: Outbox) -> None:
        super().__init__(window)
        self._window, self._outbox = window, outbox
        self._toasts = window.toasts
        self._waiting = {"kept": 0, "waits": 0}
        self._waits: Toast | None = None
        self._over: Toast | None = None
        self._ended: list[Posted[Any]] = []
        outbox.changed.connect(self._on_changed)
        outbox.ended.connect(self._on_ended)

    def _on_changed(self) -> None:
        saved = self._outbox.saved
        self._window.closing.set_waiting(saved, self._outbox.unanswered)
        self._window.strip.show_saved(saved)
        before = sum(self._waiting.values())
        self._waiting = {"kept": saved, "waits": self._outbox.untold}
        count = sum(self._waiting.values())
        if count == 0:
            self._toasts.close(self._waits)
        elif self._waits in self._toasts.shown:
            self._waits.say_again()
        elif count > before:
            self._waits = self._toasts.show(self._words, seconds=WAITS_S, icon="clock")

    def _words(self, _: int) -> str:
        return "\n".join(say("outbox", name, n=n) for name, n in self._waiting.items() if n)

    def _on_ended(self, posted: Posted[Any]) -> None:
        if self._over not in self._toasts.shown:
            self._ended.clear()
        self._ended.append(posted)
        self._toasts.close(self._over)
        name = (
            "not_confirmed"
            if any(self._outbox.tries[each.wish.key] for each in self._ended)
            else "not_made"
        )
        self._over = self._toasts.show(
            say("outbox", name, n=len(self._ended)),
            seconds=WAITS_S,
            action=self.tr("Try again"),
            chosen=self._on_again,
            icon="triangle-alert",
            undoes=False,
        )

    def _on_again(self) -> None:
        ended, self._ended = self._ended, []
        for posted in ended:
            self._outbox.put_again(posted)


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
        notices = BackendNotices(window, live)
        notices.watch(link)
        outbox = services.outbox
        self.waiting = WaitingChanges(window, outbox)
        self.repair = Repair(window, data.db, source.jobs)
        self.pausing = Pausing(window, outbox)
        self.tries = QueueTries(window, source, outbox, live)
        self.folders = TasksFolder(window, data)
        self.retention = RetentionSettings(window, source, outbox)
        self.page = OpenPage(window, source)
        self.help = HelpSheets(window, live, data, window.themes)
        notices.database_damaged.connect(self.repair.offer)
        self.pausing.try_wanted.connect(self.tries.try_queue)
        live.notices_changed.connect(self.pausing.follow)
        for answers in (link.ready, live.heard):
            answers.connect(source.go_on)
        source.on_back = window.sheets.forget_absence
        window.sheets.on_closed = outbox.withdraw  # what was asked from a sheet is about it
