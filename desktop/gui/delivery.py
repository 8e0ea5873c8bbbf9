"""What sending a message means now: who it comes from, and whether it leaves this computer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from collections.abc import Mapping


class Delivery(QObject):
    """The place that texts ask what sending does; ``changed`` follows the mail settings.

    ``me`` is the sender's address, empty until the settings are read. ``keeps`` tells that this is
    practice mode: messages stay in the outbox.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.me = ""
        self.keeps = False

    def follow(self, mail: Mapping[str, object]) -> None:
        """Take over the mail settings."""
        before = self.me, self.keeps
        self.me, self.keeps = str(mail["sender"]), mail["transport"] == "practice"
        if before != (self.me, self.keeps):
            self.changed.emit()
