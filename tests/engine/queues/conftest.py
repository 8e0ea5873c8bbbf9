"""An engine with letters for a server that may be gone."""

from __future__ import annotations

import pytest

from desktop.contract.events import Notice
from tests.engine.queues.letters import Post, letter, limited_daily
from tests.engine.stepped import Make


@pytest.fixture
def post(make: Make) -> Post:
    """Give an engine that tells its notices, with six letters of which four have begun."""
    stepped = make(letter, limited_daily, slots=8)
    told: list[Notice] = []
    stepped.journal.board.on_notice(told.append)
    for _ in range(6):
        stepped.add("letter")
    return stepped, told
