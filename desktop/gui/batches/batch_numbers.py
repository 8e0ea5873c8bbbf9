"""The numbers of a batch's rows: how many became what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QCoreApplication

from desktop.contract.batches import BatchState
from desktop.gui.kit.words.plurals import figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.contract.batches import Batch

translate = QCoreApplication.translate
_COUNTED: Final = ("open", "sent", "kept", "failed", "uncertain", "cancelled", "left_out")
STEADY: Final = frozenset({"sent", "to_come", "failed"})
"""The numbers that are shown even if they are 0."""


class Number(NamedTuple):
    """How many rows of a started batch became what; ``verb`` shows them."""

    verb: str
    word: str
    rows: int
    ink: str = "soft text"


def numbers(batches: Sequence[Batch]) -> list[Number]:
    """Return the numbers of rows of started batches, in a fixed order.

    Those in ``STEADY`` are there as long as any other is, so sending does not move them; in
    practice mode *kept* replaces *sent*. The last one was never to be sent.
    """
    counts = {name: sum(each["counts"][name] for each in batches) for name in _COUNTED}
    marked = sum(each["marked"] for each in batches)
    bounced = sum(each["bounced"] for each in batches)
    problems = sum(each["counts"]["problems"] for each in batches)
    of_them = translate("batches", "left out (%Ln need a look)", None, problems)
    done = Number("sent", translate("batches", "sent"), counts["sent"] - marked - bounced)
    kept = Number("kept", translate("batches", "kept"), counts["kept"])
    all_of_them = [
        *([kept] if kept.rows and not done.rows else [done, kept]),
        Number("to_come", translate("batches", "to come"), counts["open"]),
        Number("failed", translate("batches", "failed"), counts["failed"], "failed"),
        Number("uncertain", translate("batches", "uncertain"), counts["uncertain"], "uncertain"),
        Number("marked", translate("batches", "marked as sent"), marked),
        Number("bounced", translate("batches", "bounced"), bounced, "failed"),
        Number("cancelled", translate("batches", "cancelled"), counts["cancelled"]),
        Number(
            "left_out",
            of_them if problems else translate("batches", "left out"),
            counts["left_out"],
        ),
    ]
    if not any(each.rows for each in all_of_them):
        return []
    return [each for each in all_of_them if each.rows or each.verb in STEADY]


def some_failed_words() -> str:
    """Return a text as wide as that of an average running batch, to reserve room."""
    return translate("batches", "%Ln failed", None, 888)


def exceptions(batch: Batch) -> list[tuple[str, str]]:
    """Say in a cell how many were not sent, or may not be: parts, each with its colour.

    Of the rows that were left out, only those that need a look count.
    """
    problems = batch["counts"]["problems"]
    need_look = translate("batches", "%Ln need a look", None, problems)
    if batch["state"] == BatchState.DRAFT:
        return [(need_look, "failed")] if problems else []
    said = [
        (f"{figure(each.rows)} {each.word}", each.ink)
        for each in numbers([batch])
        if each.rows and each.verb not in {"to_come", "sent", "left_out"}
    ]
    if problems:
        said.append((need_look, "soft text"))
    if put_off := batch["leaves"]["put_off"]:
        words = translate("batches", "%Ln postponed", None, put_off["count"] or 0)
        said.append((words, "soft text"))
    if not said and batch["state"] == BatchState.DONE:
        return [(translate("batches", "none"), "soft text")]
    return [(f" · {words}" if at else words, ink) for at, (words, ink) in enumerate(said)]
