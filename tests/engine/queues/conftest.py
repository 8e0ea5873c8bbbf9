"""An engine with letters for a server that may be gone."""

from __future__ import annotations

import pytest

from sendoff_tasks.model.events import Notice
from tests.engine.queues.letters import FULL, go_offline, letter, limited_daily
from tests.engine.stepped import Make, Stepped


@pytest.fixture
def post(make: Make) -> Stepped:
    """Give an engine with six letters of which four have begun."""
    stepped = make(letter, limited_daily, slots=8)
    for _ in range(6):
        stepped.add("letter")
    return stepped


@pytest.fixture
def told(post: Stepped) -> list[Notice]:
    """The notices of that engine."""
    told: list[Notice] = []
    post.journal.board.on_notice(told.append)
    return told


@pytest.fixture
def offline(post: Stepped, told: list[Notice]) -> Stepped:
    """Give that engine once its server cannot be reached any more."""
    go_offline(post)
    return post


@pytest.fixture
def full(post: Stepped, told: list[Notice]) -> Stepped:
    """Give that engine once its server takes no more for now."""
    go_offline(post, FULL)
    return post
