"""Texts about a batch: its progress, who was not informed, and what happens next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.contract.batches import BatchState
from desktop.gui.batches.batch_rest import (
    about_the_rest,
    about_trouble,
    failed,
    in_later,
    in_later_words,
    left_out,
)
from desktop.gui.batches.batch_times import (
    begins_later,
    begins_soon,
    done_at,
    done_words,
    goes_on_at,
    goes_on_words,
    is_limited,
    kept_words,
    last_at_the_earliest,
    last_leaves,
)
from desktop.gui.batches.batch_waits import (
    are_taken_over,
    has_held,
    is_kept_waiting,
    is_paused,
    next_attempt,
    pause_words,
    put_off_before_first,
    put_off_words,
    to_leave,
    until_resumed,
    waiting_cell,
    waiting_words,
)
from desktop.gui.batches.draft_words import about_draft
from desktop.gui.tasks.task_row import epoch
from desktop.gui.tasks.words.causes import shortened
from desktop.gui.tasks.words.states import sentences
from desktop.gui.words.ages import after_pause, day_and_time, minute_of_day, until
from desktop.gui.words.plurals import figure

if TYPE_CHECKING:
    from desktop.contract.batches import Batch

translate = QCoreApplication.translate


def message_count(batch: Batch) -> int:
    """Return the number of messages of a started batch: its rows without those left out."""
    return batch["counts"]["rows"] - batch["counts"]["left_out"]


def sent(batch: Batch) -> int:
    """Return how many rows were sent, or kept in practice mode."""
    return batch["counts"]["sent"] + batch["counts"]["kept"]


def sent_by_itself(batch: Batch) -> int:
    """Return how many rows were sent or kept, without those a person marked as sent."""
    return sent(batch) - batch["marked"]


def may_be_taken_back(batch: Batch, now: float) -> bool:
    """Tell whether no message of a started batch was tried yet, nor is about to be.

    Messages that are on hold or wait for a mail server were tried.
    """
    counts = batch["counts"]
    was_held = any(each["cause"] for each in batch["causes"])  # rows to come have no cause
    tried = sent(batch) or counts["failed"] or counts["uncertain"] or was_held
    later = begins_later(batch, now) or goes_on_at(batch, now) is not None
    return bool(counts["open"]) and not tried and (later or is_paused(batch))


def share_sent(batch: Batch) -> float | None:
    """Return the share of a started batch that is sent, 0 … 1."""
    if batch["state"] == BatchState.DRAFT or not message_count(batch):
        return None
    return sent_by_itself(batch) / message_count(batch)


def sent_words(batch: Batch, *, in_the_end: bool = False) -> str:
    """Say how many messages are sent, or will be ``in_the_end``."""
    counts = batch["counts"]
    if batch["state"] != BatchState.DRAFT:
        words = translate("batches", "{} of {}")
        whole = message_count(batch)
        said = words.format(figure(whole if in_the_end else sent_by_itself(batch)), figure(whole))
        by_hand = translate("batches", "%Ln marked as sent", None, batch["marked"])
        return f"{said} · {by_hand}" if batch["marked"] else said
    if not counts["rows"]:
        return translate("batches", "no rows yet")
    if counts["unchecked"]:
        judged = figure(counts["rows"] - counts["unchecked"])
        return translate("batches", "{} of {} checked").format(judged, figure(counts["rows"]))
    ready = figure(counts["ready"] + counts["changed"])
    return translate("batches", "{} of {} can be sent").format(ready, figure(counts["rows"]))


def some_failed_words() -> str:
    """Return a text as wide as that of an average running batch, to reserve room."""
    return translate("batches", "%Ln failed", None, 888)


def not_informed(batch: Batch) -> list[tuple[str, str]]:
    """Say in a cell how many were not informed, or that all were: parts, each with its colour.

    Rows in a later batch are counted there; rows that it left out again are counted in both. The
    answer of a server that deferred messages is included only if there is nothing else.
    """
    counts = batch["counts"]
    is_draft = batch["state"] == BatchState.DRAFT
    said: list[tuple[str, str]] = []
    if is_draft and (problems := counts["problems"]):
        said.append((translate("batches", "%Ln with a problem", None, problems), "failed"))
    if lost := failed(batch):
        said.append((translate("batches", "%Ln failed", None, lost), "failed"))
    if unsure := counts["uncertain"]:
        said.append((translate("batches", "%Ln uncertain", None, unsure), "uncertain"))
    rest = [] if is_draft else _rest_words(batch, are_others=bool(said))
    said += [(words, "soft text") for words in rest]
    return [(f" · {words}" if at else words, ink) for at, (words, ink) in enumerate(said)]


def not_informed_words(batch: Batch) -> str:
    """Return :func:`not_informed` as one text."""
    return "".join(words for words, _ in not_informed(batch))


def _rest_words(batch: Batch, *, are_others: bool) -> list[str]:
    """Say what happened to rows of a started batch that neither failed nor are uncertain."""
    counts, sent_later = batch["counts"], batch["sent_later"]
    said = []
    cancelled = counts["cancelled"] - (0 if sent_later is None else sent_later["count"])
    if cancelled:
        said.append(translate("batches", "%Ln rows cancelled", None, cancelled))
    if since := batch["sent_since"]:
        said.append(translate("batches", "%Ln sent again since", None, since))
    if behind := left_out(batch)[0] + batch["left_out_again"]:
        said.append(translate("batches", "%Ln left out", None, behind))
    if not said and not are_others:
        if later := in_later(batch):
            said.append(in_later_words(later))
        elif batch["state"] == BatchState.DONE:
            said.append(_informed_words(counts["sent"], counts["kept"]))
    elif batch["state"] == BatchState.DONE and counts["kept"]:
        said.append(_kept_words(counts["kept"]))
    if again := batch["again_failed"]:
        said.append(translate("batches", "%Ln repeats failed or uncertain", None, again))
    if batch["put_off"] is not None:
        count = batch["put_off"]["count"] or 0
        why = shortened(batch["put_off"].get("said", ""))
        deferred = translate("batches", "%Ln deferred", None, count)
        are_others = are_others or bool(said)
        said.append(f"{deferred}: {why}" if why and not are_others else deferred)
    return said


def _informed_words(sent: int, kept: int) -> str:
    """Say in a cell that all were informed, except those whose messages practice mode kept."""
    if not kept:
        return translate("batches", "all informed")
    return _kept_words(kept) if sent else translate("batches", "kept in practice mode")


def _kept_words(kept: int) -> str:
    return translate("batches", "%Ln kept in practice mode", None, kept)


def next_words(batch: Batch, now: float, pace: float = 0.0, *, may_act: bool = True) -> str:
    """Say in a cell when the last message is sent, or what the batch waits for.

    ``pace`` is the number of messages sent in a second; 0 if unknown. Without ``may_act``, the text
    does not ask to act.
    """
    match batch["state"]:
        case BatchState.DRAFT if batch["counts"]["unchecked"]:
            return translate("batches", "being checked")
        case BatchState.DRAFT:
            return translate("batches", "not sent yet")
        case BatchState.RUNNING | BatchState.PAUSED if are_taken_over(batch):
            return translate("batches", "nothing more")
        case BatchState.PAUSED:
            return until_resumed(may_act=may_act)
        case BatchState.RUNNING if is_kept_waiting(batch):
            return waiting_cell(batch, now, may_act=may_act)
        case BatchState.RUNNING if (put_off := put_off_before_first(batch)) is not None:
            return next_attempt(put_off, now)
        case BatchState.RUNNING if (following := goes_on_at(batch, now)) is not None:
            goes_on, begins = (
                translate("batches", "continues {}"),
                translate("batches", "begins {}"),
            )
            return (goes_on if sent(batch) else begins).format(until(following, now))
        case BatchState.RUNNING if (done := done_at(batch, now, pace)) is not None:
            return translate("batches", "done {}").format(until(done, now))
        case BatchState.RUNNING:
            leaves = epoch(batch["last_leaves_at"])
            if leaves is not None and is_limited(batch, now) and not has_held(batch):
                return translate("batches", "last one {}").format(day_and_time(leaves, now))
            if begins_soon(batch, now):
                return translate("batches", "begins in a moment")
            return translate("batches", "being sent")
    return ""


def headline(batch: Batch, now: float) -> str:
    """Say a batch's progress in one line."""
    counts = batch["counts"]
    if batch["state"] == BatchState.DRAFT:
        if counts["unchecked"]:
            return translate("batches", "%Ln rows are being checked", None, counts["unchecked"])
        if counts["changed"] and not counts["ready"]:
            again = counts["changed"]
            return translate(
                "batches", "%Ln rows have changed since they were registered", None, again
            )
        ready = counts["ready"] + counts["changed"]
        return translate("batches", "%Ln rows can be sent", None, ready)
    done, whole, marked = sent_by_itself(batch), message_count(batch), batch["marked"]
    kept = bool(counts["kept"])
    is_mixed = 0 < counts["kept"] < done
    if not whole:
        return translate("batches", "Nothing was sent")
    if done == whole and not is_mixed:
        some = translate("batches", "All %Ln messages are sent", None, done)
        return translate("batches", "All %Ln messages are kept", None, done) if kept else some
    if not sent(batch) and begins_later(batch, now):
        begins = epoch(batch["run_at"]) or now
        when = (after_pause if is_paused(batch) else minute_of_day)(begins, now)
        return translate("batches", "Starts {}").format(when)
    if batch["state"] == BatchState.DONE and not sent(batch):
        none = translate("batches", "None of %Ln messages was sent", None, whole)
        unsure = translate("batches", "None of %Ln messages is known to be sent", None, whole)
        return unsure if counts["uncertain"] else none
    some = translate("batches", "{} of {} are sent")
    words = translate("batches", "{} of {} are kept") if kept and not is_mixed else some
    said = words.format(figure(done - counts["kept"] if is_mixed else done), figure(whole))
    if is_mixed:
        only = translate("batches", "{}, %Ln kept in practice mode", None, counts["kept"])
        said = only.format(said)
    by_hand = translate("batches", "{}, %Ln marked as sent by a person", None, marked)
    return by_hand.format(said) if marked else said


def explanation(batch: Batch, now: float, pace: float = 0.0, *, may_act: bool = True) -> str:
    """Say what happens next, and what needs a person; without ``may_act``, do not ask to act."""
    first = times = ""
    match batch["state"]:
        case BatchState.DRAFT:
            return sentences(*about_draft(batch, may_act=may_act))
        case BatchState.RUNNING | BatchState.PAUSED if are_taken_over(batch):
            pass
        case BatchState.PAUSED:
            first = pause_words(batch, may_act=may_act)
        case BatchState.RUNNING if is_kept_waiting(batch):
            first = waiting_words(batch, now, may_act=may_act)
            first = sentences(first, last_at_the_earliest(batch, now))
        case BatchState.RUNNING if put_off_before_first(batch) is not None:
            first = put_off_words(batch, now)
        case BatchState.RUNNING if (done := done_at(batch, now, pace)) is not None:
            first = put_off_words(batch, now)
            times = done_words(done, now)
        case BatchState.RUNNING:
            first = put_off_words(batch, now)
            times = (goes_on_words if has_held(batch) else last_leaves)(batch, now)
    kept, trouble = kept_words(batch), about_trouble(batch, may_act=may_act)
    about = [*trouble, kept] if has_held(batch) else [kept, *trouble]
    return sentences(first, times, *about, *about_the_rest(batch, may_act=may_act))


def until_cancelled(batch: Batch, *, may_undo: bool = True) -> str:
    """Say how many messages will be cancelled at most; running ones may still be sent."""
    count = to_leave(batch)
    words = translate("batches", "Up to %Ln messages will be cancelled.", None, count)
    undo = translate("batches", "Undo leaves the batch as it was.")
    return sentences(words, undo) if may_undo else words
