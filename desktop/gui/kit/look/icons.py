"""Icons: SVG files tinted with a token's colour at run time, sharp at every pixel ratio."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from desktop.gui.kit.look.appearance import bind_theme
from desktop.settings.resources import resources

if TYPE_CHECKING:
    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QLabel, QMenu, QPushButton

    from desktop.gui.kit.look.theme import Theme

_APP_SIZES = (16, 24, 32, 48, 64, 128, 256)


def icon(name: str, color: QColor, size: int, dpr: float = 1.0) -> QPixmap:
    """Return one icon as a square pixmap; cached, so asking while painting is cheap.

    Args:
        name: the file's name in ``resources/icons`` without ``.svg``.
        color: of the strokes.
        size: the side in logical pixels.
        dpr: physical pixels per logical one.

    Raises:
        FileNotFoundError: there is no such icon.
    """
    return _tinted(name, color.rgba(), size, dpr)


def qicon(name: str, color: QColor, theme: Theme) -> QIcon:
    """Return an icon for menus that is sharp on all current screens."""
    return _spaced(name, color.rgba(), theme.px(16), 0, 0, theme.ratios)


def turned_icon(name: str, color: QColor, theme: Theme, degrees: int) -> QIcon:
    """Return an icon of a list, turned clockwise; cached, so a turn can be played."""
    return _turned(name, color.rgba(), theme.px(16), degrees, theme.ratios)


def give(action: QAction, name: str) -> None:
    """Give an entry of a menu an icon, which follows the theme."""

    def apply_theme(action: QAction, theme: Theme) -> None:
        action.setIcon(qicon(name, theme.color("soft text"), theme))

    bind_theme(action, "icon", apply_theme)


def tick(menu: QMenu, theme: Theme) -> None:
    """Mark the checked entries of a menu with an icon; the style's own mark does not grow."""
    for action in menu.actions():
        if action.isCheckable():
            mark = qicon("check", theme.color("text"), theme) if action.isChecked() else QIcon()
            action.setIcon(mark)


def put(button: QPushButton, name: str, ink: str = "soft text") -> None:
    """Put an icon on a button in a token's colour, with a gap to the text if there is any.

    It follows the theme. On a button with a right-to-left layout it stands after the text.
    """
    bind_theme(button, "icon", partial(_put, name=name, token=ink))


def draw(label: QLabel, name: str, token: str, size: int = 16) -> None:
    """Show an icon as a label, in a token's colour and ``size`` units of the grid; it follows."""

    def apply_theme(label: QLabel, theme: Theme) -> None:
        ratio = label.devicePixelRatioF()
        label.setPixmap(icon(name, theme.color(token), theme.px(size), ratio))

    bind_theme(label, "icon", apply_theme)


def _put(button: QPushButton, theme: Theme, *, name: str, token: str) -> None:
    color = theme.color(token)
    side = theme.px(16 if button.text() else 18)
    room = theme.px(4) if button.text() else 0
    is_behind = button.layoutDirection() == Qt.LayoutDirection.RightToLeft
    before, after = (room, 0) if is_behind else (0, room)
    button.setIcon(_spaced(name, color.rgba(), side, before, after, theme.ratios))
    button.setIconSize(QSize(side + room, side))


def app_icon(mark: str = "", disc: QColor | None = None, ink: QColor | None = None) -> QIcon:
    """Return the application's icon in the sizes of title bars, docks and trays.

    With a ``disc``, another icon, the ``mark``, is on it in the corner, in the colour ``ink``.
    """
    whole = QIcon()
    for size in _APP_SIZES:
        pixmap = QPixmap(icon("sendoff", QColor("black"), size))
        if mark and disc is not None:
            side = round(size * 0.65)
            inner, corner = round(side * 0.75), size - side
            painter = QPainter(pixmap)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(disc)
            painter.drawEllipse(corner, corner, side, side)
            at = corner + (side - inner) // 2
            painter.drawPixmap(at, at, icon(mark, ink or disc, inner))
            painter.end()
        whole.addPixmap(pixmap)
    return whole


@lru_cache(maxsize=512)
def _spaced(
    name: str, rgba: int, side: int, before: int, after: int, ratios: tuple[float, ...]
) -> QIcon:
    """Return an icon with space beside it, drawn for each ratio."""
    result = QIcon()
    for ratio in ratios:
        pixmap = _tinted(name, rgba, side, ratio)
        if before or after:
            whole = QPixmap(round((before + side + after) * ratio), round(side * ratio))
            whole.fill(Qt.GlobalColor.transparent)
            whole.setDevicePixelRatio(ratio)
            painter = QPainter(whole)
            painter.drawPixmap(before, 0, pixmap)
            painter.end()
            pixmap = whole
        result.addPixmap(pixmap)
    return result


@lru_cache(maxsize=128)
def _turned(name: str, rgba: int, side: int, degrees: int, ratios: tuple[float, ...]) -> QIcon:
    result = QIcon()
    for ratio in ratios:
        pixmap = QPixmap(round(side * ratio), round(side * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.translate(side / 2, side / 2)
        painter.rotate(degrees)
        painter.drawPixmap(QPointF(-side / 2, -side / 2), _tinted(name, rgba, side, ratio))
        painter.end()
        result.addPixmap(pixmap)
    return result


@lru_cache(maxsize=512)
def _tinted(name: str, rgba: int, size: int, dpr: float) -> QPixmap:
    color = QColor.fromRgba(rgba)
    renderer = QSvgRenderer(
        QByteArray(_source(name).replace("currentColor", color.name()).encode())
    )
    side = max(1, round(size * dpr))
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setOpacity(color.alphaF())
    renderer.render(painter)
    painter.end()
    pixmap.setDevicePixelRatio(dpr)
    return pixmap


@lru_cache(maxsize=128)
def _source(name: str) -> str:
    return (resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
