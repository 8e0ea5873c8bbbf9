"""In practice mode one bar says that nothing leaves, and offers the two ways on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop.gui.frame.notices.bars import LAUNCHER, MAIL, PRACTICE, PracticeBar
from desktop.gui.frame.notices.notice_bar import NoticeBar

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A desktop whose applications menu Sendoff is not in."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setattr("sys.platform", "linux")


@pytest.fixture
def bar(notices: NoticeBar) -> PracticeBar:
    return PracticeBar(notices)


def offers(notices: NoticeBar) -> list[str]:
    return [action for action, _ in notices.bars[PRACTICE].bar_text.actions]


def test_practice_mode_is_explained_with_both_ways_on(bar: PracticeBar, notices: NoticeBar) -> None:
    bar.show_transport("practice")
    assert "Practice mode" in notices.text(PRACTICE)
    assert offers(notices) == [MAIL, LAUNCHER]


def test_real_sending_needs_no_word(bar: PracticeBar, notices: NoticeBar) -> None:
    bar.show_transport("smtp")
    assert notices.names() == []


def test_it_goes_when_real_sending_is_set_up(bar: PracticeBar, notices: NoticeBar) -> None:
    bar.show_transport("practice")
    bar.show_transport("smtp")
    assert notices.names() == []


def test_it_stays_as_long_as_practice_mode(bar: PracticeBar, notices: NoticeBar) -> None:
    bar.show_transport("practice")
    assert not notices.bars[PRACTICE].bar_text.dismissible
    notices.action_chosen.emit(PRACTICE, MAIL)
    assert notices.names() == [PRACTICE]


def test_setting_up_opens_the_mail_settings(
    bar: PracticeBar, notices: NoticeBar, qtbot: QtBot
) -> None:
    bar.show_transport("practice")
    with qtbot.waitSignal(bar.mail_settings_chosen):
        notices.action_chosen.emit(PRACTICE, MAIL)


def test_the_menu_entry_is_added_and_the_rest_stays_offered(
    bar: PracticeBar, notices: NoticeBar, qtbot: QtBot
) -> None:
    bar.show_transport("practice")
    with qtbot.waitSignal(bar.launcher_chosen):
        notices.action_chosen.emit(PRACTICE, LAUNCHER)
    assert offers(notices) == [MAIL]


def test_where_there_is_no_menu_none_is_offered(
    notices: NoticeBar, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    PracticeBar(notices).show_transport("practice")
    assert offers(notices) == [MAIL]
