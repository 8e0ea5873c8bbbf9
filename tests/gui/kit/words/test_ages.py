"""Times and rates in words."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtCore import QDateTime, QLocale

from desktop.gui.kit.widgets.moments import moment_words
from desktop.gui.kit.words.ages import (
    clock,
    day_and_time,
    whole_moment,
)

NOW = 1_790_000_000.0


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


@pytest.mark.parametrize(
    ("place", "words"),
    [("en_US", "2:30:05.250 PM"), ("en_GB", "14:30:05.250"), ("fi_FI", "14.30.05.250")],
    indirect=["place"],
)
def test_a_line_of_a_log_has_its_time_as_all_else_has(place: str, words: str) -> None:
    moment = datetime(2026, 11, 20, 14, 30, 5, 250_000).astimezone().timestamp()
    assert clock(moment) == words
