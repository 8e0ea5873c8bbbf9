"""Fast painting of the contents of cells: elided words, state icons, progress bars.

A full repaint of the table paints some 300 cells. Words are laid out once (``QStaticText``) and
icons are cached as pixmaps, so a cell takes a few microseconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPixmap

from desktop.contract.states import State
from desktop.gui.look.icons import icon
from desktop.gui.look.laid_out import LaidOut
from desktop.gui.look.theme import medium, tabular
from desktop.gui.tasks.words.states import LOOKS, percent

if TYPE_CHECKING:
    from PySide6.QtGui import QColor

    from desktop.gui.look.theme import Theme

FRAMES: Final = 24
"""Frames in one turn of the running icon."""


class CellPainter:
    """Paints cells in one theme and font."""

    def __init__(self, theme: Theme, font: QFont) -> None:
        self.theme = theme
        self.texts = LaidOut(tabular(font))
        self._states = LaidOut(medium(self.texts.font))
        self.pad = theme.px(11)
        self.icon_size = theme.px(16)
        self._gap = theme.px(8)
        self._bar = theme.px(90)
        self._bar_height = theme.px(6)
        self._share_words = self.texts.metrics.horizontalAdvance(f"{percent(1)}…")
        self._icons: dict[tuple[str, int, float], QPixmap] = {}
        self.inks = {token: theme.ink(token) for token in theme.tokens}
        self._track = theme.track
        self.colors = {token: theme.color(token) for token in theme.tokens}

    def words(
        self,
        painter: QPainter,
        rect: tuple[int, int, int, int],
        text: str,
        *,
        right: bool = False,
        keeps_end: bool = False,
    ) -> None:
        """Paint text within ``rect`` (x, y, width, height) in the painter's pen, elided."""
        x, y, width, height = rect
        room = width - 2 * self.pad
        if not text or room <= 0:
            return
        static, length = self.texts.cut(text, room, keeps_end=keeps_end)
        left = x + self.pad + (room - length if right else 0)
        painter.drawStaticText(left, y + (height - self.texts.height) // 2, static)

    def state(
        self,
        painter: QPainter,
        rect: tuple[int, int, int, int],
        state: str,
        text: str,
        frame: int,
        dpr: float,
    ) -> None:
        """Paint a state's icon, turned by ``frame`` if running, and its word in its colour."""
        x, y, width, height = rect
        size = self.icon_size
        painter.drawPixmap(
            x + self.pad, y + (height - size) // 2, self._state_icon(state, frame, dpr)
        )
        lead = self.pad + size + self._gap
        room = width - lead - self.pad // 2
        if room <= 0:
            return
        static, _ = self._states.cut(text, room)
        painter.setPen(self.inks[LOOKS[state].token])
        painter.setFont(self._states.font)
        painter.drawStaticText(x + lead, y + (height - self.texts.height) // 2, static)
        painter.setFont(self.texts.font)

    def icon_rect(self, x: int, y: int, height: int) -> tuple[int, int, int, int]:
        """Return the rectangle of the state's icon in a cell at ``x``, ``y``."""
        size = self.icon_size
        return x + self.pad, y + (height - size) // 2, size, size

    def progress(
        self, painter: QPainter, rect: tuple[int, int, int, int], share: float, text: str
    ) -> None:
        """Paint a bar filled to ``share`` (0 … 1), and its words after it."""
        x, y, width, height = rect
        taken = self._gap - self.theme.px(3)
        length = max(0, min(self._bar, width - 2 * self.pad - taken - self._share_words))
        top = y + (height - self._bar_height) // 2
        radius = self._bar_height / 2
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = painter.pen()
        painter.setPen(Qt.PenStyle.NoPen)
        for filled, color in ((length, self._track), (length * share, self._done())):
            painter.setBrush(color)
            bar = QRectF(x + self.pad, top, filled, self._bar_height)
            painter.drawRoundedRect(bar, radius, radius)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setPen(pen)
        taken += length
        self.words(painter, (x + taken, y, width - taken, height), text)

    @property
    def least_progress(self) -> int:
        """The width of a bar with its percentage, in logical pixels."""
        return self._bar + self._share_words + 2 * self.pad + self._gap

    def width_needed(self, text: str, *, state: bool = False, bar: bool = False) -> int:
        """Return the width, in logical pixels, at which a text is not cut in its cell."""
        length = (self._states if state else self.texts).metrics.horizontalAdvance(text)
        if state:
            return self.pad + self.icon_size + self._gap + length + self.pad // 2 + 1
        before = self._bar + self._gap - self.theme.px(3) if bar else 0
        return before + length + 2 * self.pad + 1  # + 1: the advance is rounded

    def placeholder(self, painter: QPainter, rect: tuple[int, int, int, int]) -> None:
        """Paint a faint bar in a row that is still being read."""
        x, y, width, height = rect
        length = min((width - 2 * self.pad) // 2, self._bar)
        if length > 0:
            top = y + (height - self._bar_height) // 2
            painter.fillRect(x + self.pad, top, length, self._bar_height, self.colors["hover"])

    def elides(self, text: str, width: int) -> bool:
        """Tell whether text is cut in a cell of this width."""
        return self.texts.metrics.horizontalAdvance(text) > width - 2 * self.pad

    def _done(self) -> QColor:
        return self.colors["running"]

    def _state_icon(self, state: str, frame: int, dpr: float) -> QPixmap:
        key = (state, frame if state == State.RUNNING else 0, dpr)
        found = self._icons.get(key)
        if found is None:
            look = LOOKS[state]
            color = self.colors[look.token]
            if key[1]:
                found = _turned(look.icon, color, self.icon_size, dpr, key[1])
            else:
                found = icon(look.icon, color, self.icon_size, dpr)
            self._icons[key] = found
        return found


def _turned(name: str, color: QColor, size: int, dpr: float, frame: int) -> QPixmap:
    """Return an icon turned by ``frame`` of FRAMES, scaled down from four times its size."""
    pixmap = QPixmap(round(size * dpr), round(size * dpr))
    pixmap.setDevicePixelRatio(dpr)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.translate(size / 2, size / 2)
    painter.rotate(frame * 360 / FRAMES)
    painter.translate(-size / 2, -size / 2)
    large = icon(name, color, size, dpr * 4)
    painter.drawPixmap(QRectF(0, 0, size, size), large, QRectF(large.rect()))
    painter.end()
    return pixmap
