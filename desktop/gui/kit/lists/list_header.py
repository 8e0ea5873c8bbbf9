"""The header of a list: its titles, painted in the theme's colours."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from desktop.gui.kit.look.follow import LOOK, follow, px
from desktop.gui.kit.look.icons import icon
from desktop.gui.kit.look.theme import medium
from desktop.gui.kit.widgets.surfaces import give_viewport

PAD: Final = 11
"""Padding of a cell, in units of the grid."""
ARROW: Final = 14
"""Width of a title's arrow and the space before it, in units of the grid."""
_RIGHT: Final = Qt.AlignmentFlag.AlignRight


class ListHeader(QHeaderView):
    """Titles; subclasses put an arrow behind some."""

    has_arrows = False
    """Whether each title keeps room for an arrow."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        give_viewport(self, tracking=True)
        self.hovered = -1
        self.setHighlightSections(False)
        self.setAccessibleName(QCoreApplication.translate("lists", "Columns"))
        follow(self, "sizes", lambda header, theme: header.setMinimumSectionSize(theme.px(40)))
        LOOK.changed.connect(self.updateGeometry)

    def title(self, section: int) -> str:
        """Return a column's title."""
        return str(self.model().headerData(section, Qt.Orientation.Horizontal) or "")

    def title_width(self, section: int) -> int:
        """Return the width, in logical pixels, at which a title is not cut."""
        words = QFontMetrics(medium(self.font())).horizontalAdvance(self.title(section))
        return words + 1 + (px(ARROW) if self.has_arrows else 0) + 2 * px(PAD)

    def arrow_of(self, _section: int) -> tuple[str, str] | None:
        """Return the icon behind a title and its colour, or ``None``."""
        return None

    def sizeHint(self) -> QSize:
        """Return the height of the header."""
        return QSize(super().sizeHint().width(), LOOK.theme.height(30, low=24))

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:  # noqa: N802
        """Paint one title, with its arrow."""
        theme, arrow = LOOK.theme, self.arrow_of(section)
        is_hovered = section == self.hovered
        painter.fillRect(rect, theme.color("hover" if is_hovered else "background"))
        painter.fillRect(rect.x(), rect.bottom(), rect.width(), 1, theme.color("line"))
        inner = rect.adjusted(px(PAD), 0, -px(PAD), 0)
        painter.setFont(medium(self.font()))
        painter.setPen(theme.ink("text" if arrow else "soft text"))
        taken = px(ARROW) if arrow else 0
        metrics = painter.fontMetrics()
        shown = metrics.elidedText(
            self.title(section), Qt.TextElideMode.ElideRight, inner.width() - taken
        )
        length = metrics.horizontalAdvance(shown)
        side = self.model().headerData(
            section, self.orientation(), Qt.ItemDataRole.TextAlignmentRole
        )
        is_right = side is not None and bool(Qt.AlignmentFlag(side) & _RIGHT)
        left = inner.right() + 1 - taken - length if is_right else inner.x()
        painter.drawText(
            QRect(left, rect.y(), length + 1, rect.height()), Qt.AlignmentFlag.AlignVCenter, shown
        )
        if arrow is not None:
            size, (name, token) = px(11), arrow
            picture = icon(name, theme.color(token), size, self.devicePixelRatioF())
            top = rect.y() + (rect.height() - size) // 2
            painter.drawPixmap(left + length + px(3), top, picture)
