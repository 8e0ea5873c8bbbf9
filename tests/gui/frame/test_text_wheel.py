"""The size of the text: by keys and by the wheel, and laid out once for quick turns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QFont, QWheelEvent
from PySide6.QtWidgets import QApplication

from desktop.gui.kit.look.appearance import LOOK, TEXT_SIZES, ThemeSource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtCore import QSettings
    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow

CONTROL = Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture(autouse=True)
def _font_as_before(themes: ThemeSource, qapp: QApplication) -> Iterator[None]:
    """Give the application its font back once the window is gone."""
    font = QFont(qapp.font())
    yield
    qapp.setFont(font)
    QApplication.processEvents()


def turn(window: AppWindow, angle: int, held: Qt.KeyboardModifier) -> None:
    """Turn the wheel over the table, as the system tells the native window."""
    at = QPointF(window.page.table.mapTo(window, QPoint(20, 20)))
    event = QWheelEvent(
        at, window.mapToGlobal(at), QPoint(), QPoint(0, angle), Qt.MouseButton.NoButton, held,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(window.windowHandle(), event)


def test_the_text_has_the_size_that_keys_and_wheel_give_it(
    window: AppWindow, qtbot: QtBot, themes: ThemeSource, settings: QSettings
) -> None:
    bar, form = window.top_bar.height(), window.form.width()
    qtbot.keyClick(window, Qt.Key.Key_Plus, CONTROL)
    assert themes.text_size == 110
    turn(window, 60, CONTROL)
    assert themes.text_size == 110
    turn(window, 60, CONTROL)
    turn(window, 240, NONE)
    assert themes.text_size == 125
    qtbot.waitUntil(lambda: window.form.width() > form)
    assert window.top_bar.height() == themes.theme.px(48) > bar
    assert settings.value("text_size") == 125
    qtbot.keyClick(window, Qt.Key.Key_Minus, CONTROL)
    qtbot.keyClick(window, Qt.Key.Key_0, CONTROL)
    assert themes.text_size == 100
    assert window.top_bar.height() == bar
    qtbot.waitUntil(lambda: window.form.width() == form)
    turn(window, -120 * len(TEXT_SIZES), CONTROL)
    assert themes.text_size == TEXT_SIZES[0]


def test_quick_turns_of_the_wheel_lay_the_window_out_once(
    window: AppWindow, qtbot: QtBot, themes: ThemeSource
) -> None:
    """Ten steps in a second were ten layouts, one after the other."""
    sizes: list[float] = []
    LOOK.changed.connect(lambda theme: sizes.append(theme.scale))
    before = themes.theme.scale
    for _ in range(10):
        turn(window, 120, CONTROL)
    for _ in range(5):
        turn(window, -120, CONTROL)
    assert themes.text_size == TEXT_SIZES[-6]
    turn(window, 120, CONTROL)
    qtbot.waitUntil(lambda: themes.theme.scale > before)
    assert sizes == [themes.theme.scale]
    themes.enlarge(2)
    themes.set_text_size(100)
    assert themes.theme.scale == before


@pytest.mark.parametrize("remembered", ["3000", "", "large"])
def test_a_size_that_is_none_is_no_harm(
    settings: QSettings, qapp: QApplication, remembered: str
) -> None:
    settings.setValue("text_size", remembered)
    assert ThemeSource(qapp, settings).text_size in TEXT_SIZES
