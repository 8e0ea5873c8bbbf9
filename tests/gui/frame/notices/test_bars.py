"""The bar about the backend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop.gui.frame.notices.bars import BACKEND_AWAY, BackendNotice
from desktop.gui.frame.notices.notice_bar import NoticeBar
from desktop.gui.kit.rights import ALL_RIGHTS
from desktop.gui.kit.words.servers import TOKENS, away_state
from sendoff_tasks.client.health import Away, Missing, ServerFault

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def notice(notices: NoticeBar) -> BackendNotice:
    return BackendNotice(notices, ALL_RIGHTS)


def test_it_counts_down_the_restart_or_says_what_is_waited_for(
    notice: BackendNotice, notices: NoticeBar, qtbot: QtBot
) -> None:
    notice.gone(1.5)
    assert "restarting (2 s)." in notices.text(BACKEND_AWAY)
    assert "what you submit is saved" in notices.text(BACKEND_AWAY)
    notice.count_down()
    assert "restarting (1 s)." in notices.text(BACKEND_AWAY)
    for _ in range(3):
        notice.count_down()
    assert "restarting." in notices.text(BACKEND_AWAY)
    notice.gone(3)
    assert "(3 s)" in notices.bars[BACKEND_AWAY].words.text()
    qtbot.waitUntil(lambda: "(3 s)" not in notices.text(BACKEND_AWAY))  # by itself
    notice.finishing()
    assert "Sendoff is finishing earlier work" in notices.text(BACKEND_AWAY)
    assert "what you submit is saved" in notices.text(BACKEND_AWAY)
    assert not notice.second.isActive()
    notice.updating(0.999)
    assert "updating your data for this version: 99 %" in notices.text(BACKEND_AWAY)
    notice.ready()
    assert notices.names() == []


@pytest.mark.parametrize(
    ("away", "said"),
    [
        (Away(Missing.APP), "The app that these tasks belong to is not running"),
        (Away(Missing.DATABASE), "Start “sendoff serve --database …” with this data folder"),
        (Away(ServerFault.NO_ANSWER), "The server does not answer. Sendoff tries again"),
        (Away(ServerFault.SPARE), "This server is a spare"),
        (Away(ServerFault.OLDER, "0.0.9"), "Sendoff 0.0.9 runs the tasks, which is older"),
        (Away(ServerFault.NEWER, "7.1"), "Sendoff 7.1 runs the tasks, which is newer"),
    ],
)
def test_what_is_started_elsewhere_is_waited_for_in_words(
    notice: BackendNotice, notices: NoticeBar, away: Away, said: str
) -> None:
    notice.gone(30)
    notice.away(away)
    assert said in notices.text(BACKEND_AWAY)
    assert not notice.second.isActive()


def test_another_token_is_the_way_out_only_where_it_helps(
    notice: BackendNotice, notices: NoticeBar, qtbot: QtBot
) -> None:
    for fault in ServerFault:
        notice.away(Away(fault, "0.0.9"))
        assert notices.text(BACKEND_AWAY).endswith("What you submit is saved.")
        assert bool(notices.bars[BACKEND_AWAY].bar_text.actions) is (fault in TOKENS)
        assert away_state(Away(fault))
    notice.away(Away(ServerFault.EXPIRED))
    with qtbot.waitSignal(notice.other_token_chosen):
        notices.choose(BACKEND_AWAY, "other_token")


def test_a_spare_offers_the_server_that_runs_the_tasks(
    notice: BackendNotice, notices: NoticeBar, qtbot: QtBot
) -> None:
    url = "https://one.example.org"
    notice.away(Away(ServerFault.SPARE, address=url))
    assert notices.bars[BACKEND_AWAY].bar_text.actions == (("open", "Open one.example.org"),)
    with qtbot.waitSignal(notice.open_chosen, check_params_cb=lambda given: given == url):
        notices.choose(BACKEND_AWAY, "open")


def test_a_backend_that_does_not_start_comes_with_its_reason_and_a_way_out(
    notice: BackendNotice, notices: NoticeBar, qtbot: QtBot
) -> None:
    notice.gone(1)
    notice.gave_up("The database is newer than this program.")
    assert "The database is newer than this program." in notices.text(BACKEND_AWAY)
    with qtbot.waitSignal(notice.try_now_chosen):
        notices.choose(BACKEND_AWAY, "try_now")
