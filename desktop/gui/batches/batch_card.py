"""The desk's page of one batch: what stops it, its numbers, and what can be done."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from PySide6.QtCore import QCoreApplication, Signal

from desktop.contract.batch_condition import (
    begins_later,
    can_undo,
    is_fixed,
    is_kept_waiting,
    is_paused,
    is_ready,
    ready_now,
    row_numbers,
    wrong_addresses,
)
from desktop.contract.batches import BatchState
from desktop.contract.office import OfficeCure
from desktop.gui.batches.batch_numbers import numbers
from desktop.gui.batches.batch_words import explanation, headline, letter_words, look_of
from desktop.gui.batches.draft_words import about_draft
from desktop.gui.kit.rights import READ_ONLY
from desktop.gui.kit.words.plurals import figure
from desktop.gui.kit.words.reasons import brief_cause_words, cure_words
from desktop.gui.kit.words.states import sentences
from desktop.gui.kit.words.table import say
from desktop.gui.kit.words.verbs import tip_words
from desktop.gui.tasks.detail.desk_content import (
    CauseLine,
    DeskAction,
    DeskContent,
    Fact,
    Figure,
    Foot,
    Head,
    Lead,
    Paper,
    TaskHistory,
)
from desktop.gui.tasks.detail.desk_page import DeskPage
from desktop.gui.tasks.detail.facts import ROWS
from desktop.gui.tasks.detail.modes import saying
from sendoff_tasks.model.causes import Cure
from sendoff_tasks.model.reasons import OUTAGES, PAUSED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from desktop.contract.batches import Batch, BatchCause
    from desktop.gui.kit.rights import WindowRights
    from desktop.gui.tasks.acting.pending_actions import PendingAction


translate = QCoreApplication.translate
HEADS: Final = ("report", "cancel")
"""Verbs with a button in the head."""
QUIET: Final = ("undo", "take_back", "delete")
"""Verbs at the left of the foot: they undo what was begun."""
NEXT: Final = (
    *("resume", "try_queue", "try_held", "try_now", "correct", "retry"),
    *("correct_rows", "send_cancelled", "open"),
)
"""Verbs at the right of the foot, if two others do not come before."""
NEEDED: Final = frozenset({"resume", "try_held", "correct", "retry", "open"})
"""Verbs without which a batch does not go on."""
REPLACED_BY_UNDO: Final = frozenset({"take_back", "try_held", "try_now"})
"""Verbs that are not offered while waiting messages are about to be tried."""
CAUSES: Final = 3
"""The most causes that are told, those of most messages first."""
_CAUSE_ROLES: Final = {Cure.RESOLVE.value: "unsure", OfficeCure.EDIT_TEMPLATE.value: "waiting"}
"""The role of a count whose tasks have not failed."""
_ROLES: Final = {"failed": "error", "uncertain": "unsure"}


ShownRows = Literal["left_out", "cancelled", "to_come"]
"""Rows that are no tasks, by the verb of their number."""


class RowLines(NamedTuple):
    """Rows of a batch, a line each, as far as they are read."""

    batch: int
    which: ShownRows
    lines: tuple[str, ...] = ()


def of_batch(
    batch: Batch,
    rights: WindowRights,
    now: float,
    pace: float = 0.0,
    started: PendingAction | None = None,
    tries: Sequence[PendingAction] = (),
    rows: RowLines | None = None,
) -> DeskContent:
    """Show a batch; ``pace`` is the number of messages sent in a second.

    Its history are ``rows`` of it. While a verb is ``started`` on it, *Undo* replaces the actions
    that change it, and while ``tries`` of its waiting messages are pending, those that try them.
    One that is due has no *Undo*.
    """
    offered = _offered(batch, rights, now, started, tries)
    right = sorted(
        (each for each in offered if each.verb in NEXT), key=lambda each: NEXT.index(each.verb)
    )[:2]
    head = tuple(each for each in offered if each.verb in HEADS)
    left = tuple(each for each in offered if each.verb in QUIET)
    more = tuple(each for each in offered if each not in (*head, *left, *right))
    cancelling = started is not None and started.worded_as == "cancel"
    look = look_of(batch, now, cancelling=cancelling)
    about = explanation(batch, now, pace)
    if batch["state"] == BatchState.DRAFT:
        about = sentences(*about_draft(batch, may_act=rights.may_change))
    if started is not None and cancelling:
        about = say("batch_action", "cancelling", n=batch["counts"]["open"])  # some may be sent
        undoable = say("batch_action", "undo")
        about = about if started.is_due else sentences(about, undoable)
    number = say("desk", "item", number=batch["batch_id"])
    leads = bool(right) and right[0].verb in NEEDED
    causes = tuple(_causes(batch, rights))
    return DeskContent(
        Head(batch["name"], number, head, more),
        Lead(headline(batch, now), about, look.icon, look.token, causes=causes),
        Paper(words=letter_words(batch), figures=tuple(_figures(batch))),
        TaskHistory() if rows is None or rows.batch != batch["batch_id"] else _rows(batch, rows),
        foot=Foot(left, tuple(reversed(right)), leads),
    )


def _causes(batch: Batch, rights: WindowRights) -> Iterator[CauseLine]:
    """Say what stops most messages of a batch, and what helps.

    Wrong addresses are corrected by the button for all of them.
    """
    causes = [each for each in batch["causes"] if not is_fixed(each)]
    causes.sort(key=lambda cause: -cause["count"])
    for each in causes[:CAUSES]:
        cure, words = each["cure"], cure_words(each["cure"])
        chosen = None
        if cure == OfficeCure.CORRECT_ADDRESS:
            words = ""
        elif cure is not None and rights.allows(cure):
            chosen = DeskAction(cure, words, "", about=(each["cause"], batch["batch_id"]))
        times = _times(each)
        role = _CAUSE_ROLES.get(cure or "", "error")
        yield CauseLine(times, role, brief_cause_words(each["about"]), chosen, words)
    if others := causes[CAUSES:]:
        words, number = translate("batches", "Show its tasks"), batch["batch_id"]
        rows = DeskAction("rows", words, "", about=number)
        yield CauseLine(_times(*others), "soft", say("cause", "others"), rows, words)


def _times(*causes: BatchCause) -> str:
    return translate("batches", "{} ×").format(figure(sum(each["count"] for each in causes)))


def _rows(batch: Batch, rows: RowLines) -> TaskHistory:
    """Say what became of rows, and lead to those that are not read yet."""
    rest = row_numbers(batch)[rows.which] - len(rows.lines)
    more = Fact("", say("pins", "more", n=rest), ROWS) if rows.lines and rest > 0 else None
    said = (say("batch_history", rows.which), *rows.lines)
    return TaskHistory(True, True, facts=(more,) if more else (), deeds=said)


def _figures(batch: Batch) -> Iterator[Figure]:
    """Return the numbers of a started batch; a draft has none."""
    for each in () if batch["state"] == BatchState.DRAFT else numbers(batch):
        role = _ROLES.get(each.verb, "soft") if each.rows else "soft"
        leads = DeskAction(
            each.verb, figure(each.rows), "", works=each.rows > 0, about=batch["batch_id"]
        )
        yield Figure(leads, each.word, role, figure(batch["counts"]["rows"]))


def _offered(
    batch: Batch,
    rights: WindowRights,
    now: float,
    started: PendingAction | None,
    tries: Sequence[PendingAction],
) -> list[DeskAction]:
    """Return what can be done with a batch while something is started on it."""
    actions = [each for each in _fitting(batch, now) if rights.allows(each.verb)]
    under_way = [*tries, *([] if started is None else [started])]
    if started is not None:
        actions = [each for each in actions if each.verb in READ_ONLY]
    elif tries:
        actions = [each for each in actions if each.verb not in REPLACED_BY_UNDO]
    if rights.may_change and not all(each.is_due for each in under_way):
        text = translate("batches", "Undo")
        undo = DeskAction("undo", text, "undo-2", tip_words("undo"), about=batch["batch_id"])
        actions.append(undo)
    return actions


def _fitting(batch: Batch, now: float) -> list[DeskAction]:
    """Return what can be done with a batch as it is."""
    number = batch["batch_id"]
    return [each._replace(about=number) for each in _actions(batch, now)]


def _actions(batch: Batch, now: float) -> Iterator[DeskAction]:
    counts, state, tr = batch["counts"], batch["state"], translate
    if state == BatchState.DRAFT:
        tip = tr("batches", "Review it, and send it")
        yield DeskAction("open", tr("batches", "Open"), "pencil", tip)
        yield DeskAction("delete", tr("batches", "Delete draft"), "x")
        return
    if can_undo(batch, now):
        tip = tr("batches", "The batch becomes a draft again. None of its e-mails was sent.")
        yield DeskAction("take_back", tr("batches", "Take back"), "undo-2", tip)
    if state == BatchState.PAUSED:
        tip = tr("batches", "Sending continues.")
        yield DeskAction("resume", tr("batches", "Resume"), "play", tip)
    yield from _tries(batch)
    wrong: list[BatchCause] = wrong_addresses(batch)
    refused = sum(each["count"] for each in wrong)
    if (again := batch["to_retry"]) > refused:  # else all would fail again
        yield DeskAction("retry", say("cure", "retry_failed", n=again), "rotate-cw")
    if refused:
        yield DeskAction("correct", say("cure", "correct_addresses", n=refused), "pencil")
    if batch["sheet"]:
        tip = tr("batches", "Open these rows in a new import")
        given = {"correct_rows": counts["problems"], "send_cancelled": counts["cancelled"]}
        for verb, n in ((verb, n) for verb, n in given.items() if n):
            yield DeskAction(verb, say("cure", verb, n=n), "pencil", tip)
        tip = tr("batches", "The spreadsheet with the result of each row.")
        yield DeskAction("report", tr("batches", "Save report…"), "file-down", tip)
    yield DeskAction("rows", tr("batches", "Show its tasks"), "chevron-right")
    if not counts["open"]:
        return
    if state == BatchState.RUNNING:
        yield _pause(batch)
    tip = tr("batches", "How many of its e-mails may be sent, and in which time")
    yield DeskAction("limit", tr("batches", "Change limit…"), "clock", tip)
    if begins_later(batch, now):
        tip = tr("batches", "When its first e-mail is sent")
        yield DeskAction("time", tr("batches", "Change time…"), "calendar-clock", tip)
    yield DeskAction("cancel", tr("batches", "Cancel the rest"), "ban")


def _tries(batch: Batch) -> Iterator[DeskAction]:
    """Return what tries messages that wait, if any do."""
    if is_kept_waiting(batch) and batch["leaves"]["reason"] in OUTAGES:
        tip = translate("batches", "Ask the mail server now.")
        yield DeskAction("try_queue", translate("batches", "Try now"), "rotate-cw", tip)
        return
    words = translate("batches", "Try now ({})")
    if left := batch["counts"]["open"] if is_ready(batch) else ready_now(batch):
        tip = translate("batches", "The problem is fixed. Send these e-mails now.")
        yield DeskAction("try_held", words.format(figure(left)), "rotate-cw", tip)
    elif (put_off := batch["leaves"]["put_off"]) is not None and not is_paused(batch):
        yield DeskAction("try_now", words.format(figure(put_off["count"] or 0)), "rotate-cw")


def _pause(batch: Batch) -> DeskAction:
    words = translate("batches", "Pause")
    tip = translate("batches", "No more e-mails of the batch are sent until you resume.")
    if batch["leaves"]["reason"] in PAUSED:  # stopped by another pause, not its own
        words = translate("batches", "Pause it too")
        tip = translate("batches", "The batch stays paused when the other tasks are resumed.")
    return DeskAction("pause", words, "pause", tip)


class BatchCard(DeskPage):
    """Shows one batch; ``action_chosen`` carries a verb and the batch's number.

    The verbs are those of its actions and its ``numbers``. ``cure_chosen`` carries a cure, the
    cause and the batch's number.
    """

    action_chosen = Signal(str, int)
    cure_chosen = Signal(str, str, int)

    def __init__(self, rights: WindowRights) -> None:
        super().__init__()
        self._rights = rights
        self._shown: Callable[[], DeskContent] | None = None
        self._rows: RowLines | None = None
        self.acted.connect(self._on_acted)
        self.show_batch(None)

    def show_batch(
        self,
        batch: Batch | None,
        pace: float = 0.0,
        started: PendingAction | None = None,
        tries: Sequence[PendingAction] = (),
    ) -> None:
        """Show a batch as ``of_batch`` says, or none."""
        if batch is None:
            self._shown = None
            self.show_mode(saying(self.tr("Choose a batch to see what happened to it.")))
        else:
            told = self._rights, time.time(), pace, started, tries
            self._shown = lambda: of_batch(batch, *told, self._rows)
            self.show_mode(self._shown())

    def show_rows(self, rows: RowLines) -> None:
        """Show rows in the history of their batch."""
        self._rows = rows
        if self._shown is not None:
            self.show_mode(self._shown())

    def _on_acted(self, action: DeskAction) -> None:
        if isinstance(action.about, tuple):
            self.cure_chosen.emit(action.verb, *action.about)
        else:
            self.action_chosen.emit(action.verb, action.about)
