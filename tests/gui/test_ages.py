"""Times in words."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import QDateTime, QLocale

from desktop.gui.ages import (
    age,
    clock,
    clock_or_date,
    date,
    duration,
    exact,
    minute_of_day,
    minute_or_date,
    until,
)
from desktop.gui.widgets.typed_moment import moment_words

NOW = 1_790_000_000.0


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (-5, "now"),
        (1.9, "now"),
        (2, "2 s ago"),
        (59.9, "59 s ago"),
        (60, "1 min ago"),
        (3599, "59 min ago"),
        (3600, "1 h ago"),
        (86399, "23 h ago"),
    ],
)
def test_the_past(ago: float, words: str) -> None:
    assert age(NOW - ago, NOW) == words


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (0, "now"),
        (0.2, "in 1 s"),
        (4.4, "in 5 s"),
        (40, "in 40 s"),
        (59.5, "in 1 min"),
        (180, "in 3 min"),
    ],
)
def test_the_future(ahead: float, words: str) -> None:
    assert until(NOW + ahead, NOW) == words


@pytest.mark.parametrize(
    ("place", "words", "typed"),
    [("en_US", "May 1, 2027", "5/1/2027"), ("en_GB", "1 May 2027", "01/05/2027")],
)
def test_dates_have_the_order_in_which_they_are_typed(place: str, words: str, typed: str) -> None:
    moment, before = datetime(2027, 5, 1, 9).astimezone(), QLocale()
    QLocale.setDefault(QLocale(place))
    try:
        assert date(moment.timestamp(), NOW) == f"{words}, 09:00"
        assert exact(moment.timestamp(), NOW).split(" ", 1)[1] == f"{words}, 09:00:00"
        shown = QDateTime.fromSecsSinceEpoch(round(moment.timestamp()))
        assert moment_words(shown, QLocale(), day_only=True) == typed
    finally:
        QLocale.setDefault(before)


def test_what_is_far_away_is_a_date_with_its_year_only_if_it_is_another() -> None:
    assert age(NOW - 3 * 86400, NOW) == date(NOW - 3 * 86400, NOW)
    assert "20" not in date(NOW, NOW).split(",")[0].split()[-1]
    assert str(2024) in date(NOW - 2 * 366 * 86400, NOW)
    assert until(NOW + 3 * 86400, NOW) == date(NOW + 3 * 86400, NOW)


def test_what_is_near_is_a_day_and_a_time() -> None:
    now = datetime(2026, 11, 20, 14, 30).astimezone()
    at = now.replace(hour=22, minute=5)
    words = [until((at + timedelta(days=days)).timestamp(), now.timestamp()) for days in range(2)]
    assert words == ["today 22:05", "tomorrow 22:05"]


def test_the_time_of_day_is_enough_for_today() -> None:
    assert clock_or_date(NOW, NOW).count(":") == 2
    assert "," in clock_or_date(NOW - 5 * 86400, NOW)


def test_a_moment_to_the_second_or_the_minute_has_its_day_unless_that_is_today() -> None:
    days_ago = NOW - 5 * 86400
    assert exact(NOW, NOW) == clock(NOW)
    assert exact(days_ago, NOW).endswith(clock(days_ago))
    assert "," in exact(days_ago, NOW)
    assert minute_or_date(NOW, NOW) == clock(NOW)[:5]
    assert minute_or_date(days_ago, NOW) == date(days_ago, NOW)
    assert minute_of_day(NOW, NOW) == f"{clock(NOW)[:5]} today"
    assert minute_of_day(days_ago, NOW) == date(days_ago, NOW)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "< 1 ms"),
        (0.02, "20 ms"),
        (0.42, "0.4 s"),
        (12.7, "12 s"),
        (200, "3 min 20 s"),
        (7300, "2 h 1 min"),
    ],
)
def test_lengths(seconds: float, words: str) -> None:
    assert duration(seconds) == words
