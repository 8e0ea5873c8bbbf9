"""Where the overview stands; it is made when it is first seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from desktop.client.api import ApiSource
    from desktop.gui.jobs import Jobs
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.overview.overview_view import OverviewView


class LazyOverview(QWidget):
    """Spares the window's start the widgets that few look at."""

    def __init__(self, source: ApiSource, jobs: Jobs, themes: ThemeSource) -> None:
        super().__init__()
        self._made: OverviewView | None = None
        self._parts = source, jobs, themes
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    @property
    def view(self) -> OverviewView:
        """The overview."""
        if self._made is None:
            # Some 10 ms, with what it imports.
            from desktop.gui.overview.overview_view import OverviewView

            self._made = OverviewView(*self._parts)
            self._column.addWidget(self._made)
            self.setFocusProxy(self._made)
        return self._made

    def showEvent(self, event: QShowEvent) -> None:
        """Make it."""
        super().showEvent(event)
        self.view.show()
