"""Texts and counts about rows of a batch that were not sent or are in later batches, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.contract.batches import BatchState
from desktop.contract.causes import Cure
from desktop.gui.batches.batch_waits import needs_person, on_hold, ready_now, ready_words
from desktop.gui.words.plurals import figure

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop.contract.batches import Batch, BatchCause, BatchCounts, LaterRows

translate = QCoreApplication.translate


def in_later(batch: Batch) -> LaterRows | None:
    """Return how many rows of a started batch are in later ones, for any reason."""
    either = batch["later"], batch["overtaken"], batch["sent_later"], batch["left_out_later"]
    return together(either)


def together(found: Iterable[LaterRows | None]) -> LaterRows | None:
    """Add up numbers of rows in later batches."""
    rows = [each for each in found if each is not None]
    if not rows:
        return None
    first, last = min(each["first"] for each in rows), max(each["last"] for each in rows)
    return {"count": sum(each["count"] for each in rows), "first": first, "last": last}


def in_later_words(later: LaterRows) -> str:
    """Say how many rows are in which later batches."""
    count = later["count"]
    one = translate("batches", "%Ln in batch {}", None, count)
    return in_batches(later, one, translate("batches", "%Ln in batches {} to {}", None, count))


def in_batches(later: LaterRows, one: str, several: str) -> str:
    """Fill the later batches into the text for ``one`` or for ``several``."""
    first, last = figure(later["first"]), figure(later["last"])
    return one.format(last) if first == last else several.format(first, last)


def sent_later_words(later: LaterRows) -> str:
    """Say which later batches have rows that this one cancelled or left out."""
    count = later["count"]
    one = translate("batches", "%Ln of them are in batch {}.", None, count)
    several = translate("batches", "%Ln of them are in later batches, {} to {}.", None, count)
    return in_batches(later, one, several)


def overtaken_words(later: LaterRows) -> str:
    """Say which later batches have rows that still wait in this one."""
    one = translate(
        "batches",
        "%Ln waiting rows are also in batch {}, which was started later. They are sent only once.",
        None,
        later["count"],
    )
    several = translate(
        "batches",
        "%Ln waiting rows are also in batches {} to {}, which were started later. They are sent"
        " only once.",
        None,
        later["count"],
    )
    return in_batches(later, one, several)


def later_words(later: LaterRows) -> str:
    """Say which later batches have rows that this one did not send."""
    count = later["count"]
    one = translate("batches", "%Ln rows are in batch {} with newer data.", None, count)
    several = translate(
        "batches", "%Ln rows are in later batches, {} to {}, with newer data.", None, count
    )
    return in_batches(later, one, several)


def left_out(batch: Batch) -> tuple[int, int]:
    """Return how many rows a started batch left out, and how many of those need no message.

    The latter are the same as before, appear twice, or are in a later batch. Rows with a problem
    that are in a later batch are in neither number.
    """
    counts, later = batch["counts"], batch["left_out_later"]
    others = counts["left_out"] - counts["problems"]
    again = min(counts["same"] + counts["twice"], others)
    behind = counts["left_out"] - again - (0 if later is None else later["count"])
    return max(0, behind), again


def failed(batch: Batch) -> int:
    """Return how many messages of a batch failed and have not been sent again since."""
    return batch["counts"]["failed"] - batch["sent_since"]


def can_be_retried(batch: Batch) -> int:
    """Return how many failed messages can be sent again: their tasks exist and are not seen."""
    return max(0, failed(batch) - batch["removed"] - batch["failed_seen"])


def left_alone_words(batch: Batch) -> str:
    """Say how many failed messages are not sent again, since they are marked as seen."""
    count = batch["failed_seen"]
    words = translate("batches", "%Ln others are marked as seen and stay as they are.", None, count)
    return words if count else ""


def wrong_addresses(batch: Batch) -> list[BatchCause]:
    """List the causes of messages that failed because of their addresses."""
    return [each for each in batch["causes"] if each["cure"] == Cure.CORRECT_ADDRESS]


def shown_seen_causes(batch: Batch) -> list[BatchCause]:
    """List the causes of messages marked as seen; empty if all recipients were informed."""
    are_there = failed(batch) > batch["removed"] or batch["counts"]["uncertain"]
    return batch["seen_causes"] if are_there else []


def cancelled_words(before: BatchCounts, after: BatchCounts) -> str:
    """Say how many messages were cancelled, and what happened to the others before that."""
    cancelled = after["cancelled"] - before["cancelled"]
    sent = after["sent"] + after["kept"] - before["sent"] - before["kept"]
    failed, unsure = (max(0, after[each] - before[each]) for each in ("failed", "uncertain"))
    said = [
        translate("batches", "%Ln messages are cancelled", None, cancelled)
        if cancelled
        else translate("batches", "No message was left to cancel"),
        sent and translate("batches", "%Ln were sent before that", None, sent),
        failed and translate("batches", "%Ln failed before that", None, failed),
        unsure and translate("batches", "%Ln became uncertain", None, unsure),
        after["open"] and translate("batches", "%Ln are being sent", None, after["open"]),
    ]
    return " · ".join(each for each in said if each)


def about_the_rest(batch: Batch, *, may_act: bool) -> list[str]:
    """Say which rows were not sent, and why."""
    said, cancelled = [], batch["counts"]["cancelled"]
    if batch["marked"] and may_act:
        words = translate(
            "batches",
            "If one of the %Ln marked as sent was not sent, choose it and press Send again.",
            None,
            batch["marked"],
        )
        said.append(words)
    behind, again = left_out(batch)
    if cancelled:
        said.append(translate("batches", "%Ln rows were cancelled.", None, cancelled))
        later = batch["sent_later"]
        if later is not None:
            said.append(sent_later_words(later))
        if later is None or later["count"] < cancelled:
            said += ways_to_send_cancelled(batch, may_act=may_act)
    elsewhere = batch["left_out_later"]
    if behind or elsewhere is not None:
        count = behind + (0 if elsewhere is None else elsewhere["count"])
        said.append(translate("batches", "%Ln rows with a problem were left out.", None, count))
    if elsewhere is not None:
        said.append(sent_later_words(elsewhere))
        if once_more := batch["left_out_again"]:
            said.append(
                translate("batches", "%Ln of them were left out there, too.", None, once_more)
            )
    if batch["overtaken"] is not None:
        said.append(overtaken_words(batch["overtaken"]))
    counts, later = batch["counts"], batch["later"]
    twice = counts["twice"]
    if later is not None:
        said.append(later_words(later))
        again -= later["count"]
        twice -= later["count"]
    if again and (again == twice or not counts["same"]):
        said.append(translate("batches", "%Ln rows appear twice in the spreadsheet.", None, again))
    elif again and not twice:
        said.append(translate("batches", "%Ln rows are the same as before.", None, again))
    elif again:
        said.append(
            translate("batches", "%Ln rows are the same as before or appear twice.", None, again)
        )
    return said


def ways_to_send_cancelled(batch: Batch, *, may_act: bool) -> list[str]:
    """Say how to send the cancelled rows: retry their tasks, or import the spreadsheet again.

    If a later batch has some of them, only an import is offered: it skips those.
    """
    tasks, later, said = batch["cancelled_tasks"], batch["sent_later"], list[str]()
    if tasks and may_act and later is None:
        said.append(
            translate(
                "batches",
                "%Ln of them are in the list of tasks. To send them, press Retry there.",
                None,
                tasks,
            )
        )
    if batch["cancelled_before"]:
        said.append(
            translate("batches", "Rows whose turn had not come are not in the list of tasks.")
        )
    left = batch["counts"]["cancelled"] - (tasks if later is None else later["count"])
    if left > 0 and may_act and batch["sheet"] is not None:
        them = translate("batches", "Import the spreadsheet again to send them.")
        others = translate(
            "batches", "Import the spreadsheet again to send those that are in no later batch."
        )
        said.append(them if later is None else others)
    return said


def about_trouble(batch: Batch, *, may_act: bool) -> list[str]:
    """Say which messages need a person, or that none does."""
    counts = batch["counts"]
    said = []
    if failed(batch):
        said.append(translate("batches", "%Ln messages failed.", None, failed(batch)))
    if batch["removed"]:
        said.append(translate("batches", "The tasks of %Ln were removed.", None, batch["removed"]))
        if batch["sheet"]:
            said.append(translate("batches", "The report still names them."))
    if batch["sent_since"]:
        words = translate(
            "batches",
            "%Ln failed messages have been sent again since, or are on their way.",
            None,
            batch["sent_since"],
        )
        said.append(words)
    if counts["uncertain"]:
        unsure = counts["uncertain"]
        said.append(translate("batches", "It is not known whether %Ln arrived.", None, unsure))
    if batch["again_failed"]:
        words = translate(
            "batches",
            "%Ln messages were sent; sending them again failed or is uncertain.",
            None,
            batch["again_failed"],
        )
        said.append(words)
    goes_on = batch["state"] == BatchState.RUNNING and not needs_person(batch)
    if goes_on and (held := on_hold(batch)):
        said.append(
            translate(
                "batches", "%Ln messages are on hold until their template is corrected.", None, held
            )
        )
    if goes_on and (left := ready_now(batch)):
        said.append(ready_words(left, may_act=may_act))
    if not said and goes_on and may_act:
        said.append(translate("batches", "You need not do anything."))
    return said
