"""What travels with tasks in tests: two variables, and functions of each lane that read them."""

from __future__ import annotations

from contextvars import ContextVar
from decimal import Decimal
from typing import Any

from desktop.engine import task

tenant: ContextVar[Any] = ContextVar("tenant", default="missing")
price: ContextVar[Decimal] = ContextVar("price")


def seen() -> list[Any]:
    return [tenant.get(), price.get(Decimal(0))]


@task(lane="cpu")
def seen_in_a_process() -> list[Any]:
    return seen()


@task
async def seen_in_a_loop() -> list[Any]:
    return seen()
