"""A moment of today is its time of day, any other has its date too."""

from __future__ import annotations

from datetime import datetime, timedelta

from desktop.contract.times import local_time


def ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def test_today_is_a_time_of_day() -> None:
    now = datetime.now().astimezone()
    assert local_time(ms(now)) == f"{now:%H:%M}"


def test_another_day_is_named() -> None:
    before = datetime.now().astimezone() - timedelta(days=40)
    assert local_time(ms(before)) == f"{before.day} {before:%B, %H:%M}"
