"""Saves the settings of a draft, sends it, and says what becomes of it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast

from PySide6.QtCore import QCoreApplication, QObject, Signal

from desktop.contract.batch_condition import (
    begins_later,
    goes_on_at,
    is_kept_waiting,
    is_paused,
    sent,
)
from desktop.contract.batches import BatchState
from desktop.gui.batches.batch_numbers import progress
from desktop.gui.batches.batch_words import explanation
from desktop.gui.importing.draft_file import TO_READ, UNDECIDED
from desktop.gui.importing.source_pane import SetUp
from desktop.gui.kit.words.ages import minute_of_day
from desktop.gui.kit.words.file_faults import error_sentence
from desktop.gui.kit.words.table import WORDS
from desktop.gui.link.jobs import Asker, Job, LatestRequest
from sendoff_tasks.client.calls import new_key
from sendoff_tasks.client.errors import BackendGone, Refused, TooSlow
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.client.api import Api
    from desktop.contract.batches import Batch, NewBatch
    from desktop.gui.frame.notices.toasts import Toast, Toasts
    from desktop.gui.frame.room import GracePeriod
    from desktop.gui.importing.draft_file import DraftMemory
    from desktop.gui.importing.import_sheet import ImportSheet
    from desktop.gui.link.jobs import ApiSource


translate = QCoreApplication.translate
OPEN_S: Final = 4.0
"""Seconds that *Open* is offered when a draft was closed."""
START_OVER_S: Final = 10.0
"""Seconds that *Start over* is offered when an existing draft was found."""


@dataclass(frozen=True, slots=True)
class _Change:
    number: int
    body: NewBatch
    rows: bool


class Changes(QObject):
    """Makes sure that the backend ends up with the last change of each draft.

    Jobs run on several threads, so changes made while one is under way are sent as one change after
    it. A change that was neither made nor refused is sent again once the backend is back, or with
    ``make_last``. ``made`` carries the draft after its last change, and whether its columns were
    matched differently. ``failed`` carries a draft's number and the error of its last change.
    """

    made = Signal(object, bool)
    failed = Signal(int, object)

    def __init__(self, source: ApiSource, parent: QObject) -> None:
        super().__init__(parent)
        self._source = source
        self._ask = Asker(source, self.failed.emit)
        self._last: dict[int, _Change] = {}
        self._under_way: set[int] = set()

    def to_come(self, number: int) -> NewBatch | None:
        """Return a draft's last change, if the backend may not have it yet."""
        return self._last[number].body if number in self._last else None

    def make(self, number: int, name: str, wanted: SetUp) -> None:
        """Change the settings of a draft named ``name``, after the change under way."""
        before = self._last.get(number)
        rows = wanted.rows or (before is not None and before.rows)
        body: Any = {"name": name, **wanted.settings}
        self._last[number] = _Change(number, body, rows)
        self.make_last(number)

    def make_last(self, number: int) -> None:
        """Send a draft's last change, if it was not made and none is under way."""
        if number not in self._last or number in self._under_way:
            return
        change, asked = self._last[number], self._source.api
        self._under_way.add(number)
        made, failed = partial(self._on_made, change), partial(self._on_failed, change, asked)
        self._ask(lambda api: Job(api.batches.change, number, change.body).then(made), failed)

    def _on_made(self, change: _Change, batch: Batch) -> None:
        self._under_way.remove(change.number)
        if self._last[change.number] is change:
            del self._last[change.number]
            self.made.emit(batch, change.rows)
        else:
            self.make_last(change.number)

    def _on_failed(self, change: _Change, asked: Api | None, error: Exception) -> None:
        number, is_gone = change.number, isinstance(error, BackendGone)
        self._under_way.remove(number)
        is_back = is_gone and self._source.api not in {None, asked}
        if is_back or self._last[number] is not change:
            self.make_last(number)
            return
        if is_gone:
            self._source.once_back((self, number), partial(self.make_last, number))
        elif isinstance(error, Refused):
            del self._last[number]
        self.failed.emit(number, error)


class StartingDraft(QObject):
    """Saves the settings of the shown draft, and starts it; ``number`` is the draft or ``None``.

    A draft is started once its last change is made and the backend answers; if the rows are then
    checked again, the person presses again. If its sheet is closed before that change is made, it
    stays a draft; later, it is started all the same. ``rows_wanted`` says that its columns were
    matched differently, so its rows have to be read again and shown before they are sent.
    ``started`` carries the batch, ``failed`` an error, ``not_started`` the error of a batch whose
    sheet is closed.
    """

    rows_wanted = Signal()
    started = Signal(object)
    failed = Signal(object)
    not_started = Signal(object)

    def __init__(
        self,
        sheet: ImportSheet,
        source: ApiSource,
        memory: DraftMemory,
        grace: GracePeriod,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._sheet = sheet
        self._memory = memory
        self._grace = grace
        self._source = source
        self._starts: dict[int, LatestRequest] = {}  # by batch, until it is answered
        self._read = LatestRequest(source, self.failed.emit)
        self._changes = Changes(source, self)
        self._changes.made.connect(self._on_changed)
        self._changes.failed.connect(self._on_not_changed)
        self._is_wanted = False
        self.number: int | None = None
        sheet.set_up.connect(self._on_set_up)

    def begin(self, number: int) -> None:
        """Follow a draft from now on."""
        self.number = number
        self._sheet.foot_row.show_sending(is_sending=number in self._starts)
        self.follow()

    def follow(self, _notices: object = None) -> None:
        """Read the draft again: no event says what its messages will wait for."""
        if (number := self.number) is not None:
            self._read.ask(lambda api: Job(api.batches.one, number).then(self._on_read))

    def take_up(self, batch: Batch) -> Batch:
        """Follow an existing draft; return it with a change that was not made yet."""
        self.begin(batch["batch_id"])
        change = self._changes.to_come(batch["batch_id"])
        return batch if change is None else cast("Batch", {**batch, **change})

    def leave(self) -> None:
        """Stop following the draft; a start under way continues."""
        self.number = None
        self._is_wanted = False
        self._read.drop()

    def start(self) -> None:
        """Start the draft once its last change is made."""
        number, key, grace = self.number, new_key(), self._grace.seconds
        if number is None or number in self._starts:
            return
        also = self._sheet.source.sending.also
        self._is_wanted = self._changes.to_come(number) is not None
        self._sheet.foot_row.show_sending(is_sending=True)
        if self._is_wanted:
            self._changes.make_last(number)
            return
        failed = partial(self._on_not_started, number)
        request = self._starts[number] = LatestRequest(self._source, failed)

        def begin(api: Api) -> Job[Batch]:
            return Job(api.batches.start, number, key, also=also, delay=grace)

        request.ask(lambda api: begin(api).then(self.started.emit))

    def is_starting(self, number: int) -> bool:
        """Tell whether a batch is being started here, without an answer yet."""
        return number in self._starts

    def answer(self, number: int) -> bool:
        """Note that a batch was started; tell whether it was started here or is shown."""
        request = self._starts.pop(number, None)
        if request is not None:
            request.drop()
        return request is not None or number == self.number

    def _on_set_up(self, wanted: SetUp) -> None:
        batch = self._sheet.batch
        if self.number is not None and batch is not None:
            if wanted.rows:
                self._memory.keep(self.number, TO_READ, True)
            if not self._sheet.source.sending.undecided:
                self._memory.keep(self.number, UNDECIDED, None)
            self._changes.make(self.number, batch["name"], wanted)

    def _on_read(self, batch: Batch) -> None:
        if batch["state"] == BatchState.DRAFT:
            self._sheet.show_change(batch)
        else:
            self.started.emit(batch)

    def _on_changed(self, batch: Batch, rows: bool) -> None:
        if batch["batch_id"] != self.number:
            return
        self._sheet.show_change(batch)
        is_wanted, self._is_wanted = self._is_wanted, False
        if rows:
            self._sheet.foot_row.show_sending(is_sending=False)
            self.rows_wanted.emit()
        elif is_wanted and self._sheet.is_checked:
            self.start()
        elif is_wanted:
            self._sheet.foot_row.show_sending(is_sending=False)
            self._sheet.foot_row.press_send()  # it says what to wait for

    def _on_not_changed(self, number: int, error: Exception) -> None:
        if number != self.number:
            return
        if self._is_wanted and _comes_back(error):
            self._sheet.foot_row.show_waiting(error)
            return
        self._is_wanted = False
        self._sheet.foot_row.show_sending(is_sending=False)
        self.failed.emit(error)

    def _on_not_started(self, number: int, error: Exception) -> None:
        is_shown = number == self.number
        if _comes_back(error):
            if is_shown:
                self._sheet.foot_row.show_waiting(error)
            return
        self._starts.pop(number).drop()
        if is_shown:
            self._sheet.foot_row.show_sending(is_sending=False)
        (self.failed if is_shown else self.not_started).emit(error)


def _comes_back(error: Exception) -> bool:
    """Tell whether the call is repeated once the backend is back."""
    return isinstance(error, BackendGone) and not isinstance(error, TooSlow)


def batch_leaves(
    batch: Batch, count: int, ready: float, left: int, stopped: str, *, kept: bool
) -> str:
    """Say when the ``count`` messages of a batch that was started are sent, or only ``kept``.

    Its grace period ends at ``ready``, epoch s, which is in ``left`` s. ``stopped`` says when its
    queue continues; empty unless that is paused or held.
    """
    now = time.time()
    if batch["state"] == BatchState.DONE or sent(batch):
        return progress(batch, now)
    if is_kept_waiting(batch) or is_paused(batch):
        return explanation(batch, now)
    ready = max(ready, now)
    is_planned = begins_later(batch, ready)
    begins = epoch(batch["run_at"]) if is_planned else goes_on_at(batch, ready)
    when = stopped or (minute_of_day(begins, now) if begins is not None else "")
    rate = WORDS.rate(batch["rate"])
    if kept and is_planned:
        words = translate(
            "leaving",
            "%Ln e-mails will be kept {when}, or sent if real sending is set up by then",
            None,
            count,
        )
    elif kept:
        words = translate("leaving", "%Ln e-mails will be kept, not sent", None, count)
    elif when:
        words = translate("leaving", "%Ln e-mails will be sent {when}", None, count)
    elif left and rate:
        words = translate(
            "leaving",
            "%Ln e-mails will be sent, at most {rate}; the first in {left} s",
            None,
            count,
        )
    elif left:
        words = translate("leaving", "Sending %Ln e-mails begins in {left} s", None, count)
    elif rate:
        words = translate("leaving", "%Ln e-mails are being sent, at most {rate}", None, count)
    else:
        words = translate("leaving", "%Ln e-mails are being sent", None, count)
    return words.format(when=when, rate=rate, left=left)


class DraftToasts(QObject):
    """Offers *Undo* for a started batch, and *Open* for a closed draft.

    ``draft_wanted`` carries the number of the draft to open.
    """

    draft_wanted = Signal(int)

    def __init__(self, toasts: Toasts, source: ApiSource, parent: QObject) -> None:
        super().__init__(parent)
        self._toasts = toasts
        self._ask = Asker(source, self.say_failed)
        self._shown: dict[int, Toast] = {}  # by batch
        self._started: dict[int, Batch] = {}  # those whose toast offers Undo, as they are now

    def say_sent(self, batch: Batch, count: int, seconds: float) -> None:
        """Say that messages are sent, with *Undo* for ``seconds``."""
        number, ready = batch["batch_id"], time.time() + seconds

        def words(left: int) -> str:
            now = self._started.get(number, batch)
            kept = self._toasts.keeps
            return batch_leaves(now, count, ready, left, self._toasts.when(0), kept=kept)

        toast = self._toasts.show(
            words,
            seconds=max(seconds, 1.0),
            action=self.tr("Undo"),
            chosen=partial(self._on_undo_chosen, number),
            icon="mail-check",
        )
        self._replace(number, toast)
        self._started[number] = batch
        toast.closed.connect(partial(self._started.pop, number, None))

    def follow(self, batch: Batch) -> None:
        """Say how far a batch is; once a message was sent, it is too late for *Undo*."""
        number = batch["batch_id"]
        if number in self._started and sent(batch):
            self._started[number] = batch
            self._shown[number].end_action()
            self._shown[number].say_again()

    def end(self, number: int) -> None:
        """Close the toast of a batch that is opened, deleted, cancelled or taken back."""
        self._toasts.close(self._shown.get(number))

    def _replace(self, number: int, toast: Toast) -> None:
        self.end(number)
        self._shown[number] = toast
        toast.closed.connect(partial(self._shown.pop, number, None))

    def say_starting(self, batch: Batch) -> None:
        """Say that a batch is sent once Sendoff answers; its sheet was closed before that."""
        self.end(batch["batch_id"])
        words = self.tr("“{}” is sent once Sendoff answers")
        self._toasts.show(words.format(batch["name"]), icon="send")

    def say_kept(self, batch: Batch) -> None:
        """Say that a closed sheet is kept as a draft."""
        words = self.tr("“{}” is kept as a draft").format(batch["name"])
        wanted = partial(self.draft_wanted.emit, batch["batch_id"])
        self._offer(batch, words, self.tr("Open"), wanted)

    def say_found(self, batch: Batch, start_over: Callable[[], object]) -> None:
        """Say that a spreadsheet's existing draft is shown, and offer to read the file again."""
        words = self.tr("“{}” was imported before. This is its draft")
        start = self.tr("Start over")
        self._offer(batch, words.format(batch["name"]), start, start_over, START_OVER_S)

    def _offer(
        self,
        batch: Batch,
        words: str,
        action: str,
        chosen: Callable[[], object],
        seconds: float = OPEN_S,
    ) -> None:
        toast = self._toasts.show(
            words, seconds=seconds, action=action, chosen=chosen, icon="pencil", undoes=False
        )
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
        self._toasts.show(error_sentence(error), icon="info")
