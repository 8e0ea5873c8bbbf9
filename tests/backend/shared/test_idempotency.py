"""First answers are given again, once for each key, and also after a restart."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from desktop.backend.composition import running_services
from desktop.backend.shared import idempotency
from desktop.backend.shared.idempotency import once
from desktop.backend.wire.problems import ProblemError
from desktop.engine.errors import Conflict, NotWritable
from desktop.engine.submission import Idempotency

if TYPE_CHECKING:
    from desktop.backend.shared.services import Services
    from desktop.settings.paths import DataFolder

pytestmark = pytest.mark.anyio

KEY = Idempotency("k", "body")


class Call:
    """Something with an effect, counted."""

    def __init__(self) -> None:
        self.count = 0
        self.begun = asyncio.Event()
        self.let = asyncio.Event()
        self.let.set()

    async def __call__(self) -> int:
        self.count += 1
        self.begun.set()
        await self.let.wait()
        return self.count


async def test_without_a_key_every_call_counts(services: Services) -> None:
    call = Call()
    assert await once(services, None, call) == (1, False)
    assert await once(services, None, call) == (2, False)


async def test_the_same_key_and_body_has_the_first_answer(services: Services) -> None:
    call = Call()
    assert await once(services, KEY, call) == (1, False)
    assert await once(services, KEY, call) == (1, True)
    assert call.count == 1


async def test_another_body_is_a_conflict(services: Services) -> None:
    call = Call()
    await once(services, KEY, call)
    with pytest.raises(Conflict):
        await once(services, Idempotency("k", "other"), call)


async def test_who_comes_while_the_first_is_under_way_waits_for_its_answer(
    services: Services,
) -> None:
    call = Call()
    call.let.clear()
    first = asyncio.create_task(once(services, KEY, call))
    await call.begun.wait()
    second = asyncio.create_task(once(services, KEY, call))
    with pytest.raises(Conflict):
        await once(services, Idempotency("k", "other"), call)
    call.let.set()
    assert await first == (1, False)
    assert await second == (1, True)
    assert not services.under_way


async def test_a_failure_is_not_an_answer(services: Services) -> None:
    async def fail() -> None:
        raise ProblemError(422, "No.")

    with pytest.raises(ProblemError):
        await once(services, KEY, fail)
    assert await once(services, KEY, Call()) == (1, False)


async def test_a_restart_forgets_no_key(folder: DataFolder) -> None:
    call = Call()
    for replayed in (False, True):
        with running_services(folder, None) as services:
            assert await once(services, KEY, call) == (1, replayed)


async def test_what_cannot_be_kept_is_answered_all_the_same(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise NotWritable("The disk is full.")

    monkeypatch.setattr(idempotency, "remember", refuse)
    assert await once(services, KEY, Call()) == (1, False)
