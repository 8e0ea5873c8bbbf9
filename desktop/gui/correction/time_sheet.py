"""*Change time*: when scheduled tasks start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.gui.correction.asking_sheet import AskingSheet
from desktop.gui.parts.moment import MomentField

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop.gui.look.appearance import ThemeSource


class TimeSheet(AskingSheet):
    """Asks for a day and a time that are still to come."""

    def __init__(self, host: QWidget, themes: ThemeSource) -> None:
        super().__init__(self.tr("Change time"), self.tr("Save"), host, themes)
        self.send_at = MomentField(self.tr("Starts at"), "", themes, optional=False)
        self.hold(self.send_at)

    def is_right(self) -> bool:
        """Show what is wrong with the time; tell whether it is right."""
        return self.send_at.check()

    def focus_first(self) -> None:
        """Begin at the day."""
        self.send_at.editor.setFocus()
