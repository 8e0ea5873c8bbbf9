"""Who messages come from now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from collections.abc import Mapping


class Delivery(QObject):
    """The sender of messages; ``changed`` follows the mail settings.

    ``me`` is the sender's address, empty until the settings are read.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.me = ""

    def follow(self, mail: Mapping[str, object]) -> None:
        """Take over the mail settings."""
        before, self.me = self.me, str(mail["sender"])
        if before != self.me:
            self.changed.emit()
