"""The notice board: what a person should know now."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from typing import Final

from sendoff_tasks.errors import EngineError
from sendoff_tasks.model.events import Notice, NoticeId
from sendoff_tasks.model.tasks import Level
from sendoff_tasks.model.times import DAY_MS, clock_days
from sendoff_tasks.store.reader_pool import ReaderPool
from sendoff_tasks.text import sentence, valid_text
from sendoff_tasks.words.table import Said

OWN: Final = (
    NoticeId.STORE,
    NoticeId.ENGINE,
    NoticeId.BACKUP,
    NoticeId.RESTORED,
    NoticeId.CLOCK,
)
"""The ids of the engine's own notices, which end when the engine stops."""
RETRY_S: Final = 1.0
"""How soon the disk is tried again after it refused a write, s."""

log = logging.getLogger(__name__)


class Notices:
    """The active notices by id, and their listeners; thread-safe.

    Notices of holds and pauses are derived from the store: they are passed on but not kept here,
    and ``Engine.notices`` reads them.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._active: dict[str, Notice] = {}
        self._hearers: list[Callable[[Notice], object]] = []

    @property
    def active(self) -> list[Notice]:
        """The active notices that are kept here, oldest first."""
        with self._lock:
            return list(self._active.values())

    def on_notice(self, hear: Callable[[Notice], object]) -> Callable[[], None]:
        """Call ``hear``, in the teller's thread, for each new notice; return a way to stop."""
        with self._lock:
            self._hearers = [*self._hearers, hear]

        def stop() -> None:
            with self._lock:
                self._hearers = [other for other in self._hearers if other is not hear]

        return stop

    def tell(self, notice: Notice) -> None:
        """Publish a notice, once, until it is taken back; it replaces one with the same id.

        Id and text may name a file whose name is no valid UTF-8. A text that is a row of the words
        is told as data, too.
        """
        text, name = notice["text"], valid_text(notice["id"])
        if isinstance(text, Said) and not notice.keys() & {"reason", "refusal"}:
            notice = {**notice, "refusal": text.reason, "data": dict(text.data)}
        told: Notice = {**notice, "id": name, "text": valid_text(text)}
        if "data" in notice:
            told["data"] = json.loads(valid_text(json.dumps(notice["data"], ensure_ascii=False)))
        with self._lock:
            is_new = self._active.get(name) != told
            self._active[name] = told
        if is_new:
            self.pass_on(told)

    def show(self, name: str, error: str, action: str | None = None) -> None:
        """Tell a sentence on an error as a notice; take it back if there is none any more."""
        if error:
            self.tell(Notice(id=name, level="error", text=error, action=action, active=True))
        else:
            self.take_back(name)

    def take_back(self, name: str) -> None:
        """Take back the notice with this id. Doing it twice is harmless."""
        with self._lock:
            notice = self._active.pop(valid_text(name), None)
        if notice is not None:
            self.pass_on({**notice, "active": False})

    def pass_on(self, notice: Notice) -> None:
        """Tell the listeners of a notice that is kept elsewhere."""
        for hear in self._hearers:
            try:
                hear(notice)
            except Exception:
                log.exception("A listener failed on a notice")


class Trouble:
    """The notice that the disk refuses writes."""

    def __init__(self, board: Notices, reader: ReaderPool) -> None:
        self._board = board
        self._reader = reader
        self._told: Notice | None = None

    @property
    def lasts(self) -> bool:
        """Whether the disk has refused and nothing was written since."""
        return self._told is not None

    def begin(self, refusal: EngineError) -> None:
        """Publish the notice, once for each reason; ``refusal`` is the error callers get."""
        told = notice_of(NoticeId.STORE, "error", refusal)
        if told != self._told:
            log.warning("The store cannot be written: %s", refusal)
            self._told = told
            self._board.tell(told)

    def end(self) -> None:
        """Take the notice back, unless the store was found damaged in between."""
        if self._told is not None and self._reader.damage is None:
            self._board.take_back(NoticeId.STORE)
        self._told = None


def notice_of(name: str, level: Level, error: EngineError) -> Notice:
    """Return the notice that an error gives; the window says it in its own language."""
    told: Notice = {"id": name, "level": level, "text": str(error), "action": None, "active": True}
    return {**told, "refusal": error.refusal, "data": dict(error.data)}


def tell_standstill(board: Notices, error: Exception) -> None:
    """Publish that a bug keeps the engine from starting tasks."""
    stopped = EngineError("engine.standstill", why=sentence(error).rstrip("."))
    board.tell(notice_of(NoticeId.ENGINE, "error", stopped))


def tell_doubt(board: Notices, now: int, until: int) -> None:
    """Publish, ``until`` then, that the clock may be wrong; both in epoch ms.

    It was doubted a day before the end.
    """
    if now < until:
        days = clock_days(until - DAY_MS, until)
        board.tell(notice_of(NoticeId.CLOCK, "warning", EngineError("engine.clock", **days)))
    else:
        board.take_back(NoticeId.CLOCK)
