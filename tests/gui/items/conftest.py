"""Fixtures for items."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.gui.items.watched_items import Watched

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource


@pytest.fixture
def watched(qtbot: QtBot, themes: ThemeSource) -> Watched:
    return Watched(qtbot, themes)
