"""In practice mode one bar says that nothing leaves, and offers the way on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop.gui.frame.notices.bars import MAIL, PRACTICE, PracticeBar
from desktop.gui.frame.notices.notice_bar import NoticeBar

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def bar(notices: NoticeBar) -> PracticeBar:
    return PracticeBar(notices)


def test_practice_mode_is_explained_with_the_way_on(bar: PracticeBar, notices: NoticeBar) -> None:
    bar.show_transport("practice")
    assert "Practice mode" in notices.text(PRACTICE)
    assert [action for action, _ in notices.bars[PRACTICE].bar_text.actions] == [MAIL]


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
