"""Times and rates in words."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import QDateTime, QLocale

from desktop.gui.kit.widgets.moments import moment_words
from desktop.gui.kit.words.ages import (
    day_and_time,
    duration,
    minute_of_day,
    since,
    until,
    whole_moment,
)
from desktop.gui.kit.words.table import WORDS

NOW = 1_790_000_000.0


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (0, "now"),
        (0.2, "in 1 s"),
        (4.4, "in 5 s"),
        (4.05, "in 4 s"),
        (0.05, "in 1 s"),
        (40, "in 40 s"),
        (59.5, "in 1 min"),
        (180, "in 3 min"),
    ],
)
def test_the_future(ahead: float, words: str) -> None:
    assert until(NOW + ahead, NOW) == words


@pytest.mark.parametrize(
    ("place", "words", "whole", "typed"),
    [
        ("en_US", "May 1, 2027, 9:00 AM", "Saturday, May 1, 2027, 9:00:00 AM", "5/1/2027"),
        ("en_CA", "May 1, 2027, 9:00 a.m.", "Saturday, May 1, 2027, 9:00:00 a.m.", "2027-05-01"),
        ("en_GB", "1 May 2027, 09:00", "Saturday, 1 May 2027, 09:00:00", "01/05/2027"),
        ("fi_FI", "1 touko 2027, 09.00", "lauantaina 1. toukokuuta 2027, 09.00.00", "1.5.2027"),
    ],
    indirect=["place"],
)
def test_a_moment_is_written_as_it_is_where_the_person_lives(
    place: str, words: str, whole: str, typed: str
) -> None:
    moment = datetime(2027, 5, 1, 9).astimezone()
    assert day_and_time(moment.timestamp(), NOW) == words
    assert whole_moment(moment.timestamp()) == whole
    shown = QDateTime.fromSecsSinceEpoch(round(moment.timestamp()))
    assert moment_words(shown, QLocale()).startswith(typed)


@pytest.mark.parametrize("place", ["en_GB"], indirect=True)
def test_today_is_a_time_and_the_year_is_told_only_if_it_is_another(place: str) -> None:
    now = datetime(2026, 11, 20, 14, 30, 5).astimezone().timestamp()
    assert day_and_time(now, now) == "14:30"
    assert day_and_time(now, now, seconds=True) == "14:30:05"
    assert day_and_time(now - 3 * 86400, now) == "Tue 17 Nov, 14:30"
    assert day_and_time(now - 3 * 86400, now, seconds=True) == "Tue 17 Nov, 14:30:05"
    assert day_and_time(now - 365 * 86400, now) == "20 Nov 2025, 14:30"
    assert until(now + 3 * 86400, now) == day_and_time(now + 3 * 86400, now)
    assert minute_of_day(now, now) == "14:30 today"
    assert minute_of_day(now - 3 * 86400, now) == "Tue 17 Nov, 14:30"


@pytest.mark.parametrize("place", ["en_GB"], indirect=True)
def test_what_was_just_now_is_told_by_its_age(place: str) -> None:
    now = datetime(2026, 11, 20, 14, 30).astimezone().timestamp()
    ages = {0: "now", -5: "now", 59: "now", 60: "1 min", 3599: "59 min", 3600: "13:30"}
    ages |= {86400: "yesterday", 3 * 86400: "Tue 17 Nov", 365 * 86400: "20 Nov 2025"}
    assert {ago: since(now - ago, now) for ago in ages} == ages


@pytest.mark.parametrize("place", ["en_GB"], indirect=True)
def test_what_is_near_is_a_day_and_a_time(place: str) -> None:
    now = datetime(2026, 11, 20, 14, 30).astimezone()
    at = now.replace(hour=22, minute=5)
    words = [until((at + timedelta(days=days)).timestamp(), now.timestamp()) for days in range(2)]
    assert words == ["today 22:05", "tomorrow 22:05"]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "< 0.01 s"),
        (0.02, "0.02 s"),
        (0.42, "0.4 s"),
        (12.7, "12 s"),
        (200, "3 min 20 s"),
        (7300, "2 h 1 min"),
    ],
)
def test_lengths(seconds: float, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        ("3/s", "3 a second"),
        ("1500/min", "1,500 a minute"),
        ("20/h", "20 an hour"),
        ("500/day", "500 a day"),
        ("30/min, 500/h", "30 a minute, 500 an hour"),
        (None, ""),
    ],
)
def test_a_rate_is_said_with_its_unit(rate: str | None, words: str) -> None:
    assert WORDS.rate(rate) == words
