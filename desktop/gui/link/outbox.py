"""The outbox: all that the window asks the backend to change, until it is answered.

::

    put ──> asked ──> answered
              │  └──> refused
              v
            away ───> asked again, with the same key, when `ApiSource.ask_again` says
              │
              v
            ended     60 s after the press; kept ones: once their key no longer counts
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.gui.link.jobs import Job
from sendoff_tasks.client.calls import new_key
from sendoff_tasks.client.errors import BackendBusy, BackendGone

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from desktop.client.api import Api
    from desktop.gui.link.drafts import DraftBox, DraftItem
    from desktop.gui.link.jobs import ApiSource, Jobs

T = TypeVar("T")
SLOW_S: Final = 5
"""Seconds without an answer after which a wish counts as waiting, also while it is being asked."""
WAITS_S: Final = 60
"""Seconds after the press for which an unanswered wish is asked again, unless it is kept on disk:
whoever pressed has gone on to something else by then."""


@dataclass(frozen=True, eq=False)
class Wish(Generic[T]):
    """One press: what to ask the backend for, on a worker thread, with a key.

    - ``ask`` gets the key, and is repeated only with it, so the effect comes once
    - ``about``: a later wish about the same takes the place of this one; while this one is being
      asked, the later one follows it, and only that is told of its answer
    - ``line``: wishes of one line are asked one after the other
    - ``kept``: its copy on disk, from before it is first asked until it is answered. A refused one
      stays there until its owner drops it. ``key`` is that of the copy. The next window asks for
      it again, unless the copy is set aside: then it is what could be lost with the answer.
    """

    ask: Callable[[Api, str], T]
    key: str = field(default_factory=new_key)
    about: Hashable | None = None
    line: Hashable | None = None
    kept: DraftItem | None = None

    def follows(self, other: Wish[Any]) -> bool:
        """Tell whether it has to wait for an earlier one."""
        is_in_line = self.line is not None and self.line == other.line
        return is_in_line or self.is_about(other.about)

    @property
    def outlasts(self) -> bool:
        """Whether the next window asks for it again."""
        return self.kept is not None and self.kept.aside is None

    def is_about(self, about: Hashable | None) -> bool:
        """Tell whether it is about the same."""
        return about is not None and self.about == about


class WishState(StrEnum):
    """How far a wish is."""

    ASKED = "asked"
    """It is on its way, or follows one that is."""
    ANSWERED = "answered"
    REFUSED = "refused"
    AWAY = "away"
    """Sendoff does not answer: it is asked again, or has ended without an answer."""


@dataclass(eq=False)
class Posted(Generic[T]):
    """A wish in the outbox, and what is called on the GUI thread.

    ``then`` gets the answer, ``refused`` the error in place of a note. ``away`` is called once
    when Sendoff does not answer; unless the wish is kept, it stands in for the note for all that
    waits. ``ended`` is called when Sendoff has not answered in the end.
    """

    wish: Wish[T]
    then: Callable[[T], object] | None
    refused: Callable[[Exception], object] | None
    away: Callable[[Exception], object] | None
    ended: Callable[[], object] | None
    trouble: Exception
    state: WishState = WishState.ASKED
    is_ready: bool = True
    """Whether it is neither being written to disk nor asked."""
    waits: bool = False
    """Whether it was asked in vain, and its time has not come again."""
    is_late: bool = False
    is_replaced: bool = False
    """Whether nothing is called any more."""


class Outbox(QObject):
    """Asks the backend for wishes, until each is answered, refused or ended; GUI thread only.

    ``refused`` receives errors that no one else takes. ``changed`` follows each change of what is
    there, ``ended`` carries a posted wish that has ended without an answer and is not on disk:
    :meth:`put_again` asks it once more. ``tries`` counts the requests with each key, and one of an
    earlier window: the answer to a repeated one is that to the first, and may be old. ``box_jobs``
    runs on one thread, so the copies are written in order.
    """

    changed = Signal()
    ended = Signal(object)

    def __init__(
        self,
        source: ApiSource,
        box: DraftBox,
        box_jobs: Jobs,
        refused: Callable[[Exception], object],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._source = source
        self._box = box
        self._box_jobs = box_jobs
        self._refused = refused
        self._open: list[Posted[Any]] = []
        self._since = time.time_ns()
        self.tries = Counter[str]()

    def put(
        self,
        wish: Wish[T],
        then: Callable[[T], object] | None = None,
        refused: Callable[[Exception], object] | None = None,
        away: Callable[[Exception], object] | None = None,
        ended: Callable[[], object] | None = None,
    ) -> Posted[T]:
        """Ask for a wish; see :class:`Posted` for what is called. A copy is written before.

        ``refused`` also gets the ``OSError`` of a copy that could not be written.
        """
        posted = Posted(wish, then, refused, away, ended, self._source.gone)
        self._post(posted)
        return posted

    def put_again(self, posted: Posted[Any]) -> None:
        """Ask once more for a wish that has ended, with its key: it may have been heard."""
        posted.state, posted.waits, posted.is_late = WishState.ASKED, False, False
        self._post(posted)

    def _post(self, posted: Posted[Any]) -> None:
        wish = posted.wish
        self._replace(self._about(wish.about))
        self._open.append(posted)
        if not wish.outlasts:
            QTimer.singleShot(WAITS_S * 1000, self, partial(self._on_late, posted))
        if wish.kept is not None:
            posted.is_ready = False
            self.tries[wish.key] += wish.kept.since < self._since
            saving = Job(self._box.save, wish.kept).then(partial(self._on_saved, posted))
            self._box_jobs.start(saving.otherwise(partial(self._on_refused, posted)))
        self._go()

    def newest(self, about: Hashable) -> Wish[Any] | None:
        """Return the newest wish about something; ``None`` if none is open."""
        same = (each.wish for each in reversed(self._open) if not each.is_replaced)
        return next((wish for wish in same if wish.is_about(about)), None)

    def drop_copy(self, wish: Wish[Any]) -> None:
        """Delete the copy of a wish, if it has one."""
        if wish.kept is not None:
            self._box_jobs.start(Job(self._box.drop, wish.kept))

    def withdraw(self, about: Hashable) -> None:
        """Ask no more for what is about something; a request under way may still be answered."""
        for each in self._about(about):
            each.is_late = True
            if each.is_ready:
                self._leave(each)
        self._go()

    def forget(self, address: str) -> None:
        """Drop what is kept for a person who was forgotten, also what was refused before."""
        kept = ((each, each.wish.kept) for each in self._open)
        self._replace([each for each, item in kept if item is not None and item.is_for(address)])
        self._box_jobs.start(Job(self._box.forget, address))
        self._go()

    @property
    def unanswered(self) -> int:
        """How many wishes end with the window."""
        return sum(not each.wish.outlasts for each in self._open)

    @property
    def saved(self) -> int:
        """How many wishes wait on disk for a backend that does not answer."""
        return sum(each.wish.outlasts for each in self._away)

    @property
    def untold(self) -> int:
        """How many wishes wait for the backend whose owners do not say so."""
        return sum(each.away is None and not each.is_replaced for each in self._away)

    @property
    def _away(self) -> list[Posted[Any]]:
        return [each for each in self._open if each.state is WishState.AWAY]

    def _about(self, about: Hashable | None) -> list[Posted[Any]]:
        return [each for each in self._open if each.wish.is_about(about)]

    def _replace(self, them: list[Posted[Any]]) -> None:
        for each in them:
            each.is_replaced = True
            if each.is_ready:
                self._leave(each)

    def _leave(self, posted: Posted[Any]) -> None:
        self._open.remove(posted)
        self.drop_copy(posted.wish)

    def _go(self) -> None:
        """Ask for each that follows none that is open, and whose time has come."""
        for posted in [*self._open]:
            if posted not in self._open:
                continue
            leader = self._leader(posted)
            if leader is not None and leader.state is WishState.AWAY:
                if posted.is_ready:  # else it may be refused yet: it is being written to disk
                    self._be_away(posted, leader.trouble)
            elif leader is None and posted.is_ready and not posted.waits:
                self._ask(posted)
        self.changed.emit()

    def _leader(self, posted: Posted[Any]) -> Posted[Any] | None:
        """Return the first that a wish has to wait for."""
        before = self._open[: self._open.index(posted)]
        return next((each for each in before if posted.wish.follows(each.wish)), None)

    def _ask(self, posted: Posted[Any]) -> None:
        kept, api = posted.wish.kept, self._source.api
        if kept is not None and not kept.key_holds(time.time()):
            self._end(posted)
        elif api is None:
            self._on_failed(posted, api, self._source.gone)
        else:
            posted.is_ready = False
            self.tries[posted.wish.key] += 1
            answered = partial(self._on_answered, posted)
            job = Job(posted.wish.ask, api, posted.wish.key).then(answered)
            self._source.jobs.start(job.otherwise(partial(self._on_failed, posted, api)))
            QTimer.singleShot(SLOW_S * 1000, self, partial(self._on_slow, posted))

    def _on_slow(self, posted: Posted[Any]) -> None:
        """Say that a wish waits while it is being asked, unless its owner says so."""
        if posted in self._open and not posted.is_ready and posted.away is None:
            self._be_away(posted, self._source.gone)
            self._go()

    def _be_away(self, posted: Posted[Any], error: Exception) -> None:
        posted.trouble = error
        if posted.state is WishState.ASKED:
            posted.state = WishState.AWAY
            self._tell(posted, posted.away, error)

    def _ask_again(self, posted: Posted[Any]) -> None:
        posted.waits = False
        self._go()

    def _end(self, posted: Posted[Any]) -> None:
        """Let a wish end without an answer."""
        self._open.remove(posted)
        posted.state = WishState.AWAY
        self._tell(posted, posted.ended)
        if not posted.wish.outlasts:
            self.ended.emit(posted)

    def _tell(
        self, posted: Posted[Any], callback: Callable[..., object] | None, *what: Any
    ) -> None:
        if callback is not None and not posted.is_replaced:
            self._source.jobs.call(callback, *what)

    def _on_saved(self, posted: Posted[Any], _: None) -> None:
        posted.is_ready = True
        if posted.is_replaced:
            self._leave(posted)
        self._go()

    def _on_late(self, posted: Posted[Any]) -> None:
        posted.is_late = True
        if posted in self._open and posted.is_ready:
            self._end(posted)
            self._go()

    def _on_answered(self, posted: Posted[Any], answer: object) -> None:
        was_away, posted.state = posted.state is WishState.AWAY, WishState.ANSWERED
        self._open.remove(posted)
        self._go()
        if was_away:
            self._source.go_on()
        self._tell(posted, posted.then, answer)
        self.drop_copy(posted.wish)  # after all that its owner wrote to disk

    def _on_failed(self, posted: Posted[Any], asked: Api | None, error: Exception) -> None:
        posted.is_ready = posted.waits = True
        if posted.is_replaced:
            self._leave(posted)
        elif posted.is_late and isinstance(error, BackendGone | BackendBusy):
            self._end(posted)
        elif self._source.ask_again(posted, asked, error, partial(self._ask_again, posted)):
            self._be_away(posted, error)
        else:
            self._on_refused(posted, error)
            return
        self._go()

    def _on_refused(self, posted: Posted[Any], error: Exception) -> None:
        posted.state = WishState.REFUSED
        self._open.remove(posted)
        self._go()
        self._tell(posted, posted.refused or self._refused, error)
