"""What can be undone before it is done to a batch: announced, then undone or carried out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast

from PySide6.QtCore import QCoreApplication, QObject, Signal

from desktop.client.api import new_key
from desktop.contract.batches import BatchState
from desktop.gui.actions.batches.batch_stops import BatchStops
from desktop.gui.actions.spreadsheets.import_calls import act_on_batch
from desktop.gui.batches.batch_card import CANCELLING
from desktop.gui.batches.batch_rest import can_be_retried
from desktop.settings.preferences import WindowSettings

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.client.api import ApiSource
    from desktop.contract.batches import Batch, BatchCounts
    from desktop.gui.actions.typed_drafts import TypedDrafts
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.notices.toast import Toast
    from desktop.gui.jobs import Jobs

translate = QCoreApplication.translate
SOON: Final = frozenset({"retry", "cancel", "delete"})
"""What can be undone before it is done."""


class BatchGrace(QObject):
    """Announces what was started on batches for ``grace_seconds``, with *Undo*.

    ``due`` carries the verb, the batch and the key of what is to be carried out now. It is in
    ``drafts`` until it is done: a window that dies loses nothing of it. A batch of which the rest
    is to be cancelled stands meanwhile, and goes on when that is undone, if it did before.
    """

    due = Signal(str, int, str)

    def __init__(
        self,
        window: MainWindow,
        source: ApiSource,
        jobs: Jobs,
        drafts: TypedDrafts,
        on_failed: Callable[[Exception], object],
    ) -> None:
        super().__init__(window)
        self._toasts_of = window.toasts
        self._view = window.parts.batches
        self._causes = window.parts.causes.model
        self._strip = window.parts.strip
        self._source = source
        self._drafts = drafts
        self._stops = BatchStops(source, jobs, on_failed)
        self._soon: dict[str, tuple[str, int]] = {}
        self._toasts: dict[str, Toast] = {}  # of these
        self._cancelling: dict[str, int] = {}  # batches whose cancel can no longer be undone
        self.grace_seconds = WindowSettings().grace_seconds  # until the settings are read

    def begin(self, verb: str, number: int, batch: Batch | None) -> None:
        """Do it after the grace period, unless the person says *Undo* before."""
        if self.grace_seconds <= 0:
            self.due.emit(verb, number, new_key())
            return
        name, count = (batch["name"], can_be_retried(batch)) if batch else (str(number), 0)
        paused = batch is not None and batch["state"] == BatchState.PAUSED
        draft = {"verb": verb, "batch": number, "name": name, "count": count, "paused": paused}
        counts = {**batch["counts"]} if batch else None
        self._announce(new_key(), {**draft, "due": False, "counts": counts})

    def take_up(self, key: str) -> None:
        """Announce once more what the last window did not carry out."""
        draft = self._drafts.of(key)
        if draft is not None:
            self._drafts.take_up(key)
            self._announce(key, draft)

    def carry_out_now(self) -> dict[str, Callable[[], object]]:
        """Return, by their keys, the calls that wait for their grace period to end."""
        soon, self._soon = self._soon, {}
        api = self._source.api
        return {key: partial(act_on_batch, api, *w, key) for key, w in soon.items() if api}

    def counts_before(self, key: str) -> BatchCounts | None:
        """Return the counts of the batch when this was asked for, where they are known."""
        counts = (self._drafts.of(key) or {}).get("counts")
        return cast("BatchCounts | None", counts)

    def forget(self, key: str) -> None:
        """Forget a call: it was carried out, or is no longer wanted."""
        self._drafts.keep(key, None)
        if self._cancelling.pop(key, None) is not None:
            self._show_started()

    def leave(self, key: str) -> None:
        """Do nothing after all: a batch that was only stopped for this continues."""
        draft = self._drafts.of(key)
        if draft is not None and stands_for_this(draft):
            self._stops.let_go(draft["batch"])
        self.forget(key)

    def undo(self, number: int) -> None:
        """Take back what was started on a batch, as its toast does."""
        for key in [key for key, (_, batch) in self._soon.items() if batch == number]:
            self._drop(key)
            self._toasts_of.close(self._toasts[key])

    def _announce(self, key: str, draft: dict[str, Any]) -> None:
        verb, name, when = draft["verb"], draft["name"], self._toasts_of.when
        later, now = announced(verb, draft["count"])
        toast = self._toasts_of.show(
            lambda left: (later if left else now).format(name=name, seconds=left, when=when(left)),
            seconds=self.grace_seconds,
            action=self.tr("Undo"),
            icon="send" if verb == "retry" else "ban",
            here=True,
        )
        self._soon[key] = verb, draft["batch"]
        self._toasts[key] = toast
        self._show_started()
        self._drafts.keep(key, draft)
        if verb == "cancel":
            self._drafts.when_kept(partial(self._stop, key))
        toast.action_chosen.connect(partial(self._drop, key))
        toast.closed.connect(partial(self._on_over, key))

    def _drop(self, key: str) -> None:
        """Do nothing after all."""
        self._soon.pop(key, None)
        self.leave(key)
        self._show_started()

    def _stop(self, key: str) -> None:
        if key in self._soon:  # not undone by now
            self._stops.stop(self._soon[key][1])

    def _show_started(self) -> None:
        started = dict.fromkeys(self._cancelling.values(), CANCELLING)
        started |= {batch: verb for verb, batch in self._soon.values()}
        cancelling = {batch for batch, verb in started.items() if verb in {"cancel", CANCELLING}}
        self._view.show_started(started, cancelling)
        self._causes.show_cancelling(cancelling)
        self._strip.show_cancelling(any_of_them=bool(cancelling))

    def _on_over(self, key: str) -> None:
        wanted = self._soon.pop(key, None)
        self._toasts.pop(key, None)
        if wanted is not None and wanted[0] == "cancel":  # it stands until that is done
            self._cancelling[key] = wanted[1]
        self._show_started()
        if wanted is not None:
            self._drafts.keep(key, {**(self._drafts.of(key) or {}), "due": True})
            self.due.emit(*wanted, key)


def stands_for_this(draft: dict[str, Any]) -> bool:
    """Tell whether a batch was stopped for the verb started on it; older versions did not."""
    return draft.get("verb") == "cancel" and not draft.get("paused", True)


def announced(verb: str, count: int) -> tuple[str, str]:
    """Return what will happen to the batch ``{name}``, and what is said once it does.

    That is in ``{seconds}``; what leaves does so ``{when}``.
    """
    again = translate("batches", "%Ln messages are sent again {when}", None, count)
    return {
        "retry": (again, again),
        "cancel": (
            translate("batches", "The rest of “{name}” is cancelled in {seconds} s"),
            translate("batches", "Cancelling the rest of “{name}”…"),
        ),
        "delete": (
            translate("batches", "The draft “{name}” is deleted in {seconds} s"),
            translate("batches", "Deleting the draft “{name}”…"),
        ),
    }[verb]
