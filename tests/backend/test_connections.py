"""Which connection is closed where there are too many, and which when it takes too long."""

from __future__ import annotations

import asyncio
import math

import pytest

from desktop.backend import connections as module
from desktop.backend.connections import PATIENCE, Connections, Phase
from tests import WITHIN

pytestmark = pytest.mark.anyio


class Line:
    """A connection that only notes its end."""

    def __init__(self, connections: Connections, *phases: Phase) -> None:
        self.phase: Phase | None = None
        self.aborted = asyncio.Event()
        connections.open(self)
        for phase in phases:
            connections.move(self, phase)

    def abort(self) -> None:
        self.aborted.set()


def aborted(*lines: Line) -> list[bool]:
    return [line.aborted.is_set() for line in lines]


async def test_the_oldest_half_sent_request_makes_room_for_a_new_client(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "FRESH", 0.0)
    connections = Connections(4, PATIENCE)
    answered, stranger = Line(connections, Phase.ANSWER), Line(connections, Phase.STRANGER)
    older, younger = Line(connections), Line(connections)
    newest = Line(connections)
    assert aborted(answered, stranger, older, younger, newest) == [False, False, True, False, False]
    assert len(connections) == 4


async def test_strangers_go_before_fresh_clients_and_those_before_who_knows_the_token(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "FRESH", math.inf)
    connections = Connections(3, PATIENCE)
    lines = [
        Line(connections, Phase.IDLE),
        Line(connections, Phase.STRANGER),
        Line(connections),
        *(Line(connections) for _ in range(2)),
    ]
    assert aborted(*lines) == [False, True, True, False, False]


async def test_what_is_being_answered_stays_and_the_new_client_goes() -> None:
    connections = Connections(2, PATIENCE)
    busy = [Line(connections, phase) for phase in (Phase.ANSWER, Phase.BODY)]
    assert aborted(*busy, Line(connections)) == [False, False, True]
    connections.forget(busy[0])
    assert aborted(Line(connections)) == [False]


@pytest.mark.parametrize("phase", [Phase.HEAD, Phase.BODY, Phase.READER])
async def test_who_takes_too_long_is_cut_off_and_the_others_are_not(phase: Phase) -> None:
    connections = Connections(9, {phase: 0.02})
    other = Line(connections, Phase.ANSWER)
    first, second = Line(connections, phase), Line(connections, phase)
    connections.move(second, phase)  # its time is not restarted
    for late in (first, second):
        await asyncio.wait_for(late.aborted.wait(), WITHIN)
    again = Line(connections, phase)
    await asyncio.wait_for(again.aborted.wait(), WITHIN)
    assert aborted(other) == [False]
    assert len(connections) == 1
