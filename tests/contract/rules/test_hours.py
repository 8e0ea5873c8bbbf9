"""Sending hours: how they are written, and when they begin and end, also across clock changes."""

from __future__ import annotations

import sys
from datetime import datetime

import pytest

from desktop.contract.rules.hours import SendingHours
from tests.contract.model.days import living_in


def at(text: str) -> int:
    """Return a moment with its offset, epoch ms."""
    return round(datetime.fromisoformat(text).timestamp() * 1000)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Mon-Sat 8:00-18:00", "Mon-Sat 8:00-18:00"),
        ("sun-thu 08:30-24:00", "Sun-Thu 8:30-24:00"),
        ("Sat 0:00-0:01", "Sat 0:00-0:01"),
        ("Mon-Mon 9:00-10:05", "Mon 9:00-10:05"),
    ],
)
def test_hours_are_written_as_they_are_read(typed: str, written: str) -> None:
    hours = SendingHours.parse(typed)
    assert str(hours) == written
    assert SendingHours.parse(written) == hours


@pytest.mark.parametrize(
    ("typed", "row"),
    [
        *((each, "hours_form") for each in ("8-18", "Mon 8:00", "Mo 8:00-9:00", "Mon 8:60-9:00")),
        *((each, "hours_order") for each in ("Mon 9:00-9:00", "Mon 9:00-8:00", "Mon 9:00-24:01")),
    ],
)
def test_wrong_hours_are_refused_by_their_row(typed: str, row: str) -> None:
    with pytest.raises(ValueError, match=row):
        SendingHours.parse(typed)


OFFICE, DAILY, SUNDAY = "Mon-Sat 8:00-18:00", "Mon-Sun 8:00-18:00", "Sun-Thu 9:00-17:00"
NOW = ""
BERLIN = [  # the clocks change on 28 March and 31 October 2027
    (OFFICE, "2027-03-26T12:00+01:00", NOW, "2027-03-26T18:00+01:00"),
    (OFFICE, "2027-03-26T07:59+01:00", "2027-03-26T08:00+01:00", "2027-03-26T18:00+01:00"),
    (OFFICE, "2027-03-27T17:59:59.999+01:00", NOW, "2027-03-27T18:00+01:00"),
    (OFFICE, "2027-03-27T18:00+01:00", "2027-03-29T08:00+02:00", "2027-03-29T18:00+02:00"),
    (OFFICE, "2027-10-30T18:00+02:00", "2027-11-01T08:00+01:00", "2027-11-01T18:00+01:00"),
    (DAILY, "2027-03-27T18:00+01:00", "2027-03-28T08:00+02:00", "2027-03-28T18:00+02:00"),
    (DAILY, "2027-10-30T18:00+02:00", "2027-10-31T08:00+01:00", "2027-10-31T18:00+01:00"),
    (
        "Sun-Thu 9:00-17:00",
        "2027-03-26T12:00+01:00",
        "2027-03-28T09:00+02:00",
        "2027-03-28T17:00+02:00",
    ),
    ("Mon-Sun 0:00-24:00", "2027-03-28T00:30+01:00", NOW, "2027-03-29T00:00+02:00"),
    ("Mon-Sun 0:00-24:00", "2027-10-31T00:30+02:00", NOW, "2027-11-01T00:00+01:00"),
    # 2:00 to 3:00 does not exist in spring, and is there twice in autumn
    ("Sun 1:00-4:00", "2027-03-27T12:00+01:00", "2027-03-28T01:00+01:00", "2027-03-28T04:00+02:00"),
    ("Sun 2:30-4:00", "2027-03-27T12:00+01:00", "2027-03-28T03:30+02:00", "2027-03-28T04:00+02:00"),
    ("Sun 2:00-3:00", "2027-03-27T12:00+01:00", "2027-04-04T02:00+02:00", "2027-04-04T03:00+02:00"),
    ("Sun 1:00-4:00", "2027-10-30T12:00+02:00", "2027-10-31T01:00+02:00", "2027-10-31T04:00+01:00"),
    ("Sun 2:30-4:00", "2027-10-30T12:00+02:00", "2027-10-31T02:30+02:00", "2027-10-31T04:00+01:00"),
    ("Sun 2:30-4:00", "2027-10-31T02:15+01:00", NOW, "2027-10-31T04:00+01:00"),
    ("Sun 1:00-2:30", "2027-10-31T02:29+02:00", NOW, "2027-10-31T02:30+02:00"),
    ("Sun 1:00-2:30", "2027-10-31T02:00+01:00", "2027-11-07T01:00+01:00", "2027-11-07T02:30+01:00"),
]


@pytest.mark.skipif(sys.platform == "win32", reason="a test cannot set the zone there")
@pytest.mark.parametrize(("hours", "moment", "begins", "ends"), BERLIN)
def test_hours_begin_and_end_by_the_clock_on_the_wall(
    hours: str, moment: str, begins: str, ends: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with living_in("Europe/Berlin", monkeypatch):
        assert SendingHours.parse(hours).span(at(moment)) == (at(begins or moment), at(ends))
