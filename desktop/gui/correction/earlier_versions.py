"""The earlier versions of a corrected item."""

from __future__ import annotations

import time
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop.contract.items import Version
from desktop.contract.rules.templates import heading
from desktop.gui.form.item_kind import item
from desktop.gui.tasks.task_row import epoch
from desktop.gui.widgets.texts import WholeLabel
from desktop.gui.words.ages import day_and_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from desktop.contract.items import ItemDetail, NewItem
    from desktop.gui.items.deed_words import Corrected
    from desktop.gui.look.theme import Theme

translate = QCoreApplication.translate


class EarlierVersions(QWidget):
    """Lists the earlier values of an item, version by version; hidden if there are none."""

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
        """Show the earlier versions of another item."""
        self._said.setText("\n\n".join(earlier(detail, time.time())))
        self.setVisible(bool(self.text()))

    def text(self) -> str:
        """Return the shown text."""
        return self._said.text()

    def dress(self, theme: Theme) -> None:
        """Take the sizes of a theme."""
        self._column.setSpacing(theme.px(4))


def earlier(detail: ItemDetail, now: float) -> list[str]:
    """Return a paragraph for each earlier version: until when, and the old values; newest first."""
    lines = []
    present = Version(at=detail["corrected_at"] or "", item=detail["item"])
    for at, changed in corrections_of([present, *detail["versions"]]):
        until = translate("correction", "Until {}").format(day_and_time(epoch(at) or now, now))
        lines.append("\n".join([until, *(f"{key}: {was}" for key, was, _ in changed)]))
    return lines


def corrections_of(bodies: Sequence[Version]) -> Iterator[Corrected]:
    """Yield each correction, newest first: its time, and the changed values before and after."""
    for later, before in pairwise(bodies):
        was, became = _labelled(before["item"]), _labelled(later["item"])
        changed = [
            (key, was.get(key) or "–", became.get(key) or "–")
            for key in became | was
            if was.get(key, "") != became.get(key, "")
        ]
        if changed:
            yield later["at"], changed


def _labelled(body: NewItem) -> dict[str, str]:
    """Return the values of an item by the labels of the form."""
    labels = {kind.path: kind.label for kind in item().fields}
    recipient = body.get("recipient")
    said = {"title": body.get("title") or ""}
    if recipient:
        said["recipient.name"] = recipient.get("name", "")
        said["recipient.email"] = recipient["email"]
    said |= {f"fields.{name}": str(value) for name, value in (body.get("fields") or {}).items()}
    names = {path: heading(path.removeprefix("fields.")) for path in said}
    return {labels.get(path, names[path]): text for path, text in said.items()}
