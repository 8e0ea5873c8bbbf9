"""Saves the settings of a draft, sends it, and says what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast

from PySide6.QtCore import QObject, Signal

from desktop.contract.batches import BatchState
from desktop.gui.importing.draft_file import TO_READ, UNDECIDED
from desktop.gui.importing.sending_form import SetUp
from desktop.gui.kit.words.file_faults import error_sentence
from desktop.gui.kit.words.table import say
from desktop.gui.link.jobs import Job, LatestRequest
from desktop.gui.link.outbox import Wish
from sendoff_tasks.client.calls import new_key
from sendoff_tasks.client.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from desktop.client.api import Api
    from desktop.contract.batches import Batch, NewBatch
    from desktop.gui.frame.notes import NoteLine, WindowNote
    from desktop.gui.frame.room import RoomServices
    from desktop.gui.importing.draft_file import DraftMemory
    from desktop.gui.importing.import_place import ImportPlace


DRAFT: Final = "draft"
"""What wishes for drafts are about, with the number."""


@dataclass(frozen=True, eq=False)
class DraftWish(Wish["Batch"]):
    """What is asked for a draft: its last settings and whether it starts, both at once.

    - ``body``: the settings, unless the backend has the last ones
    - ``rows``: its columns were matched differently; it does not start before its rows were read
    - ``start``: how it starts, if *Send* was pressed
    """

    body: NewBatch | None = None
    rows: bool = False
    start: Mapping[str, Any] | None = None


def _carry_out(
    number: int, body: NewBatch | None, start: Mapping[str, Any] | None, api: Api, key: str
) -> Batch:
    """Change a draft and start it, unless its rows are checked again by then.

    A draft that was started before, here or elsewhere, is not changed.
    """
    try:
        if body is not None:
            changed = api.batches.change(number, body)
            if start is None or changed["counts"]["unchecked"]:
                return changed
        return api.batches.start(number, key, **(start or {}))
    except Refused:
        batch = api.batches.one(number)
        if start is None or batch["state"] == BatchState.DRAFT:
            raise
        return batch


class ShownDraft(QObject):
    """Saves the settings of the shown draft, and starts it; ``number`` is the draft or ``None``.

    The last settings of a draft and its start are one wish. If the rows are checked again, the
    person presses again. ``rows_wanted`` says that its columns were matched differently, so its
    rows have to be read again and shown before they are sent. ``started`` carries a batch that was
    started, here or elsewhere; ``failed`` carries an error. What becomes of a draft that is
    left is told by ``notes``.
    """

    rows_wanted = Signal()
    started = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        place: ImportPlace,
        services: RoomServices,
        memory: DraftMemory,
        notes: DraftNotes,
    ) -> None:
        super().__init__(place)
        self._place, self._notes = place, notes
        self._memory = memory
        self._grace = services.grace
        self._outbox = services.outbox
        self._read = LatestRequest(services.source, self.failed.emit)
        self.number: int | None = None
        place.set_up.connect(self._on_set_up)

    def begin(self, number: int) -> None:
        """Follow a draft from now on."""
        self.number = number
        self._place.said.show_sending(is_sending=self.is_starting(number))
        self.follow()

    def follow(self, _notices: object = None) -> None:
        """Read the draft again: no event says what its messages will wait for."""
        if (number := self.number) is not None:
            self._read.ask(lambda api: Job(api.batches.one, number).then(self._on_read))

    def take_up(self, batch: Batch) -> Batch:
        """Follow an existing draft; return it with a change that was not made yet."""
        self.begin(batch["batch_id"])
        wish = self._open(batch["batch_id"])
        return cast("Batch", {**batch, **(wish.body or {})})

    def leave(self) -> None:
        """Stop following the draft; what was asked for it continues."""
        self.number = None
        self._read.drop()

    def start(self) -> None:
        """Start the draft with its last settings."""
        if (number := self.number) is not None and not self.is_starting(number):
            also = self._place.source.sending.also
            before = self._open(number)
            self._place.said.show_sending(is_sending=True)
            start = {"also": also, "undo_for": self._grace.seconds}
            self._put(number, replace(before, key=new_key(), start=start))

    def is_starting(self, number: int) -> bool:
        """Tell whether a batch is being started here, without an answer yet."""
        return self._open(number).start is not None

    def hear(self, batch: Batch) -> None:
        """Take an event: a batch was started. If that was wished for here, an answer comes, too."""
        if batch["batch_id"] == self.number and not self.is_starting(self.number):
            self.started.emit(batch)

    def _open(self, number: int) -> DraftWish:
        """Return the last wish for a draft; one for nothing if the backend has all."""
        wish = self._outbox.newest((DRAFT, number))
        return wish if isinstance(wish, DraftWish) else DraftWish(partial(_carry_out, number))

    def _put(self, number: int, wish: DraftWish) -> None:
        start = None if wish.rows else wish.start
        ask = partial(_carry_out, number, wish.body, start)
        wish = replace(wish, ask=ask, about=(DRAFT, number))
        self._outbox.put(
            wish,
            partial(self._on_answered, number, wish),
            partial(self._on_refused, number),
            partial(self._on_away, number, wish),
            partial(self._on_ended, number, wish),
        )

    def _on_set_up(self, wanted: SetUp) -> None:
        batch, number = self._place.batch, self.number
        if number is not None and batch is not None:
            if wanted.rows:
                self._memory.keep(number, TO_READ, True)
            if not self._place.source.sending.undecided:
                self._memory.keep(number, UNDECIDED, None)
            body: Any = {"name": batch["name"], **wanted.settings}
            before = self._open(number)
            self._put(number, replace(before, body=body, rows=wanted.rows or before.rows))

    def _on_read(self, batch: Batch) -> None:
        if batch["state"] == BatchState.DRAFT:
            self._place.show_change(batch)
        else:
            self.hear(batch)

    def _on_answered(self, number: int, wish: DraftWish, batch: Batch) -> None:
        if batch["state"] != BatchState.DRAFT:
            self.started.emit(batch)
        elif number == self.number:
            foot = self._place.said
            foot.show_sending(is_sending=False)
            self._place.show_change(batch)
            if wish.rows:
                self.rows_wanted.emit()
            elif wish.start is not None:
                foot.press_send()  # it says what to wait for
        elif wish.start is not None:
            self._notes.say_kept(batch)

    def _on_refused(self, number: int, error: Exception) -> None:
        if number == self.number:
            self._place.said.show_sending(is_sending=False)
            self.failed.emit(error)
        else:
            self._notes.say_failed(error)

    def _on_away(self, number: int, wish: DraftWish, error: Exception) -> None:
        if number == self.number and wish.start is not None:
            self._place.said.show_waiting(error)
        elif number == self.number:
            self.failed.emit(error)

    def _on_ended(self, number: int, wish: DraftWish) -> None:
        """Let the person go on: the next press asks for the settings, too."""
        if number == self.number:
            self._place.said.show_ended()
            if wish.body is not None:
                self._place.set_up_again(rows=wish.rows)


class DraftNotes(QObject):
    """Says what becomes of drafts, and offers to open them.

    ``draft_wanted`` carries the number of the draft to open.
    """

    draft_wanted = Signal(int)

    def __init__(self, notes: NoteLine, parent: QObject) -> None:
        super().__init__(parent)
        self._notes = notes
        self._shown: dict[int, WindowNote] = {}  # by batch

    def end(self, number: int) -> None:
        """Close the note of a draft that is opened, started or deleted."""
        self._notes.close(self._shown.get(number))

    def say_starting(self, batch: Batch) -> None:
        """Say that a batch is sent once Sendoff answers; it was left before that."""
        self.end(batch["batch_id"])
        self._notes.show(say("draft_is", "starting", name=batch["name"]), icon="send")

    def say_kept(self, batch: Batch) -> None:
        """Say that a draft is kept as a draft."""
        wanted = partial(self.draft_wanted.emit, batch["batch_id"])
        self._offer(batch, "kept", self.tr("Open"), wanted)

    def say_found(self, batch: Batch, start_over: Callable[[], object]) -> None:
        """Say that a spreadsheet's existing draft is shown, and offer to read the file again."""
        self._offer(batch, "found", self.tr("Start over"), start_over)

    def _offer(
        self,
        batch: Batch,
        name: str,
        action: str,
        chosen: Callable[[], object],
    ) -> None:
        number, words = batch["batch_id"], say("draft_is", name, name=batch["name"])
        note = self._notes.show(words, (action, chosen), icon="pencil")
        self.end(number)
        self._shown[number] = note
        note.closed.connect(partial(self._shown.pop, number, None))

    def say_failed(self, error: Exception) -> None:
        """Say why a draft was not started."""
        self._notes.warn(error_sentence(error))
