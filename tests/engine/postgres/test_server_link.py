"""The link of a process with the server: what waits there ends when it is told to."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest

from desktop.engine.processes.server.server_link import ServerLink


@pytest.mark.parametrize("turns", range(5))
def test_a_link_that_is_woken_as_it_is_to_end_ends(turns: int) -> None:
    """Else a process that leaves would go on with what it does there, and never end."""

    async def act() -> bool:
        link = ServerLink(cast("Any", None))
        waiting = asyncio.create_task(link.wait(1000.0))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        link.woken.set()
        for _ in range(turns):
            await asyncio.sleep(0)
        is_early = waiting.cancel()
        await asyncio.wait([waiting])
        return waiting.cancelled() or not is_early

    assert asyncio.run(act())
