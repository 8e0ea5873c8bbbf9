"""What an item was before it was corrected."""

from __future__ import annotations

import time
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop.contract.rules.templates import heading
from desktop.gui.form.item_kind import item
from desktop.gui.tasks.task_row import epoch
from desktop.gui.widgets.texts import WholeLabel
from desktop.gui.words.ages import day_and_time

if TYPE_CHECKING:
    from desktop.contract.items import ItemDetail, NewItem
    from desktop.gui.look.theme import Theme

translate = QCoreApplication.translate


class EarlierVersions(QWidget):
    """Says what an item was, version by version; hidden where there is only one."""

    def __init__(self) -> None:
        super().__init__()
        title = QLabel(self.tr("What it was"))
        title.setProperty("role", "heading")
        self._said = WholeLabel()
        self._said.setProperty("role", "soft")
        self._said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(title)
        self._column.addWidget(self._said)

    def show_item(self, detail: ItemDetail) -> None:
        """Show those of another item."""
        self._said.setText("\n\n".join(earlier(detail, time.time())))
        self.setVisible(bool(self.text()))

    def text(self) -> str:
        """Return what is said."""
        return self._said.text()

    def dress(self, theme: Theme) -> None:
        """Take the sizes of a theme."""
        self._column.setSpacing(theme.px(4))


def earlier(detail: ItemDetail, now: float) -> list[str]:
    """Say until when the item was otherwise, and in what, the newest first."""
    lines = []
    ends = [detail["corrected_at"], *(version["at"] for version in detail["versions"])]
    bodies = [detail["item"], *(version["item"] for version in detail["versions"])]
    for end, (later, before) in zip(ends, pairwise(bodies), strict=False):
        was, became = _labelled(before), _labelled(later)
        changed = [
            f"{key}: {was.get(key) or '–'}" for key in became | was if _differ(key, was, became)
        ]
        if changed:
            until = translate("correction", "Until {}").format(day_and_time(epoch(end) or now, now))
            lines.append("\n".join([until, *changed]))
    return lines


def _differ(key: str, was: dict[str, str], became: dict[str, str]) -> bool:
    return was.get(key, "") != became.get(key, "")


def _labelled(body: NewItem) -> dict[str, str]:
    """Return what an item says, by the words the form has for it."""
    labels = {kind.path: kind.label for kind in item().fields}
    recipient = body.get("recipient")
    said = {"title": body.get("title") or ""}
    if recipient:
        said["recipient.name"] = recipient.get("name", "")
        said["recipient.email"] = recipient["email"]
    said |= {f"fields.{name}": str(value) for name, value in (body.get("fields") or {}).items()}
    names = {path: heading(path.removeprefix("fields.")) for path in said}
    return {labels.get(path, names[path]): text for path, text in said.items()}
