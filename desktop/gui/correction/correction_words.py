"""What a correction means for the message it is about, and what the item was before, in words."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.contract.states import State
from desktop.gui.ages import minute_or_date
from desktop.gui.form.item_kind import item
from desktop.gui.tasks.task_row import epoch
from desktop.gui.tasks.words.states import sentences

if TYPE_CHECKING:
    from desktop.contract.items import ItemDetail, NewItem
    from desktop.gui.tasks.task_row import Row

translate = QCoreApplication.translate


def consequence(row: Row) -> str:
    """Say what an item's message met, and what saving does to it."""
    match row.state:
        case State.SCHEDULED | State.QUEUED:
            return translate(
                "correction", "It has not been sent yet, and goes out as you save it here."
            )
        case State.WAITING:
            does = translate("correction", "The next attempt sends it as you save it here.")
        case State.RUNNING:
            does = translate("correction", "Save once that is over.")
        case State.UNCERTAIN:
            does = translate(
                "correction",
                "Saving sends nothing. Say afterwards whether it was sent: Send again then uses"
                " what you save here.",
            )
        case _:
            does = ""
    return sentences(row.error or "", does)


def earlier(detail: ItemDetail, now: float) -> list[str]:
    """Say until when the item was otherwise, and in what, the newest first."""
    lines = []
    ends = [detail["corrected_at"], *(version["at"] for version in detail["versions"])]
    bodies = [detail["item"], *(version["item"] for version in detail["versions"])]
    for end, (later, before) in zip(ends, pairwise(bodies), strict=False):
        was, became = _texts(before), _texts(later)
        changed = [
            f"{key}: {was.get(key) or '–'}" for key in became | was if _differ(key, was, became)
        ]
        if changed:
            until = translate("correction", "Until {}").format(
                minute_or_date(epoch(end) or now, now)
            )
            lines.append("\n".join([until, *changed]))
    return lines


def _differ(key: str, was: dict[str, str], became: dict[str, str]) -> bool:
    return was.get(key, "") != became.get(key, "")


def _texts(body: NewItem) -> dict[str, str]:
    """Return what an item says, by the words the form has for it."""
    labels = {kind.path: kind.label for kind in item().fields}
    recipient = body.get("recipient")
    said = {"title": body.get("title") or ""}
    if recipient:
        said["recipient.name"] = recipient.get("name", "")
        said["recipient.email"] = recipient["email"]
    said |= {f"fields.{name}": str(value) for name, value in (body.get("fields") or {}).items()}
    return {labels.get(path, path.removeprefix("fields.")): text for path, text in said.items()}
