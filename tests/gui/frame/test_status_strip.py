"""The status strip: pace, forecast, mail mode and backend in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from desktop.gui.frame.notices.notice_bar import stops_in_brief
from desktop.gui.frame.status_strip import Forecast, StatusStrip
from desktop.gui.frame.views import BATCHES, TASKS
from sendoff_tasks.client.health import BackendState, Finishing, GaveUp, Gone, Ready, Starting
from sendoff_tasks.folder.backend_addresses import Backend
from sendoff_tasks.model.states import State
from tests.gui.tasks.table.task_source import stats

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.contract.office import OfficeStats
    from desktop.gui.kit.look.appearance import ThemeSource


@pytest.fixture
def strip(qtbot: QtBot, themes: ThemeSource) -> StatusStrip:
    made = StatusStrip()
    qtbot.addWidget(made)
    made.show_view(BATCHES)
    made.show()
    return made


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (stats(0), ""),
        (stats(0, succeeded=7), "Nothing is waiting"),
        (stats(0, running=2, queued=10, waiting=2), "12 active · 2 waiting"),
        ({**stats(0, queued=10, waiting=2), "standing": 9}, "1 active · 11 waiting"),
        ({**stats(2.8, queued=3), "standing": 3, "batch_rows": 1}, "3 waiting · 1 more in batches"),
        ({**stats(0), "batch_rows": 2986}, "2,986 in batches"),
        ({**stats(0, waiting=5), "batch_rows": 115}, "5 waiting · 115 more in batches"),
        ({**stats(9, queued=5), "batch_rows": 2}, "5 active · 9.0 a second · 2 more in batches"),
        ({**stats(0), "paused_rows": 2955}, "2,955 in paused batches"),
        (
            {**stats(1, queued=2), "paused_rows": 3},
            "2 active, done in a moment · 1.0 a second · 3 in paused batches",
        ),
        (stats(1, queued=2), "2 active · all done in a moment · 1.0 a second"),
        (stats(1, queued=31), "31 active · all done in about 30 s · 1.0 a second"),
        (stats(0.1, queued=12), "12 active · all done in about 2 min"),
        (stats(0.001, queued=12), "12 active · all done in about 3 h"),
        (stats(0.0001, queued=12), "12 active"),
        (stats(0, scheduled=3), "3 scheduled"),
        (stats(16, queued=1, waiting=1), "1 active, done in a moment · 1 waiting · 16 a second"),
        (stats(5, running=2), "2 active · 5.0 a second"),
        (stats(0, succeeded=2, uncertain=1), "Nothing is waiting"),
        (stats(0, scheduled=1, failed=2), "1 scheduled"),
        (
            stats(1, queued=30, scheduled=3),
            "30 active, done in about 30 s · 3 scheduled · 1.0 a second",
        ),
    ],
)
def test_the_outlook_says_what_is_open_and_until_when(
    strip: StatusStrip, seen: OfficeStats, words: str
) -> None:
    strip.set_stats(seen)
    assert strip.forecast.text() == words


def test_what_needs_a_person_is_a_way_to_it_and_only_there_when_there_is_some(
    strip: StatusStrip, qtbot: QtBot
) -> None:
    strip.set_stats(stats(0, failed=17, uncertain=1))
    shown = [link for link in strip.needing.values() if link.isVisible()]
    assert [link.text() for link in shown] == ["17 failed", "1 uncertain"]
    for state in ("failed", "uncertain"):
        with qtbot.waitSignal(strip.needing_chosen) as chosen:
            strip.needing[State(state)].click()
        assert chosen.args == [state]
    strip.set_stats(stats(0, succeeded=18))
    assert not any(link.isVisible() for link in shown)
    strip.resize(1200, strip.height())
    dealt_with = {"failed": 1, "uncertain": 2}
    strip.set_stats({**stats(0, failed=3, uncertain=2), "seen": dealt_with})
    shown = [link for link in strip.needing.values() if link.isVisible()]
    assert [link.text() for link in shown] == ["2 failed"]


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (stats(0, succeeded=7, failed=1), ""),
        (stats(0, running=2, waiting=2), ""),
        (stats(1, queued=30), "all done in about 30 s · 1.0 a second"),
        (stats(1, queued=30, waiting=1), "30 active, done in about 30 s · 1.0 a second"),
        ({**stats(0, waiting=5), "batch_rows": 115}, "115 more in batches"),
    ],
)
def test_the_outlook_repeats_no_chip(strip: StatusStrip, seen: OfficeStats, words: str) -> None:
    strip.show_view(TASKS)
    strip.set_stats(seen)
    assert strip.forecast.text() == words
    assert all(link.isHidden() for link in strip.needing.values())


def test_while_the_backend_is_not_heard_counts_stay_as_in_the_chips_without_pace_or_end(
    strip: StatusStrip,
) -> None:
    strip.show_saved(1)
    strip.set_stats(stats(0, succeeded=7))
    assert strip.forecast.text() == "1 saved item or correction to be submitted"
    strip.show_saved(0)
    strip.set_stats(stats(5, queued=3, waiting=4), held=True)
    assert strip.forecast.text() == "3 active · 4 waiting · 5.0 a second"  # no end is foretold
    strip.set_stats(stats(16.2, running=2, queued=16, waiting=3))
    strip.be_still()
    assert strip.forecast.text() == "18 active · 3 waiting"
    strip.set_stats(stats(16, running=2))
    assert strip.forecast.text() == "2 active · 16 a second"
    strip.set_stats(stats(0, succeeded=7))
    strip.show_acting(is_acting=True)  # what waits for Undo may send some of them
    assert strip.forecast.text() == ""
    strip.show_acting(is_acting=False)
    assert strip.forecast.text() == "Nothing is waiting"
    strip.set_stats(stats(16, running=2))
    strip.set_backend_state(Gone("it ended", 2.0))
    assert strip.forecast.text() == "2 active"


def test_where_messages_go_is_said_while_the_backend_is_ready(strip: StatusStrip) -> None:
    strip.set_backend_state(Ready(Backend("http://127.0.0.1:1", "t", 1), own=True))
    strip.set_mail("practice", "")
    assert strip.backend.text() == "Practice mode"
    strip.set_mail("smtp", "mail.example.org")
    assert strip.backend.text() == strip.dot.accessibleName() == "Real sending"
    assert "mail.example.org" in strip.backend.toolTip()
    strip.set_backend_state(Gone("it ended", 2.0))
    assert strip.backend.text() == "Restarting"


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (Starting(), "Starting"),
        (Starting(updating=0.4), "Updating"),
        (Finishing(), "Finishing"),
        (Ready(Backend("http://127.0.0.1:1", "t", 1), own=True), "Ready"),
        (Gone("it ended", 2.0), "Restarting"),
        (GaveUp("it does not start", damaged=False), "Stopped"),
    ],
)
def test_the_backend_is_told_in_words(strip: StatusStrip, state: BackendState, words: str) -> None:
    strip.set_backend_state(state)
    assert strip.backend.text() == words
    assert not strip.dot.pixmap().isNull()
    assert strip.dot.accessibleName() == words


def test_what_is_paused_is_said_where_the_backend_is_ready_otherwise(strip: StatusStrip) -> None:
    strip.show_stops("Paused", "Sending has been paused since 14:05.")
    assert strip.backend.text() == "Starting"
    ready = Ready(Backend("http://127.0.0.1:1", "t", 1), own=True)
    strip.set_backend_state(ready)
    assert strip.backend.text() == strip.dot.accessibleName() == "Paused"
    assert "14:05" in strip.backend.toolTip()
    strip.set_backend_state(Gone("it ended", 2.0))
    assert strip.backend.text() == "Restarting"
    strip.set_backend_state(ready)
    strip.show_stops("", "")
    assert strip.backend.text() == "Ready"
    assert "backend" in strip.backend.toolTip()


def test_without_room_whole_parts_are_left_out_and_no_number_is_cut() -> None:
    shown = Forecast()
    shown.show_parts(["2 active", "1,204 waiting", "2,955 more in batches"])
    widths = range(shown.sizeHint().width(), 0, -1)
    assert list(dict.fromkeys(map(shown.cut_to, widths))) == [
        "2 active · 1,204 waiting · 2,955 more in batches",
        "2 active · 1,204 waiting · …",
        "2 active · …",
        "…",
    ]


def test_a_hold_and_an_absent_server_are_named_unless_something_is_paused() -> None:
    held: Any = {"id": "queue:mail", "text": "No password.", "action": "mail_settings"}
    away: Any = {"id": "queue:mail", "text": "", "action": None, "reason": "offline"}
    paused: Any = {"id": "paused:", "text": "", "action": "resume", "reason": "all_paused"}
    brief, whole = stops_in_brief([held])
    assert brief == "On hold"
    assert "No password." in whole
    assert stops_in_brief([away])[0] == "Waiting for the server"
    assert stops_in_brief([held, paused])[0] == "Paused"
    assert stops_in_brief([]) == ("", "")
