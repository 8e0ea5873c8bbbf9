"""Gathers the facts of the sentence from the backend's events, the outbox and the rooms."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.contract.batches import BatchState
from desktop.gui.kit.lists.live_rows import Rereading
from desktop.gui.kit.words.ages import MINUTE
from desktop.gui.kit.words.task_row import row_of
from desktop.gui.link.jobs import Job, LatestRequest
from desktop.gui.sentence.cases import said
from desktop.gui.sentence.facts import NONE_NEEDING, Facts, Needing, Unanswered
from desktop.gui.sentence.stops import FROM_S
from sendoff_tasks.client.calls import SortedFilter
from sendoff_tasks.client.health import Gone, Ready, Starting
from sendoff_tasks.model.reasons import NEEDS_PERSON, Reason
from sendoff_tasks.model.states import State
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.client.api import Api
    from desktop.contract.batches import Batch, BatchesEvent
    from desktop.contract.office import OfficeStats
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.room import RoomServices
    from desktop.gui.kit.words.task_row import Row
    from desktop.gui.link.outbox import Posted
    from desktop.gui.sentence.statement import Statement
    from sendoff_tasks.client.health import BackendState
    from sendoff_tasks.model.causes import Cause
    from sendoff_tasks.model.events import Notice

AT_MOST_MS: Final = 250
"""Milliseconds between two sentences at least."""
SECOND_MS: Final = 1000
MINUTE_MS: Final = 20_000
"""Milliseconds after which words such as *in 4 min* are said again."""
LAST_EVERY_MS: Final = 2000
"""Milliseconds between two reads of the task that ended last."""
BUSY: Final = 5
"""More open tasks than this are worth a sentence at once."""
BUSY_S: Final = 10.0
"""A single one is after so many seconds."""
IDLE_S: Final = 2.0
"""The sentence stays so long after the last one has ended."""
VISIT: Final = "window/last_visit"
NEED_YOU: Final = SortedFilter(
    states=(State.FAILED.value, State.UNCERTAIN.value, State.WAITING.value),
    seen=False,
    reasons=tuple(sorted(NEEDS_PERSON)),
)
"""The tasks that need a person."""
LAST: Final = SortedFilter(states=(State.SUCCEEDED.value,), sort="-finished_at")


def read_needing(api: Api, visited: float) -> Needing:
    """Read what needs a person; one that ended after the last visit is named."""
    counts = api.count_tasks(NEED_YOU)
    number = sum(counts["counts"].get(state, 0) for state in NEED_YOU.states)
    if number == 0:
        return NONE_NEEDING
    causes = api.causes(NEED_YOU.states)
    cause = next((e for e in causes if e["count"] == number and _has_all(api, e, number)), None)
    one = None
    if number == 1:
        rows = map(row_of, api.page(NEED_YOU, limit=1)["tasks"])
        one = next((each for each in rows if (each.finished or time.time()) >= visited), None)
    ready = [each for each in causes if each["about"].get("reason") == Reason.HELD_FOR_PERSON]
    fixed = sum(each["count"] for each in ready)
    return Needing(
        number, one, cause, fixed, tuple(each["cause"] for each in ready), counts["is_exact"]
    )


def _has_all(api: Api, cause: Cause, number: int) -> bool:
    """Tell whether this ``number`` that needs a person has the cause; others may have it, too."""
    counts = api.count_tasks(replace(NEED_YOU, cause=cause["cause"]))["counts"]
    return sum(counts.get(state, 0) for state in NEED_YOU.states) == number


class BusyTasks:
    """Tells whether tasks under way are worth a sentence, from their number at each moment."""

    def __init__(self) -> None:
        self._since: float | None = None
        self._idle_since: float | None = None
        self.is_so = False

    def note(self, count: int, now: float) -> None:
        """Note how many tasks are under way at a moment, s."""
        if count:
            self._since = now if self._since is None else self._since
            self._idle_since = None
            self.is_so |= count > BUSY or now - self._since >= BUSY_S
            return
        self._idle_since = now if self._idle_since is None else self._idle_since
        if now - self._idle_since >= IDLE_S:
            self._since, self.is_so = None, False


class Gathering(QObject):
    """Says what is the case whenever that changes, at most four times a second.

    ``said`` carries the statements: the first one is the sentence. ``put_away`` hides a notice
    until it says something else. ``gathered`` carries the facts.
    """

    gathered = Signal(object)
    said = Signal(object)

    def __init__(self, window: MainWindow, services: RoomServices, *, is_app: bool) -> None:
        super().__init__(window)
        self._window, self._cases, self._form = window, window.cases, window.form
        self._live, self._outbox = services.live, services.outbox
        self._is_app = is_app
        self._state: BackendState = Starting()
        self._since = time.monotonic()
        self._try_at = 0.0
        self._heard_at: float | None = None
        self._stats: OfficeStats | None = None
        self._batches: dict[int, Batch] = {}
        self._needing = NONE_NEEDING
        self._last: Row | None = None
        self._ended: list[Posted[Any]] = []
        self._hidden: dict[str, Notice] = {}
        self._busy = BusyTasks()
        self._statements: list[Statement] = []
        self._visited = float(str(window.settings.value(VISIT, 0.0)))
        self._reading = LatestRequest(services.source, lambda _: None)  # the next change asks
        self._reading_last = LatestRequest(services.source, lambda _: None)
        self._reading_batches = LatestRequest(services.source, lambda _: None)
        self._needing_again = Rereading(window, self._read_needing, elsewhere=True)
        self._rest = QTimer(self, singleShot=True, interval=AT_MOST_MS)
        self._rest.timeout.connect(self._say_if_due)
        self._is_due = False
        self._tick = QTimer(self, interval=SECOND_MS)
        self._tick.timeout.connect(self.note)
        self._last_rest = QTimer(self, singleShot=True, interval=LAST_EVERY_MS)
        self._last_rest.timeout.connect(self._read_last)
        self._connect(services)
        self._cases.lead("again", lambda _: self._ask_again())

    def _connect(self, services: RoomServices) -> None:
        live, link = services.live, services.link
        link.state_changed.connect(self._on_state)
        link.ready.connect(self._load)
        live.was_reset.connect(self._load)
        live.stats_changed.connect(self._on_stats)
        live.notices_changed.connect(self.note)
        live.batches_changed.connect(self._on_batches)
        live.tasks_changed.connect(self._on_tasks)
        services.outbox.changed.connect(self.note)
        services.outbox.ended.connect(self._on_ended)
        for change in (self._cases.changed, self._form.changed):
            change.connect(self.note)

    def note(self, _: object = None) -> None:
        """Note that something has changed."""
        self._is_due = True
        if not self._rest.isActive():
            self._say_if_due()

    def put_away(self, name: str, about: str) -> None:
        """Say no more of a notice as it is now, or of a room's fact."""
        if (notice := self._live.notices.get(name)) is not None:
            self._hidden[name] = notice
        self._cases.put_away(name, about)
        self.note()

    def remember_visit(self) -> None:
        """Remember until when a person has looked at this window."""
        self._window.settings.setValue(VISIT, time.time())

    # what is read

    def _load(self) -> None:
        self._needing_again.note()
        self._read_last()
        self._reading_batches.ask(lambda api: Job(_open_batches, api).then(self._on_open_batches))

    def _read_needing(self) -> None:
        if self._stats is not None:
            visited = self._visited
            self._reading.ask(lambda api: Job(read_needing, api, visited).then(self._on_needing))

    def _read_last(self) -> None:
        self._reading_last.ask(lambda api: Job(api.page, LAST, limit=1).then(self._on_last))

    def _on_needing(self, needing: Needing) -> None:
        self._needing = needing
        self.note()

    def _on_last(self, page: Any) -> None:
        rows: Sequence[Row] = [row_of(each) for each in page["tasks"]]
        self._last = rows[0] if rows else None
        self.note()

    def _on_open_batches(self, batches: list[Batch]) -> None:
        self._batches = {each["batch_id"]: each for each in batches}
        self.note()

    # what is heard

    def _on_state(self, state: BackendState) -> None:
        if isinstance(state, Ready) != isinstance(self._state, Ready):
            self._since = time.monotonic()
            self._stats = None
        self._state = state
        if isinstance(state, Gone):
            self._try_at = time.monotonic() + state.next_try_in
        self.note()

    def _on_stats(self, stats: OfficeStats) -> None:
        before, self._stats = self._stats, stats
        self._heard_at = time.time()
        if before is None or _trouble(before) != _trouble(stats):
            self._needing_again.note()
        has_ended = before is None or before["counts"] != stats["counts"]
        if has_ended and not self._last_rest.isActive():
            self._last_rest.start()
        self.note()

    def _on_tasks(self, _: object) -> None:
        """Read again what needs a person, while some that wait may."""
        if self._stats is not None and self._stats["counts"].get(State.WAITING, 0):
            self._needing_again.note()

    def _on_batches(self, event: BatchesEvent) -> None:
        for number in event["gone"]:
            self._batches.pop(number, None)
        for batch in event["rows"]:
            known = self._batches.get(batch["batch_id"])
            if known is None or known["rev"] <= batch["rev"]:
                self._batches[batch["batch_id"]] = batch
        self._batches = {number: each for number, each in self._batches.items() if _is_open(each)}
        self.note()

    def _on_ended(self, posted: Posted[Any]) -> None:
        self._ended.append(posted)
        self.note()

    def _ask_again(self) -> None:
        ended, self._ended = self._ended, []
        for posted in ended:
            self._outbox.put_again(posted)
        self.note()

    # what is said

    def facts(self) -> Facts:
        """Return what is known now."""
        now, passed = time.time(), time.monotonic()
        is_ready = isinstance(self._state, Ready)
        may = any(self._outbox.tries[each.wish.key] for each in self._ended)
        return Facts(
            now=now,
            state=self._state,
            away_s=0.0 if is_ready else passed - self._since,
            heard_at=self._heard_at,
            try_in=max(0, math.ceil(self._try_at - passed)),
            notices=[each for each in self._live.notices.values() if not self._is_hidden(each)],
            stats=self._stats,
            batches=[*self._batches.values()],
            needing=self._needing,
            last=self._last,
            saved=self._outbox.saved,
            unanswered=Unanswered(len(self._ended), may),
            has_draft=not self._form.is_empty(),
            rooms=self._cases.facts,
            is_app=self._is_app,
            rights=self._window.rights,
            is_busy=self._busy.is_so,
        )

    def _is_hidden(self, notice: Notice) -> bool:
        before = self._hidden.get(notice["id"])
        return before is not None and before["text"] == notice["text"]

    def _say_if_due(self) -> None:
        if not self._is_due:
            return
        self._is_due = False
        self._rest.start()
        facts = self.facts()
        self.gathered.emit(facts)
        self._busy.note(facts.going, time.monotonic())
        found = [*said(facts)]
        self._tick.setInterval(SECOND_MS if self._counts_down(facts) else MINUTE_MS)
        self._tick.start()
        if found != self._statements:
            self._statements = found
            self._cases.sentence = found[0].text
            self.said.emit(found)

    def _counts_down(self, facts: Facts) -> bool:
        """Tell whether a number of the sentence changes with the next second."""
        if not facts.is_ready:
            return facts.away_s < FROM_S or isinstance(facts.state, Gone) or facts.stats is None
        if (facts.going and not self._busy.is_so) or (self._busy.is_so and not facts.going):
            return True
        moments = [facts.stats["next_at"] if facts.stats else None]
        moments += [each["leaves"]["next_at"] for each in facts.batches]
        return any(0 < (epoch(each) or 0) - facts.now < MINUTE for each in moments)


def _trouble(stats: OfficeStats) -> tuple[int, ...]:
    counts, seen = stats["counts"], stats["seen"]
    ended = (State.FAILED, State.UNCERTAIN)
    return (
        *(counts.get(state, 0) - seen.get(state, 0) for state in ended),
        counts.get(State.WAITING, 0),
    )


def _is_open(batch: Batch) -> bool:
    return batch["state"] in {BatchState.RUNNING, BatchState.PAUSED}


def _open_batches(api: Api) -> list[Batch]:
    """Read the batches that were started and are not done; older pages have none for long."""
    return [each for each in api.batches.page()["batches"] if _is_open(each)]
