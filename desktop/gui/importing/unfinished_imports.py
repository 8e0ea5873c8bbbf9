"""Drafts that were not sent: remembered on disk, put aside, and offered again."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QCoreApplication, QObject, Signal

from desktop.client.errors import Refused
from desktop.contract.batches import BatchState
from desktop.gui.batches.batch_words import (
    begins_later,
    explanation,
    goes_on_at,
    is_kept_waiting,
    is_paused,
    progress,
    sent,
)
from desktop.gui.batches.draft_words import to_send
from desktop.gui.frame.drafts import Unfinished
from desktop.gui.kit.words.ages import minute_of_day
from desktop.gui.kit.words.file_faults import import_error
from desktop.gui.kit.words.task_row import epoch
from desktop.gui.link.jobs import Asker, Job

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from desktop.client.api import Api, ApiSource
    from desktop.contract.batches import Batch
    from desktop.contract.events import BatchesEvent
    from desktop.gui.frame.drafts import TypedDrafts
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.notices.toasts import Toast, Toasts
    from desktop.gui.link.jobs import Jobs


translate = QCoreApplication.translate


OPEN_S: Final = 4.0
"""Seconds that *Open* is offered when a draft was closed."""
START_OVER_S: Final = 10.0
"""Seconds that *Start over* is offered when an existing draft was found."""


def batch_leaves(batch: Batch, count: int, ready: float, left: int) -> str:
    """Say when the ``count`` messages of a batch that was started are sent.

    Its grace period ends at ``ready``, epoch s, which is in ``left`` s.
    """
    now = time.time()
    if batch["state"] == BatchState.DONE or sent(batch):
        return progress(batch, now)
    if is_kept_waiting(batch) or is_paused(batch):
        return explanation(batch, now)
    ready = max(ready, now)
    begins = epoch(batch["run_at"]) if begins_later(batch, ready) else goes_on_at(batch, ready)
    leaves = translate("leaving", "%Ln messages are sent", None, count)
    if begins is not None:
        words = translate("leaving", "{now} {when}")
        return words.format(now=leaves, when=minute_of_day(begins, now))
    if not left:
        return leaves
    words = translate("leaving", "Sending %Ln messages begins in {seconds} s", None, count)
    return words.format(seconds=left)


class DraftToasts(QObject):
    """Offers *Undo* for a started batch, and *Open* for a closed draft.

    ``draft_wanted`` carries the number of the draft to open.
    """

    draft_wanted = Signal(int)

    def __init__(self, toasts: Toasts, source: ApiSource, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._toasts = toasts
        self._ask = Asker(source, jobs, self.say_failed)
        self._shown: dict[int, Toast] = {}  # by batch

    def say_sent(self, batch: Batch, count: int, seconds: float) -> None:
        """Say that messages are sent, with *Undo* for ``seconds``."""
        number, ready = batch["batch_id"], time.time() + seconds
        toast = self._toasts.show(
            lambda left: batch_leaves(batch, count, ready, left),
            seconds=max(seconds, 1.0),
            action=self.tr("Undo"),
            icon="mail-check",
        )
        toast.action_chosen.connect(partial(self._on_undo_chosen, number))
        self._replace(number, toast)

    def end(self, number: int) -> None:
        """Close the toast of a batch that is opened, deleted, cancelled or taken back."""
        if number in self._shown:
            self._toasts.close(self._shown[number])

    def _replace(self, number: int, toast: Toast) -> None:
        self.end(number)
        self._shown[number] = toast
        toast.closed.connect(partial(self._shown.pop, number, None))

    def say_starting(self, batch: Batch) -> None:
        """Say that a batch is sent once Sendoff answers; its sheet was closed before that."""
        self.end(batch["batch_id"])
        words = self.tr("“{}” is sent once Sendoff answers")
        self._toasts.show(words.format(batch["name"]), icon="send")

    def say_kept(self, batch: Batch, *, for_a_day: bool) -> None:
        """Say that a closed sheet is kept as a draft."""
        kept = self.tr("“{}” is kept as a draft")
        unchanged = self.tr("You changed nothing, so “{}” is kept as a draft for one day only")
        words = (unchanged if for_a_day else kept).format(batch["name"])
        wanted = partial(self.draft_wanted.emit, batch["batch_id"])
        self._offer(batch, words, self.tr("Open"), wanted)

    def say_found(self, batch: Batch, start_over: Callable[[], object]) -> None:
        """Say that a spreadsheet's existing draft is shown, and offer to read the file again."""
        words = self.tr("“{}” was imported before and not sent. This is its draft")
        start = self.tr("Start over")
        self._offer(batch, words.format(batch["name"]), start, start_over, START_OVER_S)

    def _offer(
        self,
        batch: Batch,
        words: str,
        action: str,
        on_chosen: Callable[[], object],
        seconds: float = OPEN_S,
    ) -> None:
        toast = self._toasts.show(
            words, seconds=seconds, action=action, icon="pencil", undoes=False
        )
        toast.action_chosen.connect(on_chosen)
        self._replace(batch["batch_id"], toast)

    def _on_undo_chosen(self, number: int) -> None:
        """Make a batch a draft again, and open it."""
        self._ask(
            lambda api: Job(api.batches.delete, number).then(
                lambda _: self.draft_wanted.emit(number)
            )
        )

    def say_failed(self, error: Exception) -> None:
        """Say why a batch was not taken back or not started."""
        self._toasts.show(import_error(error), icon="info")


TYPED: Final = "typed"
"""Key of a value typed in a row and not saved: ``{"row", "path", "text"}``."""
TO_READ: Final = "to read"
"""Key of a mark: not all rows of the file are read with the columns as they are matched now."""
LOOKED_AT: Final = "looked at"
"""Key of the time an unchanged draft was closed, epoch s, and its settings then."""
PLACE: Final = "place"
"""Key of the path from which the file was read."""
UNDER_WAY: Final = frozenset({TYPED, TO_READ})
"""The keys of unfinished work."""
_SET_UP: Final = ("key", "template", "rate", "run_at", "columns", "reading", "corrected", "unused")


def set_up_of(batch: Batch) -> list[Any]:
    """Return the settings of a draft for a comparison."""
    return [batch[name] for name in _SET_UP]


class DraftMemory:
    """Remembers drafts by number; ``drafts`` keeps them on disk for the next window.

    A draft of a file counts as unchanged until the person changes it.
    """

    def __init__(self, drafts: TypedDrafts) -> None:
        self._drafts = drafts
        self._unchanged: set[int] = set()
        self._shown = 0

    def note(self, path: str, number: int, *, unchanged: bool) -> None:
        """Remember a new draft of a file; its sheet may be closed by now."""
        if unchanged:
            self._unchanged.add(number)
        self._drafts.keep(str(number), {TO_READ: True, PLACE: path})

    def show(self, number: int) -> None:
        """Note that a draft is shown."""
        self._shown = number
        self.keep(number, LOOKED_AT, None)
        if self._drafts.of(str(number)) is None:
            self._drafts.keep(str(number), {})
        self._drafts.take_up(str(number))

    def change(self, *_what: object) -> None:
        """Note that the person has changed the shown draft."""
        self._unchanged.discard(self._shown)

    def close(self, batch: Batch) -> bool:
        """Note that a draft is closed; return whether it is unchanged."""
        number = batch["batch_id"]
        if number not in self._unchanged or self.of(number, TYPED) is not None:
            return False
        self.keep(number, LOOKED_AT, [time.time(), set_up_of(batch)])
        return True

    def is_as_read(self, number: int) -> bool:
        """Tell whether a draft has all rows of its file and is unchanged."""
        draft = self._drafts.of(str(number)) or {}
        return number in self._unchanged and UNDER_WAY.isdisjoint(draft)

    def numbers(self) -> list[int]:
        """Return the drafts made on this computer, the one shown last first."""
        return [int(name) for name in reversed(self._drafts.names())]

    def of(self, number: int, key: str) -> Any:
        """Return what is remembered of a draft under a key, or ``None``."""
        return (self._drafts.of(str(number)) or {}).get(key)

    def keep(self, number: int, key: str, value: object) -> None:
        """Remember something of a draft under a key; ``None`` drops it."""
        known = self._drafts.of(str(number))
        if known is not None:
            draft = {each: kept for each, kept in known.items() if each != key}
            self._drafts.keep(str(number), draft if value is None else {**draft, key: value})


KEPT_FOR: Final = 24 * 3600.0
"""Seconds for which an unchanged draft is kept."""


def was_only_looked_at(draft: dict[str, Any], batch: Batch) -> bool:
    """Tell whether a draft was closed unchanged, and not changed since.

    ``draft`` is its entry in :class:`DraftMemory`.
    """
    _, set_up = draft.get(LOOKED_AT, (0.0, None))
    return bool(set_up == set_up_of(batch))


def was_looked_at_long_ago(draft: dict[str, Any], batch: Batch, now: float) -> bool:
    """Tell whether a draft was closed unchanged a day or longer before ``now``, epoch s."""
    return was_only_looked_at(draft, batch) and bool(now - draft[LOOKED_AT][0] >= KEPT_FOR)


def has_nothing_to_send(batch: Batch) -> bool:
    """Tell whether each row of a draft is the same as before or a duplicate."""
    counts = batch["counts"]
    return 0 < counts["rows"] == counts["same"] + counts["twice"]


def is_settled(draft: dict[str, Any], batch: Batch) -> bool:
    """Tell whether a draft needs nothing more.

    It is unchanged, or all its rows are checked and none would be sent.
    """
    is_checked = batch["counts"]["rows"] and not batch["counts"]["unchecked"]
    sends_none = is_checked and not to_send(batch)
    return UNDER_WAY.isdisjoint(draft) and bool(sends_none or was_only_looked_at(draft, batch))


BAR: Final = "left imports"


class UnfinishedImports(Unfinished):
    """Offers the unfinished drafts of the last window; the view of batches lists all."""

    def __init__(
        self,
        window: MainWindow,
        source: ApiSource,
        jobs: Jobs,
        drafts: TypedDrafts,
    ) -> None:
        super().__init__(window, drafts, BAR)
        self._ask = Asker(source, jobs, lambda _: None)  # they stay in the list
        self._there: dict[str, Batch] = {}  # the existing drafts
        self._is_read = False

    def look(self) -> None:
        """Offer the drafts that the last window left; later, only those still offered."""
        self.drafts.read(self._look)

    def follow(self, event: BatchesEvent) -> None:
        """Forget drafts that were started or deleted, and stop offering those that need nothing."""
        started = [b["batch_id"] for b in event["rows"] if b["state"] != BatchState.DRAFT]
        self._forget({*event["gone"], *started})
        for batch in event["rows"]:
            name = str(batch["batch_id"])
            if batch["state"] == BatchState.DRAFT:
                self._there[name] = batch
            if not self._asks(name):
                self.stop_offering(name)
        self._show()

    def words(self, last: str, count: int) -> str:
        """Say which spreadsheet was not sent."""
        name = self._there[last]["name"]
        if count == 1:
            return self.tr("“{}” is not sent yet. It is kept as a draft.").format(name)
        many = self.tr("%Ln imports are not sent yet. The last one: “{}”", None, count)
        return many.format(name)

    def way(self) -> str:
        """Return the text of the button that opens it."""
        return self.tr("Open")

    def _look(self) -> None:
        drafts = {int(name): self.drafts.of(name) or {} for name in self.drafts.names()}
        found = partial(self._on_found, [*drafts])
        if drafts:
            self._ask(lambda api: Job(_drafts_among, api, drafts, time.time()).then(found))
        else:
            self._is_read = True

    def _on_found(self, asked: Sequence[int], found: list[Batch]) -> None:
        offered = self._left if self._is_read else self.drafts.left()
        self._is_read = True
        there = {batch["batch_id"] for batch in found}
        self._forget(number for number in asked if number not in there)
        self._there = {str(batch["batch_id"]): batch for batch in found}
        self.offer([name for name in offered if self._asks(name)])

    def _asks(self, name: str) -> bool:
        """Tell whether a draft exists and needs a person."""
        batch = self._there.get(name)
        return batch is not None and not is_settled(self.drafts.of(name) or {}, batch)

    def _forget(self, numbers: Iterable[int]) -> None:
        for name in {str(number) for number in numbers}.intersection(self.drafts.names()):
            self.drafts.keep(name, None)


def _drafts_among(api: Api, drafts: Mapping[int, dict[str, Any]], now: float) -> list[Batch]:
    """Return which of these batches are still drafts, in order; delete old unchanged ones.

    ``drafts`` are their entries in :class:`DraftMemory`.
    """
    found = []
    for number, draft in drafts.items():
        try:
            batch = api.batches.one(number)
            if batch["state"] != BatchState.DRAFT:
                continue
            if was_looked_at_long_ago(draft, batch, now):
                api.batches.delete(number)
                continue
        except Refused:  # it was deleted or has expired
            continue
        found.append(batch)
    return found
