"""The grace period of actions on batches: each is announced, then undone or carried out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast

from PySide6.QtCore import QCoreApplication, QObject, Signal

from desktop.client.api import new_key
from desktop.contract.batches import BatchState
from desktop.contract.reasons import Reason
from desktop.gui.actions.batches.batch_calls import act_on_batch
from desktop.gui.actions.batches.batch_stops import BatchStops
from desktop.gui.batches.batch_card import CANCELLING
from desktop.gui.batches.batch_words import can_be_retried
from desktop.gui.tasks.words.verbs import after_batch, starts_apart

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from desktop.client.api import ApiSource
    from desktop.contract.batches import Batch, BatchCounts
    from desktop.gui.actions.grace_period import GracePeriod
    from desktop.gui.actions.typed_drafts import TypedDrafts
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.notices.toast import Toast
    from desktop.gui.jobs import Jobs

translate = QCoreApplication.translate
WITH_GRACE: Final = frozenset({"retry", "cancel", "delete"})
"""Verbs with a grace period."""


class BatchGrace(QObject):
    """Announces actions on batches for the grace period, with *Undo*.

    ``due`` carries a verb to carry out now, and its batches by the keys of their calls;
    ``deleting`` carries the number of a draft whose deletion is announced. Each action is in
    ``drafts`` until it is done, so a crash of the window loses none. A running batch is paused
    while its cancel is pending, and resumed if that is undone.
    """

    due = Signal(str, object)
    deleting = Signal(int)

    def __init__(
        self,
        window: MainWindow,
        source: ApiSource,
        jobs: Jobs,
        drafts: TypedDrafts,
        grace: GracePeriod,
        on_failed: Callable[[Exception], object],
    ) -> None:
        super().__init__(window)
        self._window_toasts = window.toasts
        self._view = window.parts.batches
        self._causes = window.parts.causes.model
        self._strip = window.parts.strip
        self._source = source
        self._drafts = drafts
        self._grace = grace
        self._stops = BatchStops(source, jobs, on_failed)
        self._pending: dict[str, tuple[str, int]] = {}
        self._toast_by_key: dict[str, Toast] = {}  # by key of the call
        self._cancelling: dict[str, int] = {}  # batches whose cancel can no longer be undone

    def begin(self, verb: str, batches: Mapping[int, Batch | None]) -> None:
        """Announce a verb for these batches; it is due after the grace period, unless undone."""
        if self._grace.seconds <= 0:
            self.due.emit(verb, {new_key(): number for number in batches})
            return
        self._announce({new_key(): _draft(verb, *each) for each in batches.items()})

    def take_up(self, key: str) -> None:
        """Announce an action again that the last window did not carry out."""
        draft = self._drafts.of(key)
        if draft is not None:
            self._drafts.take_up(key)
            self._announce({key: draft})

    def carry_out_now(self) -> dict[str, Callable[[], object]]:
        """End all grace periods; return the calls to make now, by key."""
        pending, self._pending = self._pending, {}
        api = self._source.api
        return {key: partial(act_on_batch, api, *w, key) for key, w in pending.items() if api}

    def counts_before(self, key: str) -> BatchCounts | None:
        """Return the batch's counts at the time of the request, if known."""
        counts = (self._drafts.of(key) or {}).get("counts")
        return cast("BatchCounts | None", counts)

    def forget(self, key: str) -> None:
        """Forget a call that was carried out or undone."""
        self._drafts.keep(key, None)
        if self._cancelling.pop(key, None) is not None:
            self._show_started()

    def leave(self, key: str) -> None:
        """Drop an action; resume the batch if it was paused for it."""
        draft = self._drafts.of(key)
        if draft is not None and is_paused_for_cancel(draft):
            self._stops.let_go(draft["batch"])
        self.forget(key)

    def undo(self, number: int) -> None:
        """Undo the pending actions on one batch; other batches of the same toast stay pending."""
        for key in [key for key, (_, batch) in self._pending.items() if batch == number]:
            self._drop([key])
            toast = self._toast_by_key[key]
            if any(self._toast_by_key[other] is toast for other in self._pending):
                toast.say_again()
            else:
                self._window_toasts.close(toast)

    def _announce(self, drafts: Mapping[str, dict[str, Any]]) -> None:
        """Announce one verb for the batches of these drafts, given by the keys of their calls."""
        verb, keys = next(iter(drafts.values()))["verb"], list(drafts)
        self._pending |= {key: (verb, draft["batch"]) for key, draft in drafts.items()}
        toast = self._window_toasts.show(
            partial(self._words, drafts),
            seconds=self._grace.seconds,
            action=self.tr("Undo"),
            icon="send" if verb == "retry" else "ban",
            here=True,
        )
        self._toast_by_key |= dict.fromkeys(keys, toast)
        self._show_started()
        for key, draft in drafts.items():
            self._drafts.keep(key, draft)
            if verb == "delete":
                self.deleting.emit(draft["batch"])
            if verb == "cancel":
                self._drafts.when_kept(partial(self._stop, key))
        toast.action_chosen.connect(partial(self._drop, keys))
        toast.closed.connect(partial(self._on_over, keys))

    def _words(self, drafts: Mapping[str, dict[str, Any]], left: int) -> str:
        """Say what happens to the batches that are still pending."""
        meant = [each for key, each in drafts.items() if key in self._pending] or [*drafts.values()]
        later, now = announced(meant)
        paused = sum(each["count"] for each in meant if each.get("paused"))
        after, is_all = after_batch(Reason.BATCH_PAUSED), all(each.get("paused") for each in meant)
        when = after if is_all else self._window_toasts.when(left)
        told = {"name": meant[0]["name"], "seconds": left, "when": when}
        said = (later if left else now).format(**told)
        is_part = meant[0]["verb"] == "retry" and paused and not is_all
        return f"{said}\n{starts_apart(paused, after)}" if is_part else said

    def _drop(self, keys: Sequence[str]) -> None:
        """Undo pending actions."""
        for key in keys:
            if self._pending.pop(key, None) is not None:
                self.leave(key)
        self._show_started()

    def _stop(self, key: str) -> None:
        if key in self._pending:  # not undone meanwhile
            self._stops.stop(self._pending[key][1])

    def _show_started(self) -> None:
        started = dict.fromkeys(self._cancelling.values(), CANCELLING)
        started |= {batch: verb for verb, batch in self._pending.values()}
        cancelling = {batch for batch, verb in started.items() if verb in {"cancel", CANCELLING}}
        self._view.show_started(started, cancelling)
        self._causes.show_cancelling(cancelling)
        self._strip.show_cancelling(any_of_them=bool(cancelling))

    def _on_over(self, keys: Sequence[str]) -> None:
        wanted = {key: self._pending.pop(key) for key in keys if key in self._pending}
        for key in keys:
            self._toast_by_key.pop(key, None)
        batches = {key: number for key, (_, number) in wanted.items()}
        verb = next((verb for verb, _ in wanted.values()), "")
        if verb == "cancel":  # they stay paused until it is done
            self._cancelling |= batches
        self._show_started()
        if wanted:
            for key in wanted:
                self._drafts.keep(key, {**(self._drafts.of(key) or {}), "due": True})
            self.due.emit(verb, batches)


def _draft(verb: str, number: int, batch: Batch | None) -> dict[str, Any]:
    """Return the draft that is kept on disk for one batch."""
    name, count = (batch["name"], can_be_retried(batch)) if batch else (str(number), 0)
    paused = batch is not None and batch["state"] == BatchState.PAUSED
    counts = {**batch["counts"]} if batch else None
    draft = {"verb": verb, "batch": number, "name": name, "count": count, "paused": paused}
    return {**draft, "due": False, "counts": counts}


def is_paused_for_cancel(draft: dict[str, Any]) -> bool:
    """Tell whether a batch was paused for its pending cancel; older versions did not pause it."""
    return draft.get("verb") == "cancel" and not draft.get("paused", True)


def announced(drafts: Sequence[dict[str, Any]]) -> tuple[str, str]:
    """Return the announcement for the batches of these drafts, and the text once it is due.

    ``{name}`` is the only batch, ``{seconds}`` the time left, ``{when}`` the time of sending.
    """
    verb, many = drafts[0]["verb"], len(drafts)
    count = sum(each["count"] for each in drafts)
    again = translate("batches", "Sending %Ln messages again begins {when}", None, count)
    several = {
        "retry": (again, again),
        "cancel": (
            translate("batches", "The rest of %Ln batches is cancelled in {seconds} s", None, many),
            translate("batches", "Cancelling the rest of %Ln batches…", None, many),
        ),
        "delete": (
            translate("batches", "%Ln drafts are deleted in {seconds} s", None, many),
            translate("batches", "Deleting %Ln drafts…", None, many),
        ),
    }
    one = {
        "retry": (again, again),
        "cancel": (
            translate("batches", "The rest of “{name}” is cancelled in {seconds} s"),
            translate("batches", "Cancelling the rest of “{name}”…"),
        ),
        "delete": (
            translate("batches", "The draft “{name}” is deleted in {seconds} s"),
            translate("batches", "Deleting the draft “{name}”…"),
        ),
    }
    return (several if many > 1 else one)[verb]
