"""Batches as they will be: waiting messages are about to be tried, rows will be on hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QCoreApplication

from desktop.contract.batches import BatchState
from desktop.contract.causes import Cure
from desktop.contract.reasons import Reason
from desktop.gui.batches.batch_words import (
    goes_on_at,
    is_fixed,
    is_kept_waiting,
    is_ready,
    on_hold,
    put_off_before_first,
    ready_now,
)
from desktop.gui.kit.words.states import sentences

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desktop.contract.batches import Batch, BatchLeaves


translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class StuckRows:
    """Rows to come of a batch that cannot be sent with their current template, and why."""

    count: int
    fault: str


def with_stuck(batch: Batch, stuck: StuckRows | None) -> Batch:
    """Return a batch as if its stuck rows were on hold already.

    Some of them may have become tasks since they were counted.
    """
    left = batch["counts"]["open"]
    count = min(stuck.count, left - on_hold(batch) - ready_now(batch)) if stuck else 0
    if stuck is None or count <= 0:
        return batch
    causes = [*batch["causes"]]
    held = [each for each in causes if each["cure"] == Cure.EDIT_TEMPLATE]
    if held:
        place = causes.index(held[0])
        causes[place] = {**held[0], "count": held[0]["count"] + count}
    else:
        cure = Cure.EDIT_TEMPLATE.value
        causes.append(
            {"cause": "", "title": stuck.fault, "about": {}, "count": count, "cure": cure}
        )
    found: Batch = {**batch, "causes": causes}
    if on_hold(found) == left and batch["leaves"]["reason"] is None:
        found["leaves"] = {**batch["leaves"], "reason": Reason.HELD_FOR_PERSON.value}
    return found


def as_if_tried(batch: Batch, coming: Mapping[str, int]) -> Batch:
    """Return a batch as it will be once the ``coming`` messages no longer wait.

    ``coming`` counts messages that are about to be tried, by the reason they wait for.
    """
    leaves = cast("BatchLeaves", {**batch["leaves"]})
    found: Batch = {**batch, "leaves": leaves}
    if coming.get(Reason.HELD_FOR_PERSON):
        left = coming[Reason.HELD_FOR_PERSON]
        found["causes"] = []
        for cause in batch["causes"]:
            taken = min(left, cause["count"]) if is_fixed(cause) else 0
            left -= taken
            if cause["count"] > taken:
                found["causes"].append({**cause, "count": cause["count"] - taken})
        if is_ready(batch):
            leaves["reason"] = None
        leaves["last_at"] = None  # they may be the next ones
    if put_off := leaves["put_off"]:
        count = (put_off["count"] or 0) - coming.get(Reason.RETRY_LATER, 0)
        leaves["put_off"] = {**put_off, "count": count} if count > 0 else None
        if count <= 0:
            leaves["last_at"] = None  # it may be the time of their next attempt
        if count <= 0 and batch["leaves"]["reason"] == Reason.RETRY_LATER:
            leaves["reason"] = leaves["next_at"] = None
    return found


def is_begun_by(batch: Batch, coming: Mapping[str, int]) -> bool:
    """Tell whether nothing else stops a batch once the ``coming`` messages are tried."""
    begun = as_if_tried(batch, coming)
    goes_on = begun["state"] == BatchState.RUNNING and not is_kept_waiting(begun)
    return goes_on and any(coming.values())


def coming_words(
    batch: Batch,
    coming: Mapping[str, int],
    now: float,
    *,
    may_undo: bool,
) -> str:
    """Say that messages are about to be sent; if a limit applies, say so."""
    count = sum(coming.values())
    words = translate("batches", "%Ln messages are about to be sent.", None, count)
    if goes_on_at(batch, now) is not None:
        words = translate(
            "batches", "%Ln messages are about to be sent, as far as the limit allows.", None, count
        )
    undo = translate("batches", "Undo leaves the batch as it was.")
    return sentences(words, undo) if may_undo else words


def coming_cell() -> str:
    """Say in a cell what happens next in such a batch."""
    return translate("batches", "begins in a moment")


def sends_nothing(batch: Batch, now: float) -> bool:
    """Tell whether a batch sends nothing now: it waits for a person, a server or its limit."""
    waits = is_kept_waiting(batch) or put_off_before_first(batch) is not None
    return waits or goes_on_at(batch, now) is not None
