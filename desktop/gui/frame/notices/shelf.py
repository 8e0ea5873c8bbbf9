"""The place of the notice bars above a view; without a bar it shows the view's title."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTabBar,
    QWidget,
)

if TYPE_CHECKING:
    from desktop.gui.frame.view_switch import ViewSwitch
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme

_CONTROLS: Final = (QAbstractButton, QHeaderView, QLineEdit, QTabBar)


class Shelf(QWidget):
    """Keeps its height with and without a bar, so nothing below moves.

    The title is hidden until ``begin``: a bar of the start would cover it at once.
    """

    def __init__(self, switch: ViewSwitch, themes: ThemeSource) -> None:
        super().__init__()
        self._choice = switch.choice
        self.heading = QLabel()
        self.heading.setProperty("role", "heading")
        self._row = QHBoxLayout(self)
        self._row.addWidget(self.heading, 1)
        self.heading.hide()
        switch.view_chosen.connect(self._on_view)
        self._on_view()
        themes.changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    def begin(self) -> None:
        """Show the title from now on: the bars of the start are known."""
        self.heading.show()

    def _on_view(self) -> None:
        self.heading.setText(self._choice.words())

    def _on_theme(self, theme: Theme) -> None:
        self.setFixedHeight(theme.height(40, low=35))
        self._row.setContentsMargins(theme.px(16), theme.px(4), theme.px(16), 0)


def past_controls(host: QWidget, bars: QWidget, place: QRect) -> QRect:
    """Return the place of open bars in ``host``; it ends below whole controls."""
    place = QRect(place)
    inside = host.findChildren(QWidget)
    there = [each for each in inside if isinstance(each, _CONTROLS) and each.isVisible()]
    others = [each for each in there if not bars.isAncestorOf(each)]
    places = [QRect(each.mapTo(host, QPoint()), each.size()) for each in others]
    for each in sorted(places, key=QRect.top):
        if each.intersects(place) and each.bottom() > place.bottom():
            place.setBottom(each.bottom())
    return place
