"""A stepped engine that writes letters and receipts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.engine.stepped import Stepped
from tests.items.reads.letters import letter, receipt


@pytest.fixture
def stepped(make: Callable[..., Stepped]) -> Any:
    engine = make(letter, receipt, slots=8)
    yield engine
    engine.check()
