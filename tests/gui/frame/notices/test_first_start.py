"""The first start says what practice mode is, once, and offers the two ways on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop.gui.frame.notices.bar import DISMISS
from desktop.gui.frame.notices.first_start import LAUNCHER, MAIL, NAME, FirstStart
from desktop.gui.frame.notices.notice_bar import NoticeBar

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtCore import QSettings
    from pytestqt.qtbot import QtBot


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A desktop whose applications menu Sendoff is not in."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setattr("sys.platform", "linux")


@pytest.fixture
def first(notices: NoticeBar, settings: QSettings) -> FirstStart:
    return FirstStart(notices, settings)


def offers(notices: NoticeBar) -> list[str]:
    return [action for action, _ in notices.bars[NAME].bar_text.actions]


def test_practice_mode_is_explained_with_both_ways_on(
    first: FirstStart, notices: NoticeBar
) -> None:
    first.show_transport("practice")
    assert "Practice mode" in notices.text(NAME)
    assert offers(notices) == [MAIL, LAUNCHER]


def test_real_sending_needs_no_word(first: FirstStart, notices: NoticeBar) -> None:
    first.show_transport("smtp")
    assert notices.names() == []


def test_it_goes_when_real_sending_is_set_up(first: FirstStart, notices: NoticeBar) -> None:
    first.show_transport("practice")
    first.show_transport("smtp")
    assert notices.names() == []


@pytest.mark.parametrize("action", [MAIL, DISMISS])
def test_once_seen_it_stays_away(
    first: FirstStart, notices: NoticeBar, settings: QSettings, action: str
) -> None:
    first.show_transport("practice")
    notices.action_chosen.emit(NAME, action)
    assert notices.names() == []
    FirstStart(notices, settings).show_transport("practice")
    assert notices.names() == []


def test_setting_up_opens_the_mail_settings(
    first: FirstStart, notices: NoticeBar, qtbot: QtBot
) -> None:
    first.show_transport("practice")
    with qtbot.waitSignal(first.mail_settings_chosen):
        notices.action_chosen.emit(NAME, MAIL)


def test_the_menu_entry_is_added_and_the_rest_stays_offered(
    first: FirstStart, notices: NoticeBar, qtbot: QtBot
) -> None:
    first.show_transport("practice")
    with qtbot.waitSignal(first.launcher_chosen):
        notices.action_chosen.emit(NAME, LAUNCHER)
    assert offers(notices) == [MAIL]


def test_where_there_is_no_menu_none_is_offered(
    notices: NoticeBar, settings: QSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    FirstStart(notices, settings).show_transport("practice")
    assert offers(notices) == [MAIL]
