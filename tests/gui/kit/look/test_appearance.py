"""Sizes, icons and colours follow the theme where they are declared, for as long as it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import LOOK, sized
from desktop.gui.kit.look.theme import Scheme, Theme

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication


@pytest.fixture(autouse=True)
def worn(qapp: QApplication) -> Iterator[None]:
    before = LOOK.theme
    LOOK.apply(Theme(Scheme.LIGHT))
    yield
    LOOK.apply(before)


def test_what_is_declared_follows_the_text_size() -> None:
    box = QWidget()
    column = sized(QVBoxLayout(box), margins=(16, (14, 6), 16, 0), spacing=8)
    icons.put(button := QPushButton(), "plus")
    for scale, low, above in ((1.0, False, 14), (2.0, False, 28), (2.0, True, 12)):
        LOOK.apply(Theme(Scheme.LIGHT, scale, is_low=low))
        margins = column.contentsMargins()
        assert (margins.left(), margins.top(), margins.bottom()) == (16 * scale, above, 0)
        assert column.spacing() == 8 * scale
        assert button.iconSize().width() == 18 * scale


def test_what_was_deleted_is_left_alone() -> None:
    box = QWidget()
    sized(label := QLabel("Ada", box), width=20)
    box.deleteLater()
    del box
    LOOK.apply(Theme(Scheme.LIGHT, 2.0))
    del label
    LOOK.apply(Theme(Scheme.LIGHT))
