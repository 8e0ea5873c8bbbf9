"""The placeholder of the overview, which is made when it is first shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from desktop.client.api import ApiSource
    from desktop.gui.link.jobs import Jobs
    from desktop.gui.overview.overview_view import OverviewView


class LazyOverview(QWidget):
    """Keeps the overview's widgets and imports out of the window's start."""

    def __init__(self, source: ApiSource, jobs: Jobs) -> None:
        super().__init__()
        self._made: OverviewView | None = None
        self._parts = source, jobs
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    @property
    def view(self) -> OverviewView:
        """The overview, made on first use."""
        if self._made is None:
            # It takes some 10 ms, with its imports.
            from desktop.gui.overview.overview_view import OverviewView

            self._made = OverviewView(*self._parts)
            self._column.addWidget(self._made)
            self.setFocusProxy(self._made)
        return self._made

    def showEvent(self, event: QShowEvent) -> None:
        """Make the overview."""
        super().showEvent(event)
        self.view.show()
