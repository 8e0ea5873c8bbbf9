"""The style sheet is made from the tokens alone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QMenu, QStyle

from desktop import gui as room
from desktop.gui.kit.look.theme import INKS, TOKENS, Scheme, Theme, style_sheet

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

COLOR = re.compile(r"#[0-9a-fA-F]{6}\b")


@pytest.mark.parametrize("scheme", Scheme)
def test_its_colours_come_from_the_theme(scheme: Scheme) -> None:
    theme = Theme(scheme)
    known = {*TOKENS[scheme].values(), *INKS[scheme].values()}
    known |= {theme.strong(token).name() for token in ("accent", "line")}
    known.add(theme.pressed("accent").name())
    known |= {TOKENS[Scheme.LIGHT][token] for token in ("surface", "text", "soft text")}  # paper
    toast = theme.inverse  # stands out from the window
    known |= {toast.color(token).name() for token in ("line", "soft text")}
    known.add(toast.strong("accent").name())
    found = {color.lower() for color in COLOR.findall(style_sheet(theme))}
    assert found <= {color.lower() for color in known}


def test_its_sizes_follow_the_font() -> None:
    assert "min-height: 30px" in style_sheet(Theme(Scheme.LIGHT))
    assert "min-height: 60px" in style_sheet(Theme(Scheme.LIGHT, 2.0))


def test_icons_of_menus_are_as_large_as_their_words(qtbot: QtBot) -> None:
    menu = QMenu()
    qtbot.addWidget(menu)
    menu.setStyleSheet(style_sheet(Theme(Scheme.LIGHT, 2.0)))
    menu.ensurePolished()
    size = QStyle.PixelMetric.PM_SmallIconSize
    assert menu.style().pixelMetric(size, None, menu) == 32


def test_only_the_theme_names_colours() -> None:
    modules = Path(room.__path__[0]).rglob("*.py")
    others = (path for path in modules if path.name != "theme.py")
    naming = [path.name for path in others if COLOR.search(path.read_text(encoding="utf-8"))]
    assert naming == []
