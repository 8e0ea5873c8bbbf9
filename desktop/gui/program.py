"""The window's rooms, and its life on its event loop, from its first picture to its orderly end."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Final

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, QThreadPool, QTimer
from qasync import QEventLoop

from desktop.client.child import open_window
from desktop.client.server_watch import ServerWatch
from desktop.client.supervisor import Supervisor
from desktop.gui.batches.batch_pins import BatchPins
from desktop.gui.batches.batch_verbs import BatchVerbs
from desktop.gui.batches.spreadsheets import BatchModel, Spreadsheets
from desktop.gui.frame.exports import Exports
from desktop.gui.frame.notifications import Notifier
from desktop.gui.frame.open_server import Opening
from desktop.gui.frame.room import FrameRoom, RoomServices, UndoTime
from desktop.gui.frame.updates import Updates
from desktop.gui.importing.room import ImportingRoom
from desktop.gui.items.item_table import ItemModel
from desktop.gui.items.older_items import OlderItems
from desktop.gui.items.room import ItemsRoom
from desktop.gui.link.connection import BackendLink, Live
from desktop.gui.link.drafts import DraftBox, DraftKind, TypedDrafts
from desktop.gui.link.jobs import Jobs
from desktop.gui.link.outbox import Outbox
from desktop.gui.listed.room import ListedRoom
from desktop.gui.mail.room import MailRoom
from desktop.gui.sentence.at_login import AtLogin, HiddenStart
from desktop.gui.sentence.awake import Awake
from desktop.gui.sentence.gathering import Gathering
from desktop.gui.sentence.tray_state import TrayState
from desktop.gui.tasks.room import TasksRoom
from desktop.gui.templates.editing import TemplateEditing
from desktop.qtpool import QtExecutor

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from desktop.client.child import Child
    from desktop.gui.assembly import AppWindow, ShownWindow
    from desktop.gui.link.jobs import ApiSource
    from desktop.gui.one_window import OneWindow
    from desktop.gui.tasks.acting.pending_actions import PendingActions
    from desktop.settings.office_folder import OfficeFolder
    from sendoff_tasks.folder.backend_addresses import Backend


translate = QCoreApplication.translate
END_WITHIN_MS: Final = 5_000
"""How long jobs may take to end once the window is closed."""
EVERY: Final = 250
"""Milliseconds between two checks of what the garbage collector has to do."""


def add_places(window: AppWindow, source: ApiSource, pending: PendingActions) -> None:
    """Add the places *Older items* and *Spreadsheets*."""
    page, rights = window.page, window.rights
    window.items = items = OlderItems(ItemModel(source), rights, pending)
    window.batches = sheets = Spreadsheets(BatchModel(source), rights, pending)
    for place in (items, sheets):
        window.places.add(place)
        window.lead_to_desk(place.rows, place.mode.page)
        place.card.give_back_to(place.rows)
        place.rows.row_activated.connect(lambda _, page=place.mode.page: window.enter_desk(page))
    BatchPins(window, sheets)
    window.menu.older_chosen.connect(items.open)
    wanted = window.menu.sheets_chosen, items.empty.batches_wanted, page.table.empty.batches_wanted
    for wish in (*wanted, page.list.to_come.link.clicked):
        wish.connect(sheets.open)

    def show_before() -> None:
        items.search.set_now(page.search.text())
        items.open()

    page.list.before.link.clicked.connect(show_before)


class Rooms(QObject):
    """The rooms of one window, each made with those below it that it asks.

    ``box_jobs`` runs on one thread, so drafts are written in the order of typing.
    """

    def __init__(
        self, window: AppWindow, data: OfficeFolder, source: ApiSource, box_jobs: Jobs
    ) -> None:
        super().__init__(window)
        live, box = Live(window), DraftBox(data.drafts)
        self._drafts = drafts = {kind: TypedDrafts(kind, box, box_jobs, self) for kind in DraftKind}
        self.services = services = RoomServices(
            source,
            Outbox(source, box, box_jobs, window.notes.warn, self),
            box,
            box_jobs,
            live,
            BackendLink(source, live.on_event, window),
            UndoTime(),
            Exports(window, source),
            Notifier(window),
        )
        has_items, self._may_change = not window.rights.is_app, window.rights.may_change
        self._adds_items = has_items and self._may_change
        self.gathering = Gathering(window, services, is_app=not has_items)
        self.gathering.said.connect(window.sentence.show_statements)
        self.gathering.said.connect(lambda said: window.say_state(said[0].rank, said[0].text))
        if window.rights.has_files and not data.waits_for_backend:
            self.at_login = AtLogin(window, data.root)
            self.awake = Awake(window)
            self.gathering.gathered.connect(self.awake.follow)
        self.gathering.said.connect(TrayState(window).look_at)
        window.sentence.put_away.connect(self.gathering.put_away)
        self.frame = FrameRoom(window, services, data)
        self.tasks = TasksRoom(window, window.page, services, self.frame)
        typed = drafts[DraftKind.CORRECTIONS]
        self.items = ItemsRoom(window, window.form, window.items, services, self.tasks, typed)
        self.mail = MailRoom(
            window, window.mail, services, self.tasks, self.items, has_items=has_items
        )
        self.listed = ListedRoom(window, services)
        self.batches = BatchVerbs(window, window.batches, services, self.tasks, self.frame.tries)
        self.templates = TemplateEditing(
            window, services, self.tasks, self.items, self.batches, drafts[DraftKind.TEMPLATES]
        )
        self.importing = ImportingRoom(
            window, services, self.items, self.batches, self.templates, drafts[DraftKind.IMPORTS]
        )
        if has_items:
            self.items.follow(may_change=self._may_change)
            services.link.ready.connect(self.batches.load)
            self.listed.follow(self.tasks)
        if self._adds_items:
            self.importing.follow(self.tasks)

    def load(self) -> None:
        """Load the form and the pending submissions that the last window left."""
        if self._adds_items:
            self.items.submissions.load()

    def save_drafts(self) -> None:
        """Save everything typed, before the window ends."""
        self.gathering.remember_visit()
        if self._may_change:
            self.items.submissions.form_items.save_draft()
        for drafts in self._drafts.values():
            drafts.saving.emit()


def run(
    app: QApplication,
    shown: ShownWindow,
    data: OfficeFolder,
    lock: OneWindow,
    child: Child | None,
    server: Backend | None,
    home: OfficeFolder,
    *,
    is_hidden: bool = False,
) -> int:
    """Run the window of a data folder, or of a server, until it is closed.

    ``home`` is this computer's own data folder. Returns the exit status.
    """
    with QEventLoop(app) as loop:
        program = Program(shown, data, lock, child, server, home, is_hidden=is_hidden)
        loop.set_default_executor(QtExecutor(program.pool))
        loop.run_until_complete(program.main())
        if not program.close():
            os._exit(0)  # a regular exit would wait for the thread that does not end
    app.shutdown()
    return 0


class Program:
    """The parts of one window process, and the order in which they start and stop."""

    def __init__(
        self,
        shown: ShownWindow,
        data: OfficeFolder,
        lock: OneWindow,
        child: Child | None,
        server: Backend | None,
        home: OfficeFolder,
        *,
        is_hidden: bool = False,
    ) -> None:
        self._lock = lock
        self._is_hidden = is_hidden
        self._home = home
        self._server = server
        self._starts_next = False
        self._shown = shown
        self.window, self.source = shown.window, shown.source
        self.pool, self.jobs = shown.pool, shown.jobs
        self._errors = shown.errors
        self._box_pool = QThreadPool(maxThreadCount=1)
        self._box_jobs = Jobs(self._box_pool, self._errors.tell_of_drafts)
        self._box_jobs.succeeded.connect(self._errors.forget_drafts)
        self._leaving = asyncio.Event()
        add_places(self.window, self.source, shown.pending)
        self.rooms = Rooms(self.window, data, self.source, self._box_jobs)
        self._errors.catch_all()
        report = self.rooms.services.link.backend_changed
        self._supervisor: Supervisor | ServerWatch
        if server is None:
            self._supervisor = Supervisor(data, report, child)
        else:
            self._supervisor = ServerWatch(server, report)
        self.rooms.frame.repair.repaired.connect(self._supervisor.try_now)
        self.window.cases.lead("try_again", lambda _: self._supervisor.try_now())
        self.rooms.services.live.was_cut.connect(self._supervisor.ask_now)
        self.window.quit_requested.connect(self._leaving.set)
        self.opening = Opening(self.window, self._home, server, self.jobs)
        self.opening.successor_wanted.connect(self._on_successor_wanted)
        self.updates = Updates(self.window.cases)
        self.updates.replaced.connect(self._supervisor.renew)
        self.updates.restart_chosen.connect(self._on_restart_chosen)

    def close(self) -> bool:
        """Wait for the threads, then destroy the widgets while the application exists.

        The interpreter would destroy them in any order, and a widget that outlives its application
        crashes the process. Returns ``False``, and destroys nothing, if a thread has not ended
        within ``END_WITHIN_MS``: it waits for a server, a keyring or a disk whose answer is no
        longer needed.
        """
        self._shown.settings.sync()
        if not all(pool.waitForDone(END_WITHIN_MS) for pool in (self.pool, self._box_pool)):
            return False
        for gone in (self.window, self._shown.model, self._shown.pending):
            shiboken6.delete(gone)
        return True

    async def main(self) -> None:
        """Run until the person quits."""
        if self._is_hidden:
            self.rooms.gathering.said.connect(HiddenStart(self.window).look_at)
        else:
            self.window.show()  # if it is not visible yet
        self.rooms.load()
        self._hear_signals()
        calls = await self._lock.answer(self.window.come_forward, self.window.leave)
        # The window is visible; the imports of the first request run in a thread beside it.
        await asyncio.to_thread(import_module, "sendoff_tasks.client.stream")
        supervising = asyncio.create_task(self._supervisor.run())
        supervising.add_done_callback(self._on_supervisor_ended)
        watching = asyncio.create_task(self.updates.watch())
        GarbageCollector(self.window)
        await self._leaving.wait()
        calls.close()
        for ending in (supervising, watching):
            ending.cancel()
        await asyncio.wait({supervising, watching})
        await self._end()

    async def _end(self) -> None:
        """Save what was typed, and stop the backend."""
        self.window.hide()
        self._lock.release()
        self.rooms.save_drafts()
        self.jobs.cancel_all()
        await self.rooms.services.link.stop()
        await asyncio.to_thread(self._box_pool.waitForDone, END_WITHIN_MS)
        await self._supervisor.stop()
        self._box_jobs.cancel_all()
        self._errors.let_go()
        if self._starts_next:
            await asyncio.to_thread(open_window, self._home, self._server)

    def _on_successor_wanted(self, server: Backend) -> None:
        """Quit, and open the same server with another token."""
        self._server, self._starts_next = server, True
        self._leaving.set()

    def _on_restart_chosen(self) -> None:
        """Quit, and start the program that was installed meanwhile; unless a sheet asks first."""
        self._starts_next = True
        self._starts_next = self.window.leave()

    def _hear_signals(self) -> None:
        """Quit on SIGINT and SIGTERM."""
        if sys.platform != "win32":
            loop = asyncio.get_running_loop()
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(number, self._leaving.set)

    def _on_supervisor_ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            self._errors.tell(error)


class GarbageCollector(QObject):
    """Replaces the automatic garbage collector while it lives, with the same thresholds."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        gc.freeze()  # These objects live as long as the window, so they are never scanned.
        self._look = QTimer(self, interval=EVERY)
        self._look.timeout.connect(self.collect_due)
        self._look.start()

    def collect_due(self) -> None:
        """Collect the oldest generation that is due, and with it the younger ones."""
        counts, thresholds = gc.get_count(), gc.get_threshold()
        for generation in (2, 1, 0):
            if counts[generation] > thresholds[generation]:
                gc.collect(generation)
                return
