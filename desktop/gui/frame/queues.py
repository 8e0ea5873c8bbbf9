"""Pauses and resumes sending, and tries a queue that waits for its server."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from desktop.contract.items import MAIL_QUEUE
from desktop.gui.kit.lists.live_rows import Rereading
from desktop.gui.kit.words.notices import hold_words
from desktop.gui.kit.words.queues import (
    held_again_words,
    still_awaited_words,
    still_held_words,
    trying_words,
    waits_for_server,
)
from desktop.gui.link.jobs import Asker, Job, LatestRequest
from desktop.gui.link.outbox import Wish
from sendoff_tasks.client.calls import SortedFilter
from sendoff_tasks.model.events import NoticeId
from sendoff_tasks.model.reasons import OUTAGES
from sendoff_tasks.model.tasks import PAGE_LIMIT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desktop.client.api import Api
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.notes import WindowNote
    from desktop.gui.link.connection import Live
    from desktop.gui.link.jobs import ApiSource
    from desktop.gui.link.outbox import Outbox
    from sendoff_tasks.model.events import Notice
    from sendoff_tasks.model.queues import Queue


STOPS: Final = "pauses"
"""The line of what pauses and resumes."""
LONGEST_S: Final = 120
"""The most seconds for which a try is followed: a server may take long not to answer."""


class Pausing(QObject):
    """Asks the backend to pause and resume; its notices tell all windows what is paused.

    ``try_wanted`` carries a resumed queue that waits for its server, which may be back.
    """

    try_wanted = Signal(str)

    def __init__(self, window: MainWindow, outbox: Outbox) -> None:
        super().__init__(window)
        self._window, self._menu = window, window.menu
        self._closing = window.closing
        self._outbox = outbox
        self._paused: set[str] = set()
        window.menu.pause_chosen.connect(self.pause)
        window.menu.resume_chosen.connect(lambda: self.resume(None))
        window.cases.lead("pause", lambda _: self.pause())
        window.cases.lead("resume", lambda _: self._resume_all())
        window.cases.lead("resume_queue", self.resume)

    def follow(self, notices: Mapping[str, Notice]) -> None:
        """Update what is paused or on hold from the active notices by name."""
        all_paused = NoticeId.PAUSED in notices
        self._paused = paused = _named(notices, NoticeId.PAUSED)
        self._menu.show_paused(all_paused)
        held = notices.get(NoticeId.QUEUE + MAIL_QUEUE)
        is_held = held is not None and held.get("reason") not in OUTAGES
        self._closing.set_stopped(
            everything=all_paused,
            something=bool(paused),
            hold=hold_words(held, time.time()) if held is not None and is_held else "",
        )
        stopped = _named(notices, NoticeId.QUEUE)
        resumed = self.tr("once you resume")
        goes_on = dict.fromkeys(stopped, self.tr("once the queue continues"))
        if MAIL_QUEUE in stopped:
            goes_on[MAIL_QUEUE] = self.tr("once sending continues")
        self._window.starts.stop(dict.fromkeys(paused, resumed), goes_on)

    def pause(self) -> None:
        """Pause all queues."""
        self._outbox.put(Wish(lambda api, _: api.pause(None), about=(STOPS, None), line=STOPS))

    def resume(self, queue: str | None) -> None:
        """Resume a queue, or all with ``None``."""
        wish = Wish(lambda api, _: api.resume(queue), about=(STOPS, queue), line=STOPS)
        self._outbox.put(wish, self._on_resumed)

    def _on_resumed(self, queues: list[Queue]) -> None:
        """Say which of the queues stay on hold; let queues that wait for a server try it."""
        for queue in queues:
            if waits_for_server(queue):
                self.try_wanted.emit(queue["name"])
            elif words := still_held_words(queue):
                self._window.notes.show(words, icon="triangle-alert")

    def _resume_all(self) -> None:
        """End the pause of everything, or else those of all queues."""
        for queue in ("",) if "" in self._paused else sorted(self._paused):
            self.resume(queue or None)


class QueueTries(QObject):
    """Asks for a try, and reads the queue after each change until the try has ended."""

    def __init__(self, window: MainWindow, source: ApiSource, outbox: Outbox, live: Live) -> None:
        super().__init__(window)
        self._notes = window.notes
        self._outbox = outbox
        self._ask = Asker(source, lambda _: None)
        self._asked: set[str] = set()  # queues whose try has not ended
        self._tried: dict[str, float] = {}  # queues of tried tasks; until when that is followed
        self._note: WindowNote | None = None
        self._reading = LatestRequest(source, lambda _: None)
        self._rereading = Rereading(window, self._read, elsewhere=True)
        window.cases.lead("try_now", self.try_queue)
        for changed in (live.was_reset, live.notices_changed):
            changed.connect(lambda *_: self._look())

    def try_queue(self, queue: str) -> None:
        """Let one task of a queue try its server."""
        wish = Wish(lambda api, _: api.retry_queue(queue), about=("try", queue))
        self._outbox.put(wish, self._on_asked)

    def follow(self, tasks: list[int]) -> None:
        """Say the outcome for the queues of tasks that a person has just tried."""
        self._ask(lambda api: Job(_queues_of, api, tasks).then(self._on_tried))

    def _on_tried(self, queues: list[Queue]) -> None:
        """Follow the queues of tried tasks: one that was on hold may be so again soon."""
        until = time.monotonic() + LONGEST_S
        self._tried |= {queue["name"]: until for queue in queues}
        self._on_asked(queues)

    def _on_asked(self, queues: list[Queue]) -> None:
        """Wait for the queues that try their server; some may have ended by now.

        An answer that is under way may be older than the try.
        """
        self._reading.drop()
        for queue in queues:
            if waits_for_server(queue):
                self._asked.add(queue["name"])
                self._say(self._notes.work(trying_words(queue), icon="rotate-cw"))
        self._on_read(queues)
        self._look()

    def _look(self) -> None:
        now = time.monotonic()
        self._tried = {name: until for name, until in self._tried.items() if until > now}
        if self._asked or self._tried:
            self._rereading.note()

    def _read(self) -> None:
        self._reading.ask(lambda api: Job(api.queues).then(self._on_read))

    def _on_read(self, queues: list[Queue]) -> None:
        for queue in queues:
            if queue["name"] in self._tried and (words := held_again_words(queue)):
                del self._tried[queue["name"]]
                self._asked.discard(queue["name"])
                self._say(self._notes.show(words, icon="triangle-alert"))
            if queue["name"] not in self._asked or _is_trying(queue):
                continue
            self._asked.remove(queue["name"])
            if not waits_for_server(queue):  # it goes on, or its notice says what it needs
                self._say(None)
            else:
                words = still_awaited_words(queue, time.time())
                self._say(self._notes.show(words, icon="triangle-alert"))

    def _say(self, note: WindowNote | None) -> None:
        """Let a note take the place of the one before."""
        self._notes.close(self._note)
        self._note = note


def _named(notices: Mapping[str, Notice], prefix: NoticeId) -> set[str]:
    return {name.removeprefix(prefix) for name in notices if name.startswith(prefix)}


def _queues_of(api: Api, tasks: list[int]) -> list[Queue]:
    """Read the queues of tasks; of very many tasks, only the first page counts."""
    some = SortedFilter(ids=tuple(tasks[:PAGE_LIMIT]))
    names = {row["queue"] for row in api.page(some, limit=PAGE_LIMIT)["tasks"]}
    return [queue for queue in api.queues() if queue["name"] in names]


def _is_trying(queue: Queue) -> bool:
    """Tell whether a queue is trying its server now."""
    return queue["held"] is not None and queue["held"]["is_trying"]
