"""Both ends of an exchange: parts come in order, once, and not more than can be taken in."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from desktop.backend.relay.exchange import AHEAD, KEPT, Body, Ended, Exchange, Heard

pytestmark = pytest.mark.anyio


class Ends:
    """Two ends of one exchange; what one posts arrives at the other twice."""

    def __init__(self) -> None:
        self.here = Exchange(lambda *part: self._arrive(self.there, part))
        self.there = Exchange(lambda *part: self._arrive(self.here, part))

    @staticmethod
    def _arrive(end: Exchange, part: tuple[int, str, bytes]) -> None:
        for _ in range(2):
            end.arrive(*part)


async def test_a_part_that_arrives_twice_is_heard_once() -> None:
    ends = Ends()
    for number in range(3):
        await ends.here.tell({"number": number}, b"x")
    assert [await ends.there.hear() for _ in range(3)] == [
        Heard({"number": number}, b"x") for number in range(3)
    ]
    hearing = asyncio.create_task(ends.there.hear())
    await asyncio.sleep(0)
    assert not hearing.done()
    await ends.here.tell({"number": 3})
    assert (await hearing).head == {"number": 3}


async def test_one_end_waits_for_the_other_to_take_in_what_it_told() -> None:
    ends = Ends()
    for number in range(AHEAD):
        await ends.here.tell({"number": number})
    telling = asyncio.create_task(ends.here.tell({"number": AHEAD}))
    await asyncio.sleep(0)
    assert not telling.done()
    for number in range(AHEAD + 1):
        assert (await ends.there.hear()).head == {"number": number}
    await telling


async def test_what_came_is_heard_before_the_end_and_who_waits_is_told() -> None:
    ends = Ends()
    await ends.here.tell({"number": 1})
    ends.there.end()
    assert (await ends.there.hear()).head == {"number": 1}
    with pytest.raises(Ended):
        await ends.there.hear()
    for number in range(AHEAD - 1):
        await ends.here.tell({"number": number})
    telling = asyncio.create_task(ends.here.tell({}))
    await asyncio.sleep(0)
    ends.here.end()
    with pytest.raises(Ended):
        await telling


async def test_who_leaves_before_anything_was_told_tells_nothing() -> None:
    posted: list[tuple[int, str, bytes]] = []
    Exchange(lambda *part: posted.append(part)).leave()
    assert posted == []


async def test_a_body_is_read_again_from_memory_unless_it_is_large() -> None:
    parts = [b"a", b"b", b"x" * KEPT]
    messages: list[dict[str, Any]] = [
        {"type": "http.request", "body": part, "more_body": True} for part in parts
    ]
    arriving = iter([*messages, {"type": "http.disconnect"}])

    async def receive() -> dict[str, Any]:
        return next(arriving)

    body = Body(receive)
    first = body.again()
    assert [(await first())["body"] for _ in range(2)] == parts[:2]
    again = body.again()
    assert [(await again())["body"] for _ in range(2)] == parts[:2]
    kept = [body.is_kept]
    assert (await again())["body"] == parts[2]
    assert [*kept, body.is_kept, body.is_abandoned] == [True, False, False]
    assert (await again())["type"] == "http.disconnect"
    assert body.is_abandoned
