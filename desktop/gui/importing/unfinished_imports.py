"""Drafts that were not sent: remembered on disk, put aside, and offered again."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
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
from desktop.gui.kit.words.ages import minute_of_day, rate_words
from desktop.gui.kit.words.file_faults import import_error
from desktop.gui.kit.words.task_row import epoch
from desktop.gui.link.jobs import Asker, Job

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from desktop.client.api import Api, ApiSource
    from desktop.contract.batches import Batch
    from desktop.contract.events import BatchesEvent
    from desktop.gui.batches.batch_model import BatchModel
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
    if batch["state"] == BatchState.DONE:
        return progress(batch, now)
    if is_kept_waiting(batch) or is_paused(batch):
        return explanation(batch, now)
    ready = max(ready, now)
    begins = epoch(batch["run_at"]) if begins_later(batch, ready) else goes_on_at(batch, ready)
    if sent(batch):
        return _goes_on(batch, begins, now)
    leaves = translate("leaving", "%Ln messages are sent", None, count)
    if begins is not None:
        words = translate("leaving", "{now} {when}")
        return words.format(now=leaves, when=minute_of_day(begins, now))
    if batch["rate"]:
        return _leaves_at_rate(leaves, batch["rate"], left)
    if not left:
        return leaves
    words = translate("leaving", "Sending %Ln messages begins in {seconds} s", None, count)
    return words.format(seconds=left)


def _goes_on(batch: Batch, begins: float | None, now: float) -> str:
    """Say how many messages of a batch are sent, and when it goes on if that is later."""
    said = progress(batch, now)
    if begins is None:
        return said
    words = translate("leaving", "{sent}; the next one {when}")
    return words.format(sent=said, when=minute_of_day(begins, now))


def _leaves_at_rate(leaves: str, rate: str, left: int) -> str:
    words = translate("leaving", "{now}, at most {rate}")
    said = words.format(now=leaves, rate=rate_words(rate))
    first = translate("leaving", "{now}; the first in {seconds} s")
    return first.format(now=said, seconds=left) if left else said


class DraftToasts(QObject):
    """Offers *Undo* for a started batch, and *Open* for a closed draft.

    ``draft_wanted`` carries the number of the draft to open.
    """

    draft_wanted = Signal(int)

    def __init__(self, toasts: Toasts, source: ApiSource, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._toasts = toasts
        self._ask = Asker(source, jobs, self.say_failed)
        self._leaving: dict[int, Toast] = {}
        self._batches: dict[int, Batch] = {}  # the batches of these toasts
        self._kept: dict[int, Toast] = {}  # of closed and found drafts

    def say_sent(self, batch: Batch, count: int, seconds: float) -> None:
        """Say that messages are sent, with *Undo* for ``seconds``."""
        number = batch["batch_id"]
        self.end(number)
        ready = time.time() + seconds
        self._batches[number] = batch
        toast = self._toasts.show(
            lambda left: batch_leaves(self._batches[number], count, ready, left),
            seconds=max(seconds, 1.0),
            action=self.tr("Undo"),
            icon="mail-check",
        )
        toast.action_chosen.connect(partial(self._on_undo_chosen, number))
        toast.closed.connect(partial(self._on_toast_closed, number))
        self._leaving[number] = toast

    def watch(self, batches: BatchModel) -> None:
        """Update the toasts of started batches when their state changes."""
        for changed in (batches.shown, batches.dataChanged):
            changed.connect(lambda *_: self._look(batches))

    def end(self, number: int) -> None:
        """Close the toasts of a batch that is a draft again, opened, sent or deleted."""
        for toasts in (self._leaving, self._kept):
            if number in toasts:
                self._toasts.close(toasts[number])

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
        """Show the one toast of a draft, which ends with it."""
        number = batch["batch_id"]
        self.end(number)
        toast = self._kept[number] = self._toasts.show(
            words, seconds=seconds, action=action, icon="pencil", undoes=False
        )
        toast.action_chosen.connect(on_chosen)
        toast.closed.connect(partial(self._kept.pop, number, None))

    def _look(self, batches: BatchModel) -> None:
        for number, toast in [*self._leaving.items()]:
            batch = batches.find(number)
            if batch is None or batch["rev"] < self._batches[number]["rev"]:
                continue  # older than its start
            if batch["state"] == BatchState.DRAFT or batches.is_cancelling(number):
                self.end(number)  # the toast of the cancel follows
            else:
                self._batches[number] = batch
                toast.say_again()
                if batch["state"] == BatchState.DONE or sent(batch):
                    toast.end_action()  # sent messages cannot be taken back

    def _on_toast_closed(self, number: int) -> None:
        self._leaving.pop(number, None)
        self._batches.pop(number, None)

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
REPLACES: Final = "replaces"
"""Key of the number of the draft that this one replaces once all rows are read."""
TO_READ: Final = "to read"
"""Key of a mark: columns were matched differently, and some rows are not read again yet."""
READING: Final = "reading"
"""Key of the number of rows in the file, kept until all of them are read."""
SET_UP: Final = "set up"
"""Key of the chosen settings, kept until the backend has them."""
SENDING: Final = "sending"
"""Key of the choice to send unchanged rows again; kept from *Send* until the batch is started."""
LOOKED_AT: Final = "looked at"
"""Key of the time an unchanged draft was closed, epoch s, and its settings then."""
PLACE: Final = "place"
"""Key of the path from which the file was read."""
UNDER_WAY: Final = frozenset({TYPED, REPLACES, TO_READ, READING, SET_UP, SENDING})
"""The keys of unfinished work."""
_SET_UP: Final = ("key", "template", "rate", "run_at", "columns", "reading", "corrected", "unused")


def set_up_of(batch: Batch) -> list[Any]:
    """Return the settings of a draft for a comparison."""
    return [batch[name] for name in _SET_UP]


class DraftMemory:
    """Remembers drafts by number; ``drafts`` keeps them on disk for the next window.

    If the same file is imported again, its draft is opened. An unchanged draft is replaced by a new
    one instead, so it is never out of date.
    """

    def __init__(self, drafts: TypedDrafts) -> None:
        self._drafts = drafts
        self._looked_at: dict[str, int] = {}
        self._shown = ""

    def begin(self, path: str, number: int) -> None:
        """Note that a new draft of a file is shown."""
        self._shown = path
        self.show(number)

    def note(self, path: str, number: int, rows: int, replaces: int | None) -> None:
        """Remember a new draft of a file with ``rows`` rows; its sheet may be closed by now.

        A draft that ``replaces`` another does not count as unchanged: the person chose how to read
        it, and it takes over corrections.
        """
        self._looked_at.pop(path, None)
        if replaces is None:
            self._looked_at[path] = number
        draft: dict[str, Any] = {READING: rows, PLACE: path}
        self._drafts.keep(str(number), draft if replaces is None else draft | {REPLACES: replaces})

    def show(self, number: int) -> None:
        """Note that a draft is shown."""
        self.keep(number, LOOKED_AT, None)
        if self._drafts.of(str(number)) is None:
            self._drafts.keep(str(number), {})
        self._drafts.take_up(str(number))

    def close(self, batch: Batch, pasted_in: Path) -> bool:
        """Note that a draft is closed; return whether it is an unchanged draft of a file.

        Drafts of pasted cells do not count: their file is deleted with the window.
        """
        number = batch["batch_id"]
        path = next((path for path, each in self._looked_at.items() if each == number), None)
        is_typed = self.of(number, TYPED) is not None
        if path is None or Path(path).is_relative_to(pasted_in) or is_typed:
            return False
        self.keep(number, LOOKED_AT, [time.time(), set_up_of(batch)])
        return True

    def is_as_read(self, number: int) -> bool:
        """Tell whether a draft has all rows of its file and is unchanged."""
        draft = self._drafts.of(str(number)) or {}
        return number in self._looked_at.values() and UNDER_WAY.isdisjoint(draft)

    def only_looked_at(self, path: str) -> int | None:
        """Return the unchanged draft of a file, and forget it."""
        return self._looked_at.pop(path, None)

    def numbers(self) -> list[int]:
        """Return the drafts made on this computer, the one shown last first."""
        return [int(name) for name in reversed(self._drafts.names())]

    def change(self, *_what: object) -> None:
        """Note that the person has changed the shown draft."""
        self._looked_at.pop(self._shown, None)

    def forget(self, numbers: Iterable[int]) -> None:
        """Stop counting drafts as unchanged: they were deleted, started, or opened again."""
        gone = set(numbers)
        self._looked_at = {path: n for path, n in self._looked_at.items() if n not in gone}

    def of(self, number: int, key: str) -> Any:
        """Return what is remembered of a draft under a key, or ``None``."""
        return (self._drafts.of(str(number)) or {}).get(key)

    def keep(self, number: int, key: str, value: object) -> None:
        """Remember something of a draft under a key; ``None`` drops it."""
        known = self._drafts.of(str(number))
        if known is not None:
            draft = {each: kept for each, kept in known.items() if each != key}
            self._drafts.keep(str(number), draft if value is None else {**draft, key: value})

    def go_on(self, batch: Batch, rows: int) -> int | None:
        """Return the row after which to continue reading a file of ``rows`` rows.

        ``None`` means that all are read. Until then the draft is marked as incomplete.
        """
        number, there = batch["batch_id"], batch["counts"]["rows"]
        if there < rows:
            self.keep(number, READING, rows)
        if self.of(number, TO_READ):
            return 0
        return there if there < rows or self.of(number, READING) is not None else None

    def mark_read(self, number: int) -> None:
        """Note that all rows of a draft are read."""
        for mark in (TO_READ, REPLACES, READING):
            self.keep(number, mark, None)


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


class PuttingAside(QObject):
    """Says where a closed draft is kept.

    An unchanged draft whose rows were all sent before is deleted instead.
    """

    def __init__(
        self,
        draft_toasts: DraftToasts,
        memory: DraftMemory,
        source: ApiSource,
        jobs: Jobs,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._draft_toasts = draft_toasts
        self._memory = memory
        self._ask = Asker(source, jobs, lambda _: None)  # it stays in the list

    def close(self, batch: Batch, *, again: bool, pasted_in: Path) -> None:
        """Close a draft; ``again`` means that the person chose to send unchanged rows again.

        Files of pasted cells are in the folder ``pasted_in``.
        """
        number, is_over = batch["batch_id"], has_nothing_to_send(batch) and not again
        if is_over and self._memory.is_as_read(number):
            self._ask(lambda api: Job(api.batches.delete, number))
            return
        for_a_day = self._memory.close(batch, pasted_in)
        self._draft_toasts.say_kept(batch, for_a_day=for_a_day)


BAR: Final = "left imports"


class UnfinishedImports(Unfinished):
    """Offers unfinished drafts in a bar; the view of batches lists the others, too.

    The bar counts all drafts that need a person, including those opened or made since.
    """

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
        """Offer the drafts that the last window left, once."""
        if not self._is_read:
            self.drafts.read(self._look)

    def look_again(self) -> None:
        """Read the offered drafts again: changes may have been missed."""
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

    def pointed_to(self) -> list[str]:
        """Return the existing drafts that need a person."""
        return [name for name in self.drafts.left() if self._asks(name)]

    def words(self, last: str, count: int) -> str:
        """Say which spreadsheet was not sent."""
        name = self._there[last]["name"]
        was_sent = SENDING in (self.drafts.of(last) or {})
        if count == 1 and was_sent:
            return self.tr(
                "“{}” was not sent: Sendoff ended before it could be. Open it and press Send."
            ).format(name)
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
