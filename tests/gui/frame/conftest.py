"""Bars to say something in, and toasts that count down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop.gui.frame.notices.notice_bar import NoticeBar

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource


@pytest.fixture
def notices(qtbot: QtBot, themes: ThemeSource) -> NoticeBar:
    made = NoticeBar()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def still() -> None:
    """Let toasts count down: how they do is tested here."""
