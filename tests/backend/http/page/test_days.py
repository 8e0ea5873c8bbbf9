"""The page reads days and hours as the window and the shell do: from the same table."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from PySide6.QtQml import QJSEngine

from sendoff_tasks.http.page.mounted import STATIC
from sendoff_tasks.model.times import epoch
from tests.contract.model.days import DAYS, ZONES, living_in


class Script:
    """A module of the page, in Qt's engine."""

    def __init__(self, name: str) -> None:
        self._engine = QJSEngine()
        self._module = self._engine.importModule(str(STATIC / name))

    def call(self, function: str, *given: Any) -> Any:
        """Call an exported function."""
        found = self._module.property(function).call([*given])
        assert not found.isError(), found.toString()
        return found.toVariant()


@pytest.fixture
def days(qapp: object) -> Script:
    return Script("days.js")


@pytest.mark.parametrize("zone", ZONES)
def test_a_person_means_local_days_and_hours(
    days: Script, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with living_in(zone, monkeypatch):
        now = DAYS["now"].astimezone().timestamp() * 1000
        for typed, ends in DAYS["meant"].items():
            meant = [datetime.fromisoformat(end).astimezone().timestamp() for end in ends]
            found = [epoch(days.call("momentOf", typed, now, is_end)) for is_end in (False, True)]
            assert found == meant, typed
        for typed in DAYS["strange"]["words"]:
            assert days.call("momentOf", typed, now, False) is None, typed


def test_a_word_alone_is_a_day_or_a_word(days: Script) -> None:
    assert [word for word in DAYS["alone"]["days"] if not days.call("namesDay", word)] == []
    assert [word for word in DAYS["alone"]["words"] if days.call("namesDay", word)] == []
