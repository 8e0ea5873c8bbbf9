"""The one notice board: what a person should know now, and what is told as it changes."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Final

from desktop.contract.events import Notice
from desktop.contract.reasons import Reason
from desktop.contract.rules.times import local_time, wire_time
from desktop.engine.errors import EngineError
from desktop.engine.queues.holds import queue_notice
from desktop.engine.reasons import because
from desktop.engine.store.errors import StoreDamaged
from desktop.engine.store.reader_pool import ReaderPool
from desktop.engine.store.reads.catalogue import read_held_queues
from desktop.engine.store.tables.queues import read_pauses
from desktop.engine.store.tables.records import ALL_QUEUES
from desktop.engine.text import sentence

STORE: Final = "store"
ENGINE: Final = "engine"
BACKUP: Final = "backup"
RESTORED: Final = "restored"
OWN: Final = (STORE, ENGINE, BACKUP, RESTORED)
"""The ids of the engine's own notices, which end when it stops."""
RETRY_S: Final = 1.0
"""How soon the disk is tried again after it refused, s."""

log = logging.getLogger(__name__)


class Notices:
    """The notices that hold now, by id, and the listeners that hear of each; thread-safe.

    Holds and pauses stand in the store: they are only passed on, and :func:`read_notices` reads
    them.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._active: dict[str, Notice] = {}
        self._hearers: list[Callable[[Notice], object]] = []

    @property
    def active(self) -> list[Notice]:
        """Those that were told and hold now, in the order they were told."""
        with self._lock:
            return list(self._active.values())

    def on_notice(self, hear: Callable[[Notice], object]) -> Callable[[], None]:
        """Call ``hear``, in the teller's thread, for each from now on; returns how to stop that."""
        with self._lock:
            self._hearers = [*self._hearers, hear]

        def stop() -> None:
            with self._lock:
                self._hearers = [other for other in self._hearers if other is not hear]

        return stop

    def tell(self, notice: Notice) -> None:
        """Tell it now, and to later listeners until it is taken back; replaces one of its id."""
        with self._lock:
            self._active[notice["id"]] = notice
        self.pass_on(notice)

    def take_back(self, name: str) -> None:
        """Take back the notice of this id; again is harmless."""
        with self._lock:
            notice = self._active.pop(name, None)
        if notice is not None:
            self.pass_on({**notice, "active": False})

    def pass_on(self, notice: Notice) -> None:
        """Tell the listeners of a notice that is kept elsewhere."""
        for hear in self._hearers:
            try:
                hear(notice)
            except Exception:
                log.exception("A notice was not heard")


def pause_notice(queue: str, since: int, *, active: bool) -> Notice:
    """Say that a queue (``ALL_QUEUES``: everything) is paused, or take that back."""
    kind = Reason.ALL_PAUSED if queue == ALL_QUEUES else Reason.QUEUE_PAUSED
    what = "Everything" if queue == ALL_QUEUES else f"The queue {queue}"
    reason = because(kind, queue=queue or None, since=wire_time(since))
    return Notice(
        id=f"paused:{queue}",
        level="info",
        text=f"{what} has been paused since {local_time(since)}.",
        action="resume",
        active=active,
        reason=reason.reason.value,
        reason_data=reason.data,
    )


def read_notices(board: Notices, reader: ReaderPool) -> list[Notice]:
    """Read all that hold now, with holds and pauses; of a damaged store, what can be read."""
    try:
        with reader.snapshot() as connection:
            held = [queue_notice(q, active=True) for q in read_held_queues(connection)]
            pauses = read_pauses(connection).items()
    except StoreDamaged:
        return board.active
    paused = [pause_notice(queue, since, active=True) for queue, since in pauses]
    return [*board.active, *held, *paused]


class Trouble:
    """A notice as long as the disk refuses what is written."""

    def __init__(self, board: Notices, reader: ReaderPool) -> None:
        self._board = board
        self._reader = reader
        self._told: Notice | None = None

    @property
    def lasts(self) -> bool:
        """Whether nothing was written since the disk refused."""
        return self._told is not None

    def begin(self, refusal: EngineError) -> None:
        """Tell people, once for each reason; ``refusal`` is what callers are told."""
        told = Notice(id=STORE, level="error", text=str(refusal), action=None, active=True)
        if told != self._told:
            log.warning("The store cannot be written: %s", refusal)
            self._told = told
            self._board.tell(told)

    def end(self) -> None:
        """Take the notice back, unless the store was found damaged meanwhile."""
        if self._told is not None and self._reader.damage is None:
            self._board.take_back(STORE)
        self._told = None


class Standstill:
    """A notice as long as a mistake keeps the engine from starting tasks and keeping times."""

    def __init__(self, board: Notices) -> None:
        self._board = board
        self._told: Notice | None = None

    def begin(self, error: Exception) -> None:
        """Tell people, once for each mistake."""
        why = sentence(error).rstrip(".")
        text = f"No task starts now ({why}). If this stays, restart the program."
        told = Notice(id=ENGINE, level="error", text=text, action=None, active=True)
        if told != self._told:
            self._told = told
            self._board.tell(told)

    def end(self) -> None:
        """Take the notice back."""
        if self._told is not None:
            self._board.take_back(ENGINE)
            self._told = None
