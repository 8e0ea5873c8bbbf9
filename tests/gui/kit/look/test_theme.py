"""The look is readable in both schemes, follows the system or the person, and is remembered."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from desktop import gui as room
from desktop.gui.kit.look.appearance import ThemeSource
from desktop.gui.kit.look.theme import (
    Appearance,
    Scheme,
    Theme,
    font_scale,
    style_sheet,
)
from sendoff_tasks.model.states import State

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


WORDS = ("text", "soft text", "faint text", "accent", *State)
GROUNDS = ("background", "surface", "raised", "hover", "selection")
ON_GROUNDS = list(product(WORDS, GROUNDS))
TEXT_CONTRAST = 4.5
ICON_CONTRAST = 3.0


def luminance(color: QColor) -> float:
    """WCAG 2.2: the relative luminance of a colour."""

    def linear(share: float) -> float:
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(c) for c in (color.redF(), color.greenF(), color.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: QColor, other: QColor) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", Scheme)
def test_words_reach_4_5_and_icons_3_on_every_ground_bar_chip_and_note(scheme: Scheme) -> None:
    theme = Theme(scheme)
    found = {(name, at): contrast(theme.ink(name), theme.color(at)) for name, at in ON_GROUNDS}
    assert [each for each, reached in found.items() if reached < TEXT_CONTRAST] == []
    found = {(name, at): contrast(theme.color(name), theme.color(at)) for name, at in ON_GROUNDS}
    found = {each: reached for each, reached in found.items() if each[0] != "faint text"}
    assert [each for each, reached in found.items() if reached < ICON_CONTRAST] == []
    for ground in (theme.color("accent"), theme.strong("accent")):
        assert contrast(theme.color("on accent"), ground) >= TEXT_CONTRAST
    for token in ("accent", "waiting", "failed"):
        assert contrast(theme.ink("text"), theme.tint(token)) >= TEXT_CONTRAST
        assert contrast(theme.color(token), theme.tint(token)) >= ICON_CONTRAST


@pytest.mark.parametrize("appearance", [Appearance.LIGHT, Appearance.DARK])
@pytest.mark.parametrize("kind", [QLineEdit, QPlainTextEdit])
def test_what_stands_in_an_empty_field_reaches_4_5(
    qtbot: QtBot, themes: ThemeSource, kind: type[QWidget], appearance: Appearance
) -> None:
    themes.choose(appearance)
    field = kind()
    qtbot.addWidget(field)
    field.ensurePolished()
    words = field.palette().color(QPalette.ColorRole.PlaceholderText)
    assert words.alpha() == 255
    assert contrast(words, themes.theme.color("background")) >= TEXT_CONTRAST


def test_the_choice_is_remembered_and_an_unknown_one_means_the_system(
    qapp: QApplication, themes: ThemeSource, settings: QSettings
) -> None:
    themes.choose(Appearance.DARK)
    again = ThemeSource(qapp, settings)
    assert again.appearance is Appearance.DARK
    assert again.theme.scheme is Scheme.DARK
    settings.setValue("appearance", "sepia")
    other = ThemeSource(qapp, settings)
    assert other.appearance is Appearance.SYSTEM
    for each in (again, other):
        each.deleteLater()


def test_where_the_system_says_nothing_its_palette_decides(
    qapp: QApplication, settings: QSettings
) -> None:
    before = QPalette(qapp.palette())
    dark = QPalette(before)
    dark.setColor(QPalette.ColorRole.Window, QColor("#101010"))
    qapp.setPalette(dark)
    source = ThemeSource(qapp, settings)
    qapp.setPalette(before)
    assert source.theme.scheme is Scheme.DARK
    source.deleteLater()


def test_sizes_follow_the_font(qapp: QApplication) -> None:
    small, large = QFont(qapp.font()), QFont(qapp.font())
    small.setPixelSize(13)
    large.setPixelSize(26)
    assert Theme(Scheme.LIGHT, font_scale(small)).px(30) == 30
    assert Theme(Scheme.LIGHT, font_scale(large)).px(30) == 60
    assert Theme(Scheme.LIGHT, 0.01).px(1) == 1
    for scale, height in ((1.0, "30px"), (2.0, "60px")):
        assert f"min-height: {height}" in style_sheet(Theme(Scheme.LIGHT, scale))


COLOR = re.compile(r"#[0-9a-fA-F]{6}\b")


def test_only_the_theme_names_colours() -> None:
    modules = Path(room.__path__[0]).rglob("*.py")
    others = (path for path in modules if path.name != "theme.py")
    naming = [path.name for path in others if COLOR.search(path.read_text(encoding="utf-8"))]
    assert naming == []


def test_the_style_sheet_names_only_what_the_window_has() -> None:
    code = "".join(each.read_text("utf-8") for each in Path(room.__file__).parent.rglob("*.py"))
    sheet = style_sheet(Theme(Scheme.LIGHT))
    named = {*re.findall(r'\w="(\w+)"\]', sheet), *re.findall(r"\w#([a-z]\w*)", sheet)}
    ours = {each for each in named - {"true", "false"} if not each.startswith("qt_")}
    assert {each for each in ours if f'"{each}"' not in code} == set()
