"""A viewport that PySide knows from the start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractScrollArea


def give_viewport(area: QAbstractScrollArea, *, tracking: bool = False) -> None:
    """Replace the viewport of an area that was just made; with ``tracking`` it hears every move.

    To tell the type of one that Qt made, PySide loads every class of widgets there is: 10 ms of
    the start.
    """
    viewport = QWidget()
    viewport.setBackgroundRole(QPalette.ColorRole.Base)
    viewport.setAutoFillBackground(True)
    viewport.setMouseTracking(tracking)
    area.setViewport(viewport)
