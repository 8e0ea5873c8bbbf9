"""What arrives is taken once, and none of it is taken for what the server has lost in a crash."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any

import pytest

from desktop.backend.relay.relaying import Relaying
from desktop.engine.postgres.relayed import RelayedPart
from tests.looking import eventually

if TYPE_CHECKING:
    from collections.abc import Sequence

pytestmark = pytest.mark.anyio
BEFORE, AFTER = (RelayedPart(1, "spare", exchange, 1, "{}", b"") for exchange in (7, 8))


class Link:
    """A server that crashes, twice, before it has forgotten what was read; then it begins again."""

    def __init__(self) -> None:
        self.woken = asyncio.Event()
        self.is_left = True  # it looks all the time whether to end
        self._reads = chain([[BEFORE], [BEFORE], [AFTER]], repeat([]))
        self._crashes = iter([True, True, False])

    async def arrived(self, _: str) -> Sequence[RelayedPart]:
        return next(self._reads)

    async def forget_parts(self, _: Sequence[int]) -> None:
        if next(self._crashes):
            raise ConnectionError

    async def wait(self, seconds: float) -> bool:
        return bool(seconds)


class Ear(Relaying):
    """Takes what it hears of."""

    def __init__(self) -> None:
        super().__init__("ear", "postgresql://")
        self.taken: list[int] = []

    async def _work(self) -> None:
        link: Any = Link()
        while await self._look(link):
            with suppress(ConnectionError):
                await self._pass_on(link, "here")

    async def _look(self, _: Any) -> bool:
        await asyncio.sleep(0)
        return AFTER.exchange not in self.taken

    def _take(self, arrived: Sequence[RelayedPart]) -> None:
        self.taken += [part.exchange for part in arrived]


async def test_a_part_with_the_number_of_one_from_before_a_crash_of_the_server_is_taken() -> None:
    ear = Ear()
    ear.serve(asyncio.get_running_loop())
    try:
        await asyncio.to_thread(eventually, lambda: AFTER.exchange in ear.taken)
    finally:
        await asyncio.to_thread(ear.end)
    assert ear.taken == [BEFORE.exchange, AFTER.exchange]
