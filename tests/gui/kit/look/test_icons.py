"""Icons take the colour asked for, and none is there for nothing."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtGui import QColor, QPixmap
from PySide6.QtWidgets import QApplication

from desktop.gui.kit.look import icons
from desktop.settings.resources import resources

RED = QColor("#C42B2B")
NAMES = sorted(path.stem for path in (resources() / "icons").glob("*.svg"))


def opaque(pixmap: QPixmap) -> list[QColor]:
    """Return the colours of the opaque pixels."""
    image = pixmap.toImage()
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return [pixel for pixel in pixels if pixel.alpha() == 255]


def code_of_the_window() -> str:
    gui = Path(icons.__file__).parents[2]
    return "".join(path.read_text(encoding="utf-8") for path in gui.rglob("*.py"))


def nearly(one: QColor, other: QColor) -> bool:
    """Tell whether two colours differ by rounding at most."""
    return all(
        abs(channel(one) - channel(other)) <= 2
        for channel in (QColor.red, QColor.green, QColor.blue)
    )


def test_every_icon_is_drawn_in_the_colour_asked_for(qapp: QApplication) -> None:
    drawn = {name: opaque(icons.icon(name, RED, 24, 2.0)) for name in NAMES if name != "sendoff"}
    assert all(drawn.values())
    wrong = [name for name, ink in drawn.items() if not all(nearly(color, RED) for color in ink)]
    assert wrong == []
    assert not icons.app_icon().pixmap(64).isNull()


def test_every_icon_named_in_the_window_is_there_and_none_for_nothing() -> None:
    source = code_of_the_window()
    named = set(re.findall(r'(?:icons\.icon|qicon|icons\.put\([\w.]+,)\s*\(?\s*"([\w-]+)"', source))
    assert named
    assert named <= set(NAMES)
    assert [name for name in NAMES if f'"{name}"' not in source and name != "sendoff"] == []
