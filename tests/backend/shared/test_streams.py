"""What many event streams tell: read once, by one thread."""

from __future__ import annotations

import asyncio
import json
import math
from typing import TYPE_CHECKING, Any

import pytest
from anyio import to_thread

from desktop.backend.shared import streams
from desktop.engine.events import journal
from tests import WITHIN

if TYPE_CHECKING:
    import httpx

    from desktop.backend.shared.services import Services

pytestmark = pytest.mark.anyio
LISTENERS = 50


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note each call that takes a thread."""
    taken: list[str] = []
    run_sync = to_thread.run_sync

    async def noted(call: Any, *args: Any) -> Any:
        taken.append(call.__name__)
        return await run_sync(call, *args)

    monkeypatch.setattr(to_thread, "run_sync", noted)
    return taken


async def test_a_change_is_read_once_for_all_streams(
    client: httpx.AsyncClient,
    services: Services,
    threads: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(journal, "FRAMES_IN_ALL", 0.001)  # a frame is shared for that much longer
    listeners = [services.engine.journal.subscribe() for _ in range(LISTENERS)]
    await client.post("/items/1", json={"tasks": ["nothing"], "delay": 600})
    assert all(await asyncio.gather(*(each.changed(WITHIN) for each in listeners)))
    threads.clear()
    frames = await asyncio.gather(*(services.streams.frame(each) for each in listeners))
    assert threads == ["next_frame"]
    assert frames[0] is not None
    assert all(frame is frames[0] for frame in frames)
    assert not any(each.due for each in listeners)


async def test_counts_are_read_once_for_all_streams_until_they_are_old(
    services: Services, threads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "FRESH", math.inf)
    told = await asyncio.gather(
        *(services.streams.stats(services.engine) for _ in range(LISTENERS))
    )
    assert [json.loads(text) for text in set(told)] == [services.engine.stats()]
    assert len(threads) == 1
    monkeypatch.setattr(streams, "FRESH", -1.0)
    monkeypatch.setattr(journal, "PACE_S", -1.0)
    monkeypatch.setattr(journal, "FRAMES_IN_ALL", -1.0)
    await services.streams.stats(services.engine)
    assert len(threads) == 2
