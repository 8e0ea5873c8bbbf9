"""Texts about rows of a batch that are also in later batches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.gui.words.plurals import figure

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop.contract.batches import Batch, LaterRows

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
